/** Tables as HTML: of reports, of figures' numbers, and of the history's pages. */
import type { Table } from "../document.ts";
import { Inlines } from "./inline.tsx";
import { onLines } from "./markup.tsx";

/** What a page adds to a table for its own style and scripts. */
interface TableLook {
  id?: string;
  /** More classes of the table's box. */
  look?: string;
  /** A cell's classes beside that of numbers, by the places of its row and its column. */
  cell?: (row: number, column: number) => string;
  /** Attributes of a row, by its place. */
  row?: (index: number) => Record<`data-${string}`, string>;
  /**
   * Whether the page's style lays rows out otherwise where it is narrow, by which a browser forgets
   * that they are a table's; then every element says so. @default false
   */
  stacked?: boolean;
}

/** A table in a box of its own: one wider than the page scrolls by itself, for the keyboard too. */
export function TableView({ table, id, look, cell, row, stacked = false }: TableLook & {
  table: Table;
}) {
  const role = (name: "table" | "rowgroup" | "row" | "columnheader" | "cell") =>
    stacked ? name : undefined;
  const numbers = table.columns.map(({ align }) => align === "right" ? "number" : undefined);
  const classOf = (index: number, i: number) => {
    if (cell === undefined) return numbers[i];
    return numbers[i] === undefined ? cell(index, i) : `${numbers[i]} ${cell(index, i)}`;
  };
  const head = table.columns.map(({ header, sortable = true }, i) => (
    <th
      role={role("columnheader")}
      scope="col"
      class={numbers[i]}
      data-sort={sortable ? undefined : "no"}
    >
      {header}
    </th>
  ));
  const rows = table.rows.map((cells, index) => (
    <tr role={role("row")} {...row?.(index)}>
      {cells.map(({ content, sort }, i) => (
        <td role={role("cell")} class={classOf(index, i)} data-sort={sort}>
          <Inlines of={content} />
        </td>
      ))}
    </tr>
  ));
  return (
    <div
      class={look === undefined ? "table" : `table ${look}`}
      id={id}
      tabindex={0}
      role="region"
      aria-label={table.label ?? "Table"}
    >
      {"\n"}
      <table role={role("table")}>
        {"\n"}
        <thead role={role("rowgroup")}>
          <tr role={role("row")}>{head}</tr>
        </thead>
        {"\n"}
        <tbody role={role("rowgroup")}>
          {"\n"}
          {onLines(rows)}
        </tbody>
        {"\n"}
      </table>
      {"\n"}
    </div>
  );
}
