/** How plots look: the same marks in a page, which may be light or dark, and in files of their own. */

/**
 * Colours of stores, in the plan's order: Okabe and Ito's, which readers who are blind to a colour
 * tell apart, darkened or lightened until they have a contrast of 3 with the ground (WCAG 2.2, 1.4.11).
 */
const SERIES_LIGHT = ["#0072b2", "#c95500", "#00875f", "#a8518a", "#8a6a00", "#5b5bd6"];
const SERIES_DARK = ["#5cb8ee", "#f79256", "#3fcf9f", "#e39ac8", "#e4bd45", "#a9a9ff"];

/** How many stores have a colour of their own; further ones begin anew. */
export const SERIES_COLOURS = SERIES_LIGHT.length;

const variables = (colours: readonly string[]) =>
  colours.map((colour, index) => `--c${index + 1}: ${colour};`).join(" ");

/** The series' colours on a light ground and on a dark one, as CSS declarations. */
export const SERIES_VARIABLES = {
  light: variables(SERIES_LIGHT),
  dark: variables(SERIES_DARK),
};

/** A rule for each colour of a series. */
const SERIES_RULES = SERIES_LIGHT.map((_, index) =>
  `.plot .c${index + 1} { color: var(--c${index + 1}); }`
).join("\n");

/** Rules for everything in a plot; the colours are variables that the page or the file sets. */
export const PLOT_STYLE =
  `.plot text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: var(--ink); font-variant-numeric: tabular-nums; paint-order: stroke; stroke: var(--page); stroke-width: 4px; stroke-linejoin: round; }
.plot .soft { fill: var(--soft); }
.plot .head { font-weight: 600; }
.plot .met { fill: var(--good); }
.plot .missed { fill: var(--bad); }
.plot .inconclusive, .plot .met-in-one-run { fill: var(--open); }
.plot .grid { fill: none; stroke: var(--rule); }
.plot .ref { fill: none; stroke: var(--ink); stroke-width: 1.5; }
.plot .edge { fill: none; stroke: var(--soft); }
.plot .fill { fill: currentColor; }
.plot .area { fill: currentColor; opacity: 0.22; }
.plot .ring { fill: var(--page); stroke: currentColor; stroke-width: 1.8; }
.plot .line { fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linejoin: round; }
.plot .thin { fill: none; stroke: currentColor; stroke-width: 1; opacity: 0.5; }
.plot .dots { fill: none; stroke: currentColor; stroke-width: 3; stroke-linecap: round; opacity: 0.6; }
.plot .bars { fill: none; stroke: currentColor; stroke-width: 1.6; opacity: 0.4; }
.plot .box { fill: none; stroke: currentColor; stroke-width: 3; opacity: 0.55; }
.plot .fence { fill: none; stroke: var(--soft); stroke-width: 1.2; }
.plot .severe { stroke-dasharray: 1.5 1.5; }
.plot .d2 { stroke-dasharray: 7 3; }
.plot .d3 { stroke-dasharray: 2 2.5; }
.plot .d4 { stroke-dasharray: 8 3 2 3; }
.plot .d5 { stroke-dasharray: 4 4; }
.plot .d6 { stroke-dasharray: 12 3; }
.plot .cursor { fill: none; stroke: var(--ink); stroke-width: 1.6; }
.plot .other { color: var(--soft); }
${SERIES_RULES}
`;
