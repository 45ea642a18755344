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
th:last-child, td:last-child { padding-right: 0; }
.number { text-align: right; }
.interval, .quantity { white-space: nowrap; }
.interval { color: var(--soft); }
.aside { display: block; font-size: 0.8125rem; font-weight: 400; color: var(--soft); }
.status { white-space: nowrap; }
.met, .supported, .improved { color: var(--good); }
.missed, .refuted, .regressed { color: var(--bad); }
.inconclusive, .met-in-one-run { color: var(--open); }
.not-measured, .unchanged, .too-small-to-matter, .usual, .missing, .too-few-nights { color: var(--soft); }
figure { display: inline-block; vertical-align: top; width: min(100%, 27rem); margin: 1.25rem 1.25rem 0.5rem 0; }
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
.folded > summary h2 { display: inline; border: 0; margin: 0; padding: 0; }
nav { max-width: 60rem; margin: 0 auto; padding: 1rem 1.25rem 0; font-size: 0.9063rem; }
nav summary { color: var(--soft); font-weight: 600; }
nav ol { margin: 0.5rem 0 0; padding: 0; list-style: none; columns: 14rem; }
nav li { margin: 0; padding: 0.15rem 0; break-inside: avoid; }
nav .part { padding-left: 1rem; }
nav a { text-decoration: none; }
nav a:hover { text-decoration: underline; }
@media (min-width: 82rem) {
  body { display: grid; grid-template-columns: 15rem minmax(0, 62rem); justify-content: center; column-gap: 2rem; }
  nav { position: sticky; top: 0; align-self: start; max-height: 100vh; overflow-y: auto; padding: 2rem 0 2rem 1rem; margin: 0; }
  nav ol { columns: auto; }
  main { margin: 0; padding-top: 2rem; }
}
@media print {
  :root { --page: #fff; --raised: #f6f6f6; --ink: #000; --soft: #444; --rule: #bbb; --good: #000; --bad: #000; --open: #000; ${SERIES_VARIABLES.light} }
  body { font-size: 10pt; display: block; }
  nav { display: none; }
  main { max-width: none; padding: 0; }
  h2, h3 { break-after: avoid; }
  tr, pre, figure { break-inside: avoid; }
  figure details, figure .reading, .sort::after { display: none; }
  pre { white-space: pre-wrap; }
  .table { overflow: visible; }
  details.folded::details-content { content-visibility: visible; block-size: auto; }
}
`;
