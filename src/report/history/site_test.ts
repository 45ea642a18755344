import assert from "node:assert/strict";
import fc from "fast-check";
import { judgeHistory, type SeriesJudgement } from "../../analysis/mod.ts";
import { writeMarkup } from "../html/markup.tsx";
import { changesOf } from "./changes.ts";
import { historyToConsole } from "./console.ts";
import { historyFeed } from "./feed.ts";
import { seriesPage } from "./paths.ts";
import { SAMPLE_OPTIONS, sampleJudgement } from "./_testing/sample_judgement.ts";
import { historySite } from "./site.ts";
import { sparkline } from "./sparkline.tsx";
import { historySummary } from "./summary.ts";

const judgement = sampleJudgement();
const options = { ...SAMPLE_OPTIONS, url: "https://bench.example/history/" };

function files(): Map<string, string> {
  return new Map([...historySite(judgement, options)].map(({ path, text }) => [path, text]));
}

/** What a page holds for its script. */
function dataOf(page: string) {
  const [, json] = /<script type="application\/json" id="data">(.*?)<\/script>/.exec(page)!;
  return JSON.parse(json!);
}

Deno.test("historySite() has a page for each series, every link leads to one, and twice is the same", () => {
  const site = files();
  assert.equal(site.size, 3 + judgement.series.length);
  assert.deepEqual(files(), site);
  for (const [path, text] of site) {
    if (!path.endsWith(".html")) continue;
    for (const [, href] of text.matchAll(/<a [^>]*href="([^"#]+)"/g)) {
      const { pathname } = new URL(href!, `file:///site/${path}`);
      if (pathname.startsWith("/nights/") || pathname.endsWith("/report.html")) continue;
      assert.ok(site.has(decodeURIComponent(pathname.slice("/site/".length))), `${path}: ${href}`);
    }
    assert.match(text, /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; /);
    assert.doesNotMatch(text, /script-src[^;]*unsafe/);
  }
});

Deno.test("historySite() leads to the page that compares tonight's nodes, where there is one", () => {
  const index = (nodes: string | null) =>
    [...historySite(judgement, { ...options, nodes })].find(({ path }) => path === "index.html")!
      .text;
  assert.match(index("a b.html"), /<a href="a%20b\.html">tonight’s nodes/);
  assert.doesNotMatch(index(null), /nodes side by side/);
});

Deno.test("a series' page holds every night, the missing ones as missing", () => {
  const { series } = judgement.series[0]!;
  const data = dataOf(files().get(seriesPage(series))!);
  assert.equal(data.values.length, 120);
  series.points.forEach(({ value, low }, i) => {
    for (const [kept, real] of [[data.values[i], value], [data.lows[i], low]]) {
      if (real === null) assert.equal(kept, null);
      else assert.ok(Math.abs(kept / real! - 1) < 1e-6);
    }
  });
  assert.deepEqual(data.reasons.slice(0, 3), [[0, null], [11, "there is no result of it"], [
    12,
    null,
  ]]);
  assert.deepEqual(data.commits[0], [0, "0123456789ab"]);
});

Deno.test("a trend line is broken where a night is missing", () => {
  const line = sparkline(judgement.series[0]!);
  assert.equal(line.type, "sketch");
  const [, path] = /class="trend" d="([^"]*)"/.exec(writeMarkup(line.drawing.marks))!;
  const gaps = judgement.series[0]!.series.points.slice(-90)
    .filter(({ value }, i, all) => value === null && i > 0 && all[i - 1]!.value !== null);
  assert.equal(path!.match(/M/g)!.length, gaps.length + 1);
});

Deno.test("changesOf() tells a benchmark's metrics of one night together, the worst first", () => {
  const { regressed, improved, shifts, counts } = changesOf(judgement);
  assert.deepEqual(
    regressed.map(({ benchmark, node, series }) => [
      benchmark,
      node,
      ...series.map(({ series: { metric }, tonight }) => `${metric} ${tonight.verdict}`),
    ]),
    [
      ["raw/write_throughput/10000", "node01", "mean regressed", "p99 improved"],
      ["raw/write_throughput/10000", "node02", "mean regressed", "p99 improved"],
    ],
  );
  assert.deepEqual([improved, shifts], [[], []], "the shift is weeks old");
  assert.deepEqual(counts, {
    "regressed": 2,
    "improved": 2,
    "usual": 12,
    "too small to matter": 0,
    "too few nights": 0,
    "missing": 2,
  });
  const young = sampleJudgement({ nights: 30 });
  assert.deepEqual(
    changesOf(young).shifts.map(({ node, night, shifts }) => [node, night, shifts.length]),
    [
      ["node01", "2026-01-17", 1],
      ["node02", "2026-01-17", 1],
    ],
  );
});

