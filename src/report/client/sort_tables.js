// Makes the tables of a page sortable: a button in each header; a third click brings the first order
// back. Run in the reader's browser, without modules.
(() => {
  const SIZES = {
    ps: 1e-3,
    ns: 1,
    "µs": 1e3,
    ms: 1e6,
    s: 1e9,
    KiB: 1024,
    MiB: 1024 ** 2,
    GiB: 1024 ** 3,
  };

  /** What a cell is sorted by: its number in one unit for all, or its text. */
  const keyOf = (cell) => {
    const text = (cell?.dataset.sort ?? cell?.textContent ?? "").trim();
    const found = /^[^\d+\u2212-]{0,3}([+\u2212-]?[\d,]*\.?\d+(?:e[+-]?\d+)?)\s*([a-zA-Zµ]*)/.exec(
      text,
    );
    if (found === null) return text === "" || text === "–" ? null : text;
    const number = Number(found[1].replaceAll(",", "").replace("\u2212", "-"));
    return Number.isNaN(number) ? text : number * (SIZES[found[2]] ?? 1);
  };

  /** Numbers come before words, as "not measured" is. */
  const compare = (a, b) =>
    typeof a !== typeof b
      ? typeof a === "number" ? -1 : 1
      : typeof a === "number"
      ? a - b
      : String(a).localeCompare(String(b), "en", { numeric: true });

  const sort = (table, column, order) => {
    const body = table.tBodies[0];
    const rows = [...body.rows];
    for (const [i, row] of rows.entries()) row.dataset.place ??= String(i);
    const keyed = rows.map((row) => ({
      row,
      place: Number(row.dataset.place),
      key: order === "none" ? null : keyOf(row.cells[column]),
    }));
    // What has no value stands at the end, whichever way.
    keyed.sort((a, b) =>
      (a.key === null) - (b.key === null) ||
      (a.key === null ? 0 : compare(a.key, b.key) * (order === "ascending" ? 1 : -1)) ||
      a.place - b.place
    );
    body.append(...keyed.map(({ row }) => row));
  };

  const NEXT = { none: "ascending", ascending: "descending", descending: "none" };

  for (const table of document.querySelectorAll("table")) {
    const head = table.tHead?.rows[0];
    if (head === undefined || (table.tBodies[0]?.rows.length ?? 0) < 2) continue;
    for (const [column, cell] of [...head.cells].entries()) {
      if (cell.textContent.trim() === "" || cell.dataset.sort === "no") continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...cell.childNodes);
      cell.append(button);
      button.addEventListener("click", () => {
        const order = NEXT[cell.ariaSort ?? "none"] ?? "ascending";
        for (const other of head.cells) other.ariaSort = null;
        cell.ariaSort = order === "none" ? null : order;
        sort(table, column, order);
      });
    }
  }
})();
