/** The style sheet of HTML reports: light and dark by the reader's choice, and a print version. */
import { PLOT_STYLE, SERIES_VARIABLES } from "../plots/mod.ts";

/** Everything that a report's page is styled by. */
export const STYLE = `:root {
  color-scheme: light dark;
  --page: #fdfdfc;
  --raised: #f4f4f1;
  --ink: #1d2126;
  --soft: #5b646e;
  --rule: #dcdcd6;
  --accent: #0b6380;
  --good: #1c6b37;
  --bad: #b3261e;
  --open: #7d5700;
  ${SERIES_VARIABLES.light}
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a;
    --raised: #1d2125;
    --ink: #e4e6e8;
    --soft: #a0a8b0;
    --rule: #343a40;
    --accent: #6cc4e0;
    --good: #7ccf94;
    --bad: #ff9a90;
    --open: #e9bf62;
    ${SERIES_VARIABLES.dark}
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0;
  background: var(--page);
  color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: break-word;
}
main { max-width: 60rem; margin: 0 auto; padding: 1.5rem 1.25rem 4rem; }
main.report { max-width: 116rem; padding-top: 1rem; }
.first > p { max-width: 60rem; }
.first td { padding-top: 0.3rem; padding-bottom: 0.3rem; }
.first .table:has(th:nth-child(5)) td code { white-space: normal; overflow-wrap: anywhere; }
.first .table:has(th:nth-child(5)) td:first-child { min-width: 9rem; }
.first .table:has(th:nth-child(5)) .interval { display: inline-block; white-space: normal; }
.anchor { text-decoration: none; padding-left: 0.35em; font-weight: 400; opacity: 0; }
.anchor::before { content: "#"; }
:is(h1, h2, h3):hover > .anchor, .folded > .anchor, .anchor:focus-visible { opacity: 1; }
.folded > .anchor { font-size: 0.875rem; padding: 0; }
.folded > .anchor::before { content: "# link to this section"; }
h1, h2, h3 { line-height: 1.25; text-wrap: balance; }
h1 { font-size: 2rem; letter-spacing: -0.01em; margin: 0 0 1rem; }
h2 { font-size: 1.375rem; margin: 2.75rem 0 0.75rem; padding-top: 0.75rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1.0625rem; margin: 1.75rem 0 0.5rem; }
p, ul { margin: 0.5rem 0; max-width: 46rem; }
ul { padding-left: 1.25rem; }
li { margin: 0.25rem 0; }
code, pre { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { font-size: 0.875em; overflow-wrap: anywhere; }
:not(pre) > code { background: var(--raised); border-radius: 3px; padding: 0.1em 0.3em; }
pre {
  background: var(--raised);
  border: 1px solid var(--rule);
  border-radius: 6px;
  padding: 0.75rem 1rem;
  overflow-x: auto;
  font-size: 0.8125rem;
  line-height: 1.5;
}
pre code { font-size: inherit; overflow-wrap: normal; }
.table { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; font-size: 0.9063rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.4rem 0.9rem 0.4rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); }
th { color: var(--soft); font-weight: 600; white-space: nowrap; vertical-align: bottom; }
.sort { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; text-align: inherit; }
.sort:hover { color: var(--ink); }
.sort::after { content: "↕"; padding-left: 0.3em; opacity: 0.5; font-weight: 400; }
[aria-sort="ascending"] .sort::after { content: "↑"; opacity: 1; }
[aria-sort="descending"] .sort::after { content: "↓"; opacity: 1; }
td { overflow-wrap: normal; }
td:first-child { min-width: 5rem; }
td:last-child:not(.number) { min-width: 9rem; }
td code { overflow-wrap: normal; white-space: nowrap; }
.table.stacked { overflow-x: visible; }
.stacked table, .stacked tbody, .stacked tr { display: block; }
.stacked thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.stacked tr { padding: 0.5rem 0; border-bottom: 1px solid var(--rule); }
.stacked td, .stacked td:first-child, .stacked td:last-child:not(.number) { display: block; min-width: 0; border: 0; padding: 0.1rem 0; text-align: left; overflow-wrap: anywhere; }
.stacked td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); }
.stacked td:first-child { font-weight: 600; }
.stacked td code { white-space: normal; overflow-wrap: anywhere; }
.stacked .number, .stacked .quantity, .stacked .interval, .stacked .status { white-space: normal; }
.stacked tr[hidden] { display: none; }
.filter { font-size: 0.9063rem; margin: 0.75rem 0 -0.5rem; }
.filter input { font: inherit; color: inherit; background: var(--page); border: 1px solid var(--soft); border-radius: 6px; padding: 0.2rem 0.5rem; width: 14rem; max-width: 100%; }
.filter output { color: var(--soft); padding-left: 0.6rem; }
th:last-child, td:last-child { padding-right: 0; }
.number { text-align: right; }
.interval, .quantity { white-space: nowrap; }
.interval { color: var(--soft); }
.interval.long { white-space: normal; }
.aside { display: block; font-size: 0.8125rem; font-weight: 400; color: var(--soft); }
.status { white-space: nowrap; }
.met, .supported, .improved { color: var(--good); }
.missed, .refuted, .regressed { color: var(--bad); }
.inconclusive, .met-in-one-run { color: var(--open); }
.not-measured, .unchanged, .too-small-to-matter, .usual, .missing, .too-few-nights { color: var(--soft); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); column-gap: 2rem; align-items: start; }
figure { margin: 1.25rem 0 0.5rem; max-width: 44rem; min-width: 0; }
.save { font: inherit; font-size: 0.875rem; color: var(--accent); background: none; border: 0; padding: 0; cursor: pointer; }
.save:hover { text-decoration: underline; }
figure svg { display: block; width: 100%; height: auto; }
figcaption { font-size: 0.875rem; line-height: 1.5; color: var(--soft); margin: 0.5rem 0 0.25rem; }
figcaption strong { color: var(--ink); }
figure .reading { display: block; min-height: 1.5em; font-size: 0.875rem; line-height: 1.5; color: var(--ink); font-variant-numeric: tabular-nums; }
figure details { font-size: 0.875rem; color: var(--soft); }
figure .table { margin: 0.25rem 0; }
figure table { font-size: 0.8125rem; }
figure td:first-child, figure td:last-child:not(.number) { min-width: 0; }
figure .number { white-space: nowrap; }
${PLOT_STYLE}a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
summary { cursor: pointer; }
.folded > summary { margin-top: 2.75rem; padding-top: 0.75rem; border-top: 1px solid var(--rule); }
.folded > summary :is(h2, h3) { display: inline; border: 0; margin: 0; padding: 0; }
.folded .folded > summary, .folded:has(> summary > h3) > summary { margin-top: 0.75rem; padding-top: 0; border-top: 0; }
nav { margin: 1.5rem 0 0; font-size: 0.9063rem; }
nav summary { color: var(--soft); font-weight: 600; }
nav ol { margin: 0.5rem 0 0; padding: 0; list-style: none; columns: 14rem; }
nav li { margin: 0; padding: 0.15rem 0; break-inside: avoid; }
nav .part { padding-left: 1rem; }
nav a { text-decoration: none; overflow-wrap: anywhere; }
nav a:hover { text-decoration: underline; }
@media (max-width: 40rem) {
  main.report { padding: 0.75rem 1rem 3rem; }
  .first h1 { font-size: 1.375rem; margin-bottom: 0.5rem; }
  .first { font-size: 0.9375rem; line-height: 1.45; }
  .first .table { margin: 0.5rem 0; }
  .first table { width: 100%; font-size: 0.875rem; }
  .first td, .first th { padding: 0.2rem 0.5rem 0.2rem 0; line-height: 1.35; }
  .first td:first-child { min-width: 0; }
  .first .interval { display: block; font-size: 0.8125rem; white-space: normal; }
  .first figure { margin: 0.5rem 0; }
}
@media (min-width: 60rem) {
  .first:has(> figure):not(:has(> .table th:nth-child(5))) { display: grid; grid-template-columns: minmax(min-content, 1fr) minmax(20rem, 1fr); grid-template-rows: auto auto; grid-auto-rows: min-content; column-gap: 2.5rem; align-items: start; }
  .first:has(> figure):not(:has(> .table th:nth-child(5))) > * { grid-column: 1; }
  .first:has(> figure) :is(td code, th, th button) { white-space: normal; overflow-wrap: anywhere; }
  .first:has(> figure):not(:has(> .table th:nth-child(5))) > h1, .first:has(> figure):not(:has(> .table th:nth-child(5))) > h1 + p { grid-column: 1 / -1; }
  .first:not(:has(> .table th:nth-child(5))) > figure { grid-column: 2; grid-row: 3 / span 6; margin-top: 1rem; }
}
@media (min-width: 75rem) {
  main.report { display: grid; grid-template-columns: 13rem minmax(0, 1fr); grid-template-rows: auto 1fr; column-gap: 2.5rem; padding-left: 1.5rem; }
  .report > .first, .report > .rest { grid-column: 2; }
  nav { grid-column: 1; grid-row: 1 / span 2; position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding: 0.5rem 0 2rem; margin: 0; }
  nav ol { columns: auto; }
  nav summary { list-style: none; pointer-events: none; }
  nav details::details-content { content-visibility: visible; block-size: auto; }
}
@media print {
  :root { --page: #fff; --raised: #f6f6f6; --ink: #000; --soft: #444; --rule: #bbb; --good: #000; --bad: #000; --open: #000; ${SERIES_VARIABLES.light} }
  body { font-size: 10pt; }
  nav, .filter, .save, .anchor { display: none; }
  main, main.report { display: block; max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  tr, pre, figure { break-inside: avoid; }
  figure details, figure .reading, .sort::after { display: none; }
  pre { white-space: pre-wrap; }
  .table { overflow: visible; }
  details.folded::details-content { content-visibility: visible; block-size: auto; }
}
`;
