/** Figures: what an analysis and its samples look like, as SVG in text. */
export { bootstrapFigure } from "./bootstrap_figure.ts";
export { comparisonFigure } from "./comparison_figure.ts";
export { decompositionFigure } from "./decomposition_figure.ts";
export { layersFigure } from "./layers_figure.ts";
export { distributionFigure } from "./distribution_figure.ts";
export { ladderFigure } from "./ladder_figure.ts";
export { linearFigure } from "./linear_figure.ts";
export type { Measured } from "./marks.ts";
export { nodesFigure } from "./nodes_figure.ts";
export { orderFigure } from "./order_figure.ts";
export { overheadFigures } from "./overhead_figure.ts";
export { quantileFigure } from "./quantile_figure.ts";
export { type OfferedRate, rateFigure } from "./rate_figure.ts";
export { PLOT_STYLE, SERIES_VARIABLES } from "./style.ts";
export { standaloneSvg } from "./svg_document.tsx";
export { targetsFigure } from "./targets_figure.ts";
export { timesFigure } from "./times_figure.ts";
export { windowsFigure } from "./windows_figure.ts";
