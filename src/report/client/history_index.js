// Narrows the index of the history to what is asked for. Run in the reader's browser.
(() => {
  const form = document.getElementById("filter");
  const rows = [...document.querySelectorAll("#series tbody tr")];
  const found = document.getElementById("found");
  const text = document.getElementById("filter-text");
  const node = document.getElementById("filter-node");
  const noteworthy = document.getElementById("filter-news");
  const update = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const name = row.cells[0].textContent.toLowerCase();
      const fits = words.every((word) => name.includes(word)) &&
        (node === null || node.value === "" || row.dataset.node === node.value) &&
        (!noteworthy.checked || row.dataset.news === "yes");
      row.hidden = !fits;
      if (fits) shown++;
    }
    found.textContent = shown === rows.length ? "" : `${shown} of ${rows.length} rows`;
  };
  for (const control of [text, node, noteworthy]) control?.addEventListener("input", update);
  // The browser may have kept what was typed when the page was left.
  update();
  form.hidden = false;
})();