Deno.test("pill, table, news, summary and feed say the same of a lasting shift on a usual night", () => {
  // The first series of each node has shifted, and its nights are usual at the new level.
  const young = sampleJudgement({ nights: 30, benchmarks: ["raw/read/100"], metrics: ["mean"] });
  assert.deepEqual(young.series.map(({ tonight }) => tonight.verdict), ["usual", "regressed"]);
  const { counts, regressed, shifts } = changesOf(young);
  assert.deepEqual([counts.regressed, regressed.length, shifts.length], [2, 1, 1]);
  const site = new Map([...historySite(young, options)].map(({ path, text }) => [path, text]));
  const index = site.get("index.html")!;
  assert.match(index, /✗ 2 regressed</);
  assert.match(index, /✗ regressed for good/);
  assert.match(site.get("summary.md")!, /^2 series: 2 regressed\.$/m);
  assert.match(historyToConsole(young), /✗ regressed for good .*2 series: 2 regressed\.$/ms);
  assert.match(historyFeed(young, options), /✗ regressed for good: raw\/read\/100/);
});

Deno.test("console, index and summary say of how much news no control tells whose it is", () => {
  const young = sampleJudgement({ nights: 30, benchmarks: ["raw/read/100"], metrics: ["mean"] });
  const [shifted, odd] = young.series as [SeriesJudgement, SeriesJudgement];
  const shiftOfRatio = { ...shifted.news!, of: "ratio" as const };
  const control = { what: "raw", missing: null, shifts: [], tonight: odd.tonight, news: null };
  const oddByRatio = { ...odd, control, tonight: { ...odd.tonight, cause: "store" as const } };
  const usual = sampleJudgement({ nodes: ["node01"] }).series.filter(({ verdict }) =>
    verdict === "usual"
  );
  const cases: [series: SeriesJudgement[], told: string | null][] = [
    [[shifted, odd], "2 series"],
    [[shifted, oddByRatio], "1 series"],
    [[{ ...shifted, news: shiftOfRatio }, odd], "1 series"],
    [[{ ...shifted, news: shiftOfRatio }, oddByRatio], null],
    [usual, null],
  ];
  for (const [series, told] of cases) {
    const judged = { ...young, series };
    const site = new Map([...historySite(judged, options)].map(({ path, text }) => [path, text]));
    const texts = [historyToConsole(judged), site.get("index.html")!, site.get("summary.md")!];
    for (const text of texts) {
      const [, found] =
        /Not known whose, the machine.{1,8}s or the store.{1,8}s: the news of (.*), of/
          .exec(text) ?? [];
      assert.equal(found ?? null, told);
    }
  }
});

Deno.test("historySummary() tells what changed, with links where the address is known", async (t) => {
  const young = sampleJudgement({ nights: 30, nodes: ["node01"] });
  await t.assertSnapshot(historySummary(young, options));
  assert.doesNotMatch(historySummary(young, SAMPLE_OPTIONS), /\]\(/);
  assert.match(
    historySummary({ nights: [], measured: [], series: [] }, options),
    /There is no night in this history yet/,
  );
});

Deno.test("historySummary() takes no markup from names", () => {
  const hostile = sampleJudgement({
    nights: 30,
    benchmarks: ["[click](https://evil.example) <b> | `x` **y**"],
    nodes: ["@everyone"],
  });
  const text = historySummary(hostile, SAMPLE_OPTIONS);
  assert.match(text, /\\\[click\\\]\(https\\:\/\/evil\.example\) \\<b\\> \\\| \\`x\\` \\\*\\\*y/);
  assert.match(text, /\\@everyone/);
});

