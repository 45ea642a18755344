/**
 * Ten years of nights with 60 series: prints how long the site takes, how large its largest page is,
 * and how fast index and a series open in Chromium. `deno task bench:history` runs it.
 */
import { cpuUsage } from "node:process";
import { withBrowser } from "../report/_testing/chromium.ts";
import { REPORT_HTML_FILE } from "../disk/mod.ts";
import { openHistory } from "../history/mod.ts";
import { nightAt, sampleNight } from "../history/_testing/sample_night.ts";
import { judgeHistory } from "../analysis/mod.ts";
import { siteOptions } from "../night/mod.ts";
import { historySite, writeSite } from "../report/mod.ts";
import { derive, Random } from "../stats/mod.ts";
import { VERSION } from "./version.ts";

const NIGHTS = 3650;
const NODES = ["node01", "node02", "node03"];
const BENCHMARKS = Array.from({ length: 10 }, (_, i) => `raw/benchmark_${i}/10000`);

/**
 * The lines of a node: spread 2 % between nights, one night in 20 spiking by 20 %, a lasting shift of
 * 8 % every two years, one night in 40 missing, a new commit every night, every report still there.
 */
function writeNode(directory: string, node: string): void {
  const random = new Random(derive(6, node));
  const lines: string[] = [];
  for (let day = 0; day < NIGHTS; day++) {
    if (random.uniform() < 1 / 40) continue;
    const night = nightAt(day - NIGHTS);
    const record = sampleNight({ night, node, benchmarks: BENCHMARKS, runs: 10 });
    record.commit = random.next().toString(16).padStart(8, "0").repeat(5);
    for (const benchmark of record.benchmarks) {
      const level = 100_000 * (1 + 0.08 * (Math.floor(day / 730) % 2));
      const spike = random.uniform() < 1 / 20 ? 1.2 : 1;
      const value = level * Math.exp(random.normal() * 0.02) / spike;
      benchmark.metrics.forEach((metric) => {
        metric.value = metric.metric === "throughput" ? value : 1e9 / value;
        metric.low = metric.value * (1 - 0.01 * random.uniform());
        metric.high = metric.value * (1 + 0.01 * random.uniform());
      });
    }
    const folder = `nights/${night}/${node}/${record.result}`;
    Deno.mkdirSync(`${directory}/${folder}`, { recursive: true });
    Deno.writeTextFileSync(`${directory}/${folder}/${REPORT_HTML_FILE}`, "");
    const placed = { addedAt: record.startedAt, folder, files: [REPORT_HTML_FILE] };
    lines.push(JSON.stringify({ ...record, ...placed }) + "\n");
  }
  Deno.writeTextFileSync(`${directory}/nodes/${node}.jsonl`, lines.join(""));
}

/** Runs something, and prints how long it took, and how much of that the processor worked for it. */
function timed<T>(what: string, action: () => T): T {
  const start = performance.now();
  const before = cpuUsage();
  const value = action();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = cpuUsage(before);
  console.log(
    `${what.padEnd(28)} ${seconds.toFixed(2)} s, processor ${((user + system) / 1e6).toFixed(2)} s`,
  );
  return value;
}

const parent = Deno.makeTempDirSync({ prefix: "tidemark-history-bench-" });
try {
  const directory = `${parent}/history`;
  openHistory(directory, { create: true }).close();
  Deno.mkdirSync(`${directory}/nodes`);
  for (const node of NODES) writeNode(directory, node);
  using history = openHistory(directory);
  timed("index made anew", () => history.rebuild());
  const series = timed("series read", () => history.series());
  const judgement = timed(`${series.length} series judged`, () => judgeHistory(history.series()));
  const options = siteOptions(history, {
    out: `${parent}/site`,
    title: "Nightly history",
    url: null,
    version: VERSION,
  });
  const { files, bytes } = timed(
    "site written",
    () => writeSite(`${parent}/site`, judgement, options),
  );
  timed("all of it: history site", () => {
    using again = openHistory(directory);
    writeSite(`${parent}/site`, judgeHistory(again.series()), options);
  });
  const sizes = [...historySite(judgement, options)]
    .map(({ path, text }) => ({ path, bytes: new TextEncoder().encode(text).length }))
    .sort((a, b) => b.bytes - a.bytes);
  console.log(`${files} files, ${(bytes / 1e6).toFixed(1)} MB`);
  for (const path of [sizes[0]!.path, "index.html"]) {
    const own = sizes.find((each) => each.path === path)!;
    console.log(`${path}: ${(own.bytes / 1000).toFixed(0)} kB`);
    await withBrowser(async (browser) => {
      for (let i = 0; i < 3; i++) {
        const page = await browser.newPage();
        await page.goto(`file://${parent}/site/${path}`);
        const [load, paint] = await page.evaluate<[number, number]>(`[
          performance.getEntriesByType("navigation")[0].duration,
          performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? NaN,
        ]`);
        console.log(`  opened in ${load.toFixed(0)} ms, first painted at ${paint.toFixed(0)} ms`);
        await page.close();
      }
    });
  }
} finally {
  Deno.removeSync(parent, { recursive: true });
}
