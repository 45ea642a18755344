// Tells the value of the sample under the pointer, in figures that draw a mark for each. It is read
// off the drawing, whose marks lie within a twentieth of a pixel; hence the sign for "about". Run in
// the reader's browser, without modules.
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  /** How far from a mark the pointer may be, px of the drawing. */
  const REACH = 12;
  const UNITS = [[1e9, "s"], [1e6, "ms"], [1e3, "µs"], [1, "ns"], [1e-3, "ps"]];

  const time = (ns) => {
    const [size, unit] = UNITS.find(([size]) => ns >= size) ?? UNITS.at(-1);
    return `${Number((ns / size).toPrecision(3))} ${unit}`;
  };

  /** The marks of a path as their places; a stroke has two ends. */
  const marksOf = (path) => {
    const marks = [];
    let [x, y] = [0, 0];
    const steps = path.getAttribute("d").matchAll(/([MmV])(-?[\d.]+)(?: (-?[\d.]+))?/g);
    for (const [, step, a, b] of steps) {
      if (step === "V") {
        marks.at(-1).end = Number(a);
        continue;
      }
      [x, y] = step === "M" ? [Number(a), Number(b)] : [x + Number(a), y + Number(b)];
      marks.push({ x, y, end: y });
    }
    return marks;
  };

  /** What a run's samples say of themselves. */
  const runOf = (group) => {
    const [along, scale, ...numbers] = group.dataset.axis.split(" ");
    const [low, high, from, to] = numbers.map(Number);
    const [count, bundle] = group.dataset.count.split(" ").map(Number);
    const marks = marksOf(group.querySelector(".dots, .bars"));
    const value = (place) => {
      const share = (place - from) / (to - from);
      return scale === "log" ? low * (high / low) ** share : low + (high - low) * share;
    };
    const say = (mark, index) => {
      const name = group.dataset.samples;
      // On an axis from left to right marks stand in the order of their values, not of time.
      if (along === "x") return `${name}: a sample of ≈ ${time(value(mark.x))}`;
      if (bundle === 1) {
        return `${name}, sample ${index + 1} of ${count}: ≈ ${time(value(mark.y))}`;
      }
      const last = Math.min(count, (index + 1) * bundle);
      const [from, to] = [time(value(mark.y)), time(value(mark.end))];
      return `${name}, samples ${index * bundle + 1} to ${last} of ${count}: ≈ ${from} to ${to}`;
    };
    return { marks, say };
  };

  /** The mark nearest to a point, and what it says. */
  const nearest = (runs, { x, y }) => {
    let found = { distance: REACH };
    for (const { marks, say } of runs) {
      for (const [index, mark] of marks.entries()) {
        const [top, bottom] = [Math.min(mark.y, mark.end), Math.max(mark.y, mark.end)];
        const away = Math.max(top - y, y - bottom, 0);
        const distance = Math.hypot(mark.x - x, away);
        if (distance < found.distance) found = { distance, mark, text: () => say(mark, index) };
      }
    }
    return found.mark === undefined ? undefined : found;
  };

  for (const svg of document.querySelectorAll("figure > svg")) {
    const groups = [...svg.querySelectorAll("[data-samples]")];
    if (groups.length === 0) continue;
    let runs;
    const output = document.createElement("output");
    output.className = "reading";
    svg.after(output);
    const cursor = document.createElementNS(SVG, "circle");
    cursor.setAttribute("class", "cursor");
    cursor.setAttribute("r", "4.5");
    const clear = () => {
      cursor.remove();
      output.textContent = "";
    };
    svg.addEventListener("pointermove", (event) => {
      runs ??= groups.map(runOf);
      const toDrawing = svg.getScreenCTM()?.inverse();
      if (!toDrawing) return;
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(toDrawing);
      const found = nearest(runs, point);
      if (found === undefined) return clear();
      const { x, y, end } = found.mark;
      cursor.setAttribute("cx", x);
      cursor.setAttribute("cy", (y + end) / 2);
      svg.append(cursor);
      output.textContent = found.text();
    });
    svg.addEventListener("pointerleave", clear);
  }
})();
