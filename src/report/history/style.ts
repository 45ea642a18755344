/** What the history's pages look like beyond what every report does. */
import { STYLE } from "../html/style.ts";

/** Everything that a page of the history is styled by; uPlot's own rules stand beside it. */
export const HISTORY_STYLE = `${STYLE}
main { max-width: 78rem; }
.soft { color: var(--soft); }
.crumbs { font-size: 0.9063rem; margin: 0 0 0.75rem; max-width: none; }
.facts { color: var(--soft); max-width: none; }
.tally { display: flex; flex-wrap: wrap; gap: 0.5rem; list-style: none; padding: 0; margin: 1rem 0; max-width: none; }
.tally li { margin: 0; padding: 0.35rem 0.8rem; border: 1px solid var(--rule); border-radius: 99px; background: var(--raised); font-variant-numeric: tabular-nums; }
.tally .regressed, .tally .improved { border-color: currentColor; font-weight: 600; }
.news { list-style: none; padding: 0; max-width: none; }
.news .aside { font-size: 0.875rem; }
.news li { padding: 0.4rem 0; border-bottom: 1px solid var(--rule); margin: 0; }
form { display: flex; flex-wrap: wrap; gap: 0.75rem 1.25rem; align-items: center; margin: 1rem 0 0; font-size: 0.9063rem; }
input[type="search"], select, .ranges button {
  font: inherit; color: inherit; background: var(--page); border: 1px solid var(--soft); border-radius: 6px; padding: 0.3rem 0.6rem;
}
input[type="search"] { width: 16rem; max-width: 100%; }
#series table { width: 100%; }
#series td { vertical-align: middle; }
#series td.name { overflow-wrap: anywhere; min-width: 13rem; font-weight: 600; }
#series .others { min-width: 8rem; font-size: 0.8438rem; }
#series .others a { white-space: nowrap; }
#series tr[hidden] { display: none; }
.spark { display: block; }
.spark .trend { fill: none; stroke: var(--c1); stroke-width: 1.4; stroke-linejoin: round; stroke-linecap: round; }
.spark .shift { stroke: var(--ink); stroke-width: 1; stroke-dasharray: 2 2; }
.spark .dot { fill: var(--c1); }
.spark .improved { fill: var(--good); }
.spark .regressed { fill: var(--bad); }
.tonight { display: flex; flex-wrap: wrap; gap: 0.5rem 2.5rem; margin: 1rem 0; padding: 0.9rem 1.1rem; background: var(--raised); border: 1px solid var(--rule); border-radius: 8px; }
.tonight div { margin: 0; }
.tonight dt { font-size: 0.8125rem; color: var(--soft); }
.tonight dd { margin: 0; font-variant-numeric: tabular-nums; }
.tonight .big { font-size: 1.25rem; font-weight: 600; }
.siblings { font-size: 0.9063rem; max-width: none; }
h1 code { background: none; padding: 0; }
.nights td { white-space: nowrap; }
.nights td:first-child { min-width: 0; }
.nights td:last-child { white-space: normal; }
#chart { min-height: 340px; margin: 0.5rem 0; overflow: hidden; }
#reading { min-height: 1.6em; font-variant-numeric: tabular-nums; max-width: none; overflow-wrap: anywhere; }
#controls { display: flex; flex-wrap: wrap; gap: 0.5rem 1.25rem; align-items: center; justify-content: space-between; }
#controls[hidden] { display: none; }
.ranges { display: flex; gap: 0.4rem; flex-wrap: wrap; }
.ranges button { cursor: pointer; font-size: 0.875rem; }
.ranges button[aria-pressed="true"] { background: var(--accent); border-color: var(--accent); color: var(--page); }
.keys { font-size: 0.8125rem; color: var(--soft); margin: 0; }
.u-select { background: var(--accent); opacity: 0.15; }
.u-hz .u-cursor-x, .u-vt .u-cursor-y { border-color: var(--soft); }
@media (max-width: 62rem) {
  #series, #series table, #series tbody { display: block; }
  #series thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  #series tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.1rem 1rem; padding: 0.75rem 0; border-bottom: 1px solid var(--rule); }
  #series td, #series td.name, #series .others { border: 0; padding: 0; min-width: 0; text-align: left; }
  #series td.name, #series .last, #series .others { grid-column: 1 / -1; }
  #series td.name { order: -2; }
  #series .verdict { grid-column: 1 / -1; order: -1; }
  #series .change { text-align: right; }
  #series .trend-cell { grid-column: 1 / -1; margin: 0.25rem 0; }
  #series .last::before { content: "Last change: "; color: var(--soft); }
  #series .others::before { content: "Also: "; color: var(--soft); }
  #series .empty { display: none; }
}
@media print { form, #controls { display: none; } .spark { print-color-adjust: exact; } }
`;
