// Lays out the rows of a table that is wider than its place below one another, so that nothing of it
// is cut off; each value gets its column's name. Run in the reader's browser, without modules.
(() => {
  /** A browser forgets that rows are a table's where they are laid out otherwise: so it is told. */
  const ROLES = { table: "table", thead: "rowgroup", tbody: "rowgroup", tr: "row", td: "cell" };

  const label = (table) => {
    const headers = [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim());
    for (const row of table.tBodies[0].rows) {
      for (const [i, cell] of [...row.cells].entries()) {
        // The first one names the row, and needs no name.
        if (i > 0) cell.dataset.label = headers[i];
      }
    }
    table.role = ROLES.table;
    for (const [name, role] of Object.entries(ROLES)) {
      for (const each of table.querySelectorAll(name)) each.role = role;
    }
    for (const cell of table.tHead.rows[0].cells) cell.role = "columnheader";
  };

  const fit = (box, table) => {
    box.classList.remove("stacked");
    if (box.scrollWidth <= box.clientWidth) return;
    if (table.role === null) label(table);
    box.classList.add("stacked");
  };

  const widths = new WeakMap();
  const observer = new ResizeObserver((entries) => {
    for (const { target: box } of entries) {
      // Its height changes when it is laid out anew, and says nothing.
      if (box.clientWidth === 0 || widths.get(box) === box.clientWidth) continue;
      widths.set(box, box.clientWidth);
      fit(box, box.querySelector("table"));
    }
  });
  for (const box of document.querySelectorAll(".table")) {
    if (box.querySelector("thead tr") !== null) observer.observe(box);
  }
})();
