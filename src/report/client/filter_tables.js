// Gives every long table of a page a field that narrows its rows to those with some words. Run in the
// reader's browser, without modules.
(() => {
  /** Fewer rows than this are seen at a glance. */
  const LEAST_ROWS = 9;

  for (const box of document.querySelectorAll(".table")) {
    const body = box.querySelector("tbody");
    if (body === null || body.rows.length < LEAST_ROWS || box.id !== "") continue;
    const line = document.createElement("div");
    line.className = "filter";
    const input = document.createElement("input");
    input.type = "search";
    input.placeholder = "Filter rows";
    input.ariaLabel = `Filter the rows of: ${box.ariaLabel ?? "table"}`;
    const found = document.createElement("output");
    line.append(input, found);
    box.before(line);
    const update = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of body.rows) {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
        if (!row.hidden) shown++;
      }
      found.textContent = words.length === 0 ? "" : `${shown} of ${body.rows.length} rows`;
    };
    input.addEventListener("input", update);
  }
})();