Deno.test("historyFeed() gives an entry the same id whenever it is made", () => {
  const entries = (feed: string) =>
    [...feed.matchAll(/<entry>\n<id>(.*)<\/id>\n<title>(.*)<\/title>\n<updated>(.*)<\/updated>/g)]
      .map(([, id, title, updated]) => ({ id, title, updated }));
  const feed = historyFeed(judgement, options);
  assert.equal(historyFeed(judgement, options), feed);
  const all = entries(feed);
  assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
  assert.deepEqual(
    all.map(({ updated }) => updated).toSorted().toReversed(),
    all.map(({ updated }) => updated),
  );
  assert.ok(all.some(({ title }) => title!.startsWith("✗ regressed for good: raw/write")));
  assert.equal(all[0]!.title, "2026-04-30: ✗ 2 series regressed, ✓ 2 series improved");
  for (const { id } of all) {
    assert.match(
      id!,
      /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  }
  // Another series does not change the ids of the first ones' shifts.
  const fewer = { ...judgement, series: judgement.series.slice(0, 1) };
  const shift = entries(historyFeed(fewer, options)).find(({ title }) =>
    title!.includes("for good")
  )!;
  assert.ok(all.some(({ id }) => id === shift.id));
  assert.match(
    feed,
    /<link rel="self" [^>]*href="https:\/\/bench\.example\/history\/feed\.xml"\/>/,
  );
  // Another history's entries are others.
  assert.doesNotMatch(historyFeed(judgement, { ...options, id: "x" }), new RegExp(shift.id!));
});

Deno.test("seriesPage() gives different series different names, which every file system takes", () => {
  const name = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 120 }),
    fc.stringMatching(/^[aA][/._-]{0,2}[bB]?$/),
  );
  const series = fc.record({
    node: name,
    benchmark: name,
    metric: fc.constantFrom("throughput" as const, "p99" as const),
  });
  fc.assert(
    fc.property(series, series, (a, b) => {
      assert.match(seriesPage(a), /^series\/[a-z0-9_.-]{1,240}\.html$/);
      const same = a.node === b.node && a.benchmark === b.benchmark && a.metric === b.metric;
      assert.equal(seriesPage(a) === seriesPage(b), same);
    }),
    { seed: 6, numRuns: 500 },
  );
});

Deno.test("historySite() of a history without nights is an index that says so", () => {
  const site = [...historySite({ nights: [], measured: [], series: [] }, SAMPLE_OPTIONS)];
  assert.deepEqual(site.map(({ path }) => path), ["index.html", "summary.md", "feed.xml"]);
  assert.match(site[0]!.text, /There is no night in this history yet\./);
});

Deno.test("console, pages, feed and summary tell where the times are of another estimator, and no shift", () => {
  const [{ series }] = judgement.series as [typeof judgement.series[0]];
  const begin = series.points.at(-9)!.night;
  const points = series.points.map((point, i) => {
    const { night } = point;
    if (point.value === null) return point;
    const value = 10_000 + i % 5;
    const own = { ...point, low: null, high: null };
    return night < begin
      ? { ...own, value }
      : { ...own, value: value * 0.67, estimator: "median" as const };
  });
  const cut = judgeHistory([{ ...series, points }]);
  const sentence = `Another estimator since ${begin}: the times of ${series.benchmark} on ` +
    `${series.node} went from mean → median`;
  const site = new Map([...historySite(cut, options)].map(({ path, text }) => [path, text]));
  const page = site.get(seriesPage(series))!;
  for (const text of [historyToConsole(cut), site.get("index.html")!, historyFeed(cut, options)]) {
    assert.ok(text.includes(sentence), text.slice(0, 500));
    assert.doesNotMatch(text, /[−-]3[234][.\d]*%/);
  }
  assert.match(historySummary(cut, options), /went from mean → median/);
  assert.match(page, /mean → median since /);
  const at = points.findIndex(({ night }) => night === begin);
  const { estimators, levels, shifts, expectedFrom } = dataOf(page);
  assert.deepEqual([estimators, levels, shifts], [[[0, "mean"], [at, "median"]], [], []]);
  assert.ok(expectedFrom >= at);
  const line = sparkline(cut.series[0]!);
  assert.equal(line.type, "sketch");
});
