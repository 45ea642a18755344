// Draws a series of the history with uPlot, and makes the table of all its nights. Run in the reader's
// browser, after uPlot, without modules.
/* global uPlot */
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const box = document.getElementById("chart");
  const reading = document.getElementById("reading");
  const count = data.values.length;
  const DAY = 86_400;
  const start = Date.parse(`${data.first}T00:00:00Z`) / 1000;
  const times = data.values.map((_, i) => start + i * DAY);
  const nightOf = (i) => new Date(times[i] * 1000).toISOString().slice(0, 10);

  /** The value at a position of what is held as changes. */
  const valueAt = (runs, at) => {
    let [low, high] = [0, runs.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (runs[middle][0] <= at) low = middle;
      else high = middle - 1;
    }
    return runs[low]?.[1] ?? null;
  };
  const reports = new Map(data.reports);
  const reportOf = (i) => {
    const path = reports.get(i);
    return path === undefined
      ? null
      : data.reportBase + path.split("/").map(encodeURIComponent).join("/");
  };

  const format = (value) =>
    value.toLocaleString("en-US", {
      minimumSignificantDigits: data.digits,
      maximumSignificantDigits: data.digits,
    });
  const interval = (i) =>
    data.lows[i] === null || data.highs[i] === null
      ? ""
      : `${format(data.lows[i])}–${format(data.highs[i])}`;
  const anomalies = new Set(data.anomalies);
  const shifts = data.shifts;
  const cuts = data.estimators.slice(1).map(([at]) => at);

  /** A night as one line of text. */
  const tell = (i) => {
    const value = data.values[i];
    if (value === null) return `${nightOf(i)}: no value: ${valueAt(data.reasons, i) ?? "unknown"}`;
    const runs = valueAt(data.runs, i);
    const parts = [
      `${format(value)} ${data.unit}${interval(i) && ` (${interval(i)})`}`,
      `${runs} ${runs === 1 ? "run" : "runs"}`,
    ];
    const commit = valueAt(data.commits, i);
    const library = valueAt(data.libraries, i);
    if (commit !== null) parts.push(`commit ${commit}`);
    if (library !== null) parts.push(library);
    const estimator = valueAt(data.estimators, i);
    if (estimator !== null) parts.push(`the tool's ${estimator}`);
    if (shifts.includes(i)) parts.push("a lasting shift begins here");
    if (anomalies.has(i)) parts.push("stood out, and did not last");
    return `${nightOf(i)}: ${parts.join(", ")}`;
  };

  const colour = (name) => getComputedStyle(box).getPropertyValue(name).trim();
  const faint = (name, share) => `color-mix(in srgb, ${colour(name)} ${share}%, transparent)`;

  /** What uPlot does not draw: levels, shifts, odd nights, nights alone, tonight's expectation. */
  const drawMarks = (u) => {
    const { ctx, bbox } = u;
    const ratio = devicePixelRatio;
    const x = (i) => u.valToPos(times[i], "x", true);
    const y = (value) => u.valToPos(value, "y", true);
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.lineWidth = 1.5 * ratio;
    ctx.strokeStyle = colour("--ink");
    data.levels.forEach(([at, level], n) => {
      if (level === null) return;
      const end = data.levels[n + 1]?.[0] ?? count - 1;
      ctx.beginPath();
      ctx.setLineDash([6 * ratio, 4 * ratio]);
      ctx.moveTo(x(at), y(level));
      ctx.lineTo(x(end), y(level));
      ctx.stroke();
    });
    const upright = (at) => {
      ctx.beginPath();
      ctx.moveTo(x(at) - 1, bbox.top);
      ctx.lineTo(x(at) - 1, bbox.top + bbox.height);
      ctx.stroke();
    };
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    shifts.forEach(upright);
    ctx.setLineDash([]);
    cuts.forEach(upright);
    ctx.fillStyle = colour("--c1");
    const [from, to] = u.series[0].idxs ?? [0, count - 1];
    const alone = (i) =>
      (data.values[i - 1] ?? null) === null && (data.values[i + 1] ?? null) === null;
    for (let i = from; i <= to; i++) {
      if (data.values[i] === null) continue;
      if (alone(i)) {
        ctx.beginPath();
        ctx.arc(x(i), y(data.values[i]), 2 * ratio, 0, 2 * Math.PI);
        ctx.fill();
      }
    }
    ctx.strokeStyle = colour("--open");
    ctx.lineWidth = 2 * ratio;
    for (const i of data.anomalies) {
      if (i < from || i > to) continue;
      ctx.beginPath();
      ctx.arc(x(i), y(data.values[i]), 5 * ratio, 0, 2 * Math.PI);
      ctx.stroke();
    }
    ctx.restore();
  };

  /** Where nights of the present level lie, under everything else. */
  const drawExpected = (u) => {
    if (data.expected === null) return;
    const { ctx, bbox } = u;
    const clampX = (at) =>
      Math.min(bbox.left + bbox.width, Math.max(bbox.left, u.valToPos(at, "x", true)));
    const clampY = (value) =>
      Math.min(bbox.top + bbox.height, Math.max(bbox.top, u.valToPos(value, "y", true)));
    const [left, right] = [clampX(times[data.expectedFrom]), clampX(times[count - 1])];
    const [bottom, top] = data.expected.map(clampY);
    ctx.save();
    ctx.fillStyle = faint("--good", 14);
    ctx.fillRect(left, top, right - left, bottom - top);
    ctx.restore();
  };

  const axis = {
    stroke: () => colour("--soft"),
    grid: { stroke: () => colour("--rule"), width: 1 },
  };
  const chart = new uPlot(
    {
      width: box.clientWidth,
      height: 340,
      padding: [12, 36, 0, 0],
      tzDate: (time) => uPlot.tzDate(new Date(time * 1000), "Etc/UTC"),
      legend: { show: false },
      cursor: { y: false, drag: { x: true, y: false, setScale: true }, points: { size: 8 } },
      scales: { x: { time: true } },
      axes: [
        {
          ...axis,
          space: 70,
          values: [
            [31_536_000, "{YYYY}", null, null, null, null, null, null, 1],
            [2_419_200, "{YYYY}-{MM}", null, null, null, null, null, null, 1],
            [86_400, "{YYYY}-{MM}-{DD}", null, null, null, null, null, null, 1],
          ],
          incrs: [1, 2, 7, 14, 30, 90, 182, 365, 730, 1825].map((days) => days * DAY),
        },
        {
          ...axis,
          size: 84,
          values: (_, ticks) => ticks.map((tick) => tick.toLocaleString("en-US")),
        },
      ],
      series: [
        {},
        {
          stroke: () => colour("--c1"),
          width: 1.6,
          spanGaps: false,
          points: { size: 5, fill: () => colour("--c1") },
        },
        { stroke: "transparent", width: 0, spanGaps: false, points: { show: false } },
        { stroke: "transparent", width: 0, spanGaps: false, points: { show: false } },
      ],
      bands: [{ series: [3, 2], fill: () => faint("--c1", 22) }],
      hooks: {
        drawClear: [drawExpected],
        draw: [drawMarks],
        setCursor: [(u) => u.cursor.idx != null && show(u.cursor.idx)],
        setScale: [(u, key) => key === "x" && markRange(u)],
      },
    },
    [times, data.values, data.lows, data.highs],
    box,
  );
  box.style.minHeight = "";

  /** The night that is read out. */
  let at = count - 1;
  function show(i) {
    at = i;
    reading.textContent = tell(i);
    const href = reportOf(i);
    if (href === null) return;
    const link = document.createElement("a");
    link.href = href;
    link.textContent = "report";
    reading.append(" · ", link);
  }

  const setRange = (from, to) => {
    const least = Math.min(count - 1, 6) * DAY;
    let [low, high] = [Math.max(times[0], from), Math.min(times[count - 1], to)];
    if (high - low < least) {
      [low, high] = [Math.max(times[0], high - least), Math.max(high, low + least)];
    }
    // A night alone still gets a width.
    if (high <= low) [low, high] = [low - DAY, high + DAY];
    chart.setScale("x", { min: low, max: high });
  };
  const buttons = [...document.querySelectorAll("[data-nights]")];
  const nightsFor = (button) => Number(button.dataset.nights) || count;
  function markRange(u) {
    const { min, max } = u.scales.x;
    const nights = Math.round((max - min) / DAY) + 1;
    for (const button of buttons) {
      button.ariaPressed = String(
        nightsFor(button) === nights && max >= times[count - 1],
      );
    }
  }
  for (const button of buttons) {
    button.hidden = nightsFor(button) > count && button.dataset.nights !== "0";
    button.addEventListener("click", () => {
      setRange(times[count - 1] - (nightsFor(button) - 1) * DAY, times[count - 1]);
    });
  }

  /** Puts the cursor on a night, and brings it into view. */
  const moveTo = (i) => {
    i = Math.min(count - 1, Math.max(0, i));
    const { min, max } = chart.scales.x;
    if (times[i] < min) setRange(times[i], times[i] + max - min);
    if (times[i] > max) setRange(times[i] - (max - min), times[i]);
    show(i);
    // What setScale does comes a moment later.
    queueMicrotask(() =>
      chart.setCursor({ left: chart.valToPos(times[i], "x"), top: chart.bbox.height / 2 }, false)
    );
  };
  const zoom = (factor) => {
    const { min, max } = chart.scales.x;
    const half = (max - min) * factor / 2;
    const middle = Math.min(Math.max(times[at], min), max);
    setRange(middle - half, middle + half);
  };
  box.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const step = event.shiftKey ? 30 : 1;
    const actions = {
      ArrowLeft: () => moveTo(at - step),
      ArrowRight: () => moveTo(at + step),
      Home: () => moveTo(0),
      End: () => moveTo(count - 1),
      "+": () => zoom(0.5),
      "=": () => zoom(0.5),
      "-": () => zoom(2),
      0: () => setRange(times[0], times[count - 1]),
      Enter: () => reading.querySelector("a")?.click(),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
  });

  const redraw = () => chart.redraw(false);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  matchMedia("print").addEventListener("change", redraw);
  new ResizeObserver(() => {
    if (box.clientWidth !== chart.width && box.clientWidth > 0) {
      chart.setSize({ width: box.clientWidth, height: 340 });
    }
  }).observe(box);

  show(at);
  setRange(times[count - 1] - (Math.min(count, 365) - 1) * DAY, times[count - 1]);
  document.getElementById("controls").hidden = false;

  // The table of all nights, made when it is opened: most readers never do.
  const all = document.getElementById("all-nights");
  const row = (tag, cells) => {
    const made = document.createElement("tr");
    cells.forEach((content, i) => {
      const cell = document.createElement(tag);
      if (tag === "th") cell.scope = "col";
      if (i >= 1 && i <= 3) cell.className = "number";
      cell.append(content);
      made.append(cell);
    });
    return made;
  };
  const HEADERS = [
    "Night",
    `Value, ${data.unit}`,
    "Interval",
    "Runs",
    "Commit",
    "Library",
    "Report or reason",
  ];
  const cellsOf = (i) => {
    const value = data.values[i];
    const href = reportOf(i);
    let last = value === null ? valueAt(data.reasons, i) ?? "" : "";
    if (href !== null) {
      last = document.createElement("a");
      last.href = href;
      last.textContent = `report of ${nightOf(i)}`;
    }
    return [
      nightOf(i),
      value === null ? "–" : format(value),
      interval(i),
      String(valueAt(data.runs, i)),
      valueAt(data.commits, i) ?? "",
      valueAt(data.libraries, i) ?? "",
      last,
    ];
  };
  all.addEventListener("toggle", () => {
    const place = all.querySelector(".table");
    if (!all.open || place.firstChild !== null) return;
    const table = document.createElement("table");
    table.createTHead().append(row("th", HEADERS));
    const body = table.createTBody();
    for (let i = count - 1; i >= 0; i--) body.append(row("td", cellsOf(i)));
    place.append(table);
  });
  document.getElementById("csv").addEventListener("click", (event) => {
    const quote = (text) => `"${String(text).replaceAll('"', '""').replace(/^[=+@\t-]/, "'$&")}"`;
    const lines = [[
      "night",
      "value",
      "low",
      "high",
      "unit",
      "runs",
      "commit",
      "library",
      "reason",
    ]];
    for (let i = 0; i < count; i++) {
      lines.push([
        nightOf(i),
        data.values[i] ?? "",
        data.lows[i] ?? "",
        data.highs[i] ?? "",
        quote(data.unit),
        valueAt(data.runs, i),
        quote(valueAt(data.commits, i) ?? ""),
        quote(valueAt(data.libraries, i) ?? ""),
        quote(valueAt(data.reasons, i) ?? ""),
      ]);
    }
    const text = lines.map((line) => line.join(",")).join("\r\n") + "\r\n";
    event.currentTarget.href = `data:text/csv;charset=utf-8,${encodeURIComponent(text)}`;
  });
  all.hidden = false;
})();
