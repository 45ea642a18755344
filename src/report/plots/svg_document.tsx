/** A drawing as an SVG file of its own. */
import type { Figure } from "../document.ts";
import { writeXml } from "../html/markup.tsx";
import { inlineText } from "../inline_text.ts";
import { oneLine } from "../plain_text.ts";
import { PLOT_STYLE, SERIES_VARIABLES } from "./style.ts";

/** Room around the drawing in a file of its own. */
const FRAME = 12;

/**
 * The drawing as a file. It brings its own ground and colours, because what shows it may be light or
 * dark and gives it neither, and says its caption and its numbers as text.
 */
export function standaloneSvg({ drawing, title, caption, numbers }: Figure): string {
  const [width, height] = [drawing.width + 2 * FRAME, drawing.height + 2 * FRAME];
  const cells = (row: readonly string[]) => row.join("; ");
  const description = [
    oneLine(caption),
    cells(numbers.columns.map(({ header }) => oneLine(header))),
    ...numbers.rows.map((row) => cells(row.map(({ content }) => inlineText(content)))),
  ].join("\n");
  const svg = writeXml(
    <svg
      xmlns="http://www.w3.org/2000/svg"
      class="plot"
      viewBox={`${-FRAME} ${-FRAME} ${width} ${height}`}
      width={width}
      height={height}
      role="img"
    >
      {"\n"}
      <title>{oneLine(title)}</title>
      {"\n"}
      <desc>{description}</desc>
      {"\n"}
      <style>{`\n${FILE_STYLE}${PLOT_STYLE}`}</style>
      {"\n"}
      <rect class="page" x={-FRAME} y={-FRAME} width={width} height={height} rx={6} />
      {"\n"}
      {drawing.marks}
      {"\n"}
    </svg>,
  );
  return `${svg}\n`;
}

/** The page's own colours, for a reader's light and dark alike. */
const FILE_STYLE = `.plot { --page: #fdfdfc; --ink: #1d2126; --soft: #5b646e; --rule: #dcdcd6;
  --good: #1c6b37; --bad: #b3261e; --open: #7d5700; ${SERIES_VARIABLES.light} }
@media (prefers-color-scheme: dark) {
  .plot { --page: #14171a; --ink: #e4e6e8; --soft: #a0a8b0; --rule: #343a40;
    --good: #7ccf94; --bad: #ff9a90; --open: #e9bf62; ${SERIES_VARIABLES.dark} }
}
.plot .page { fill: var(--page); }
`;
