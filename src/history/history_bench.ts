/** Ten years of nights with 60 series: how long it takes to index them, and to read them. */
import { folderOf } from "./folder_of.ts";
import { openHistory } from "./mod.ts";
import { nightAt, sampleNight } from "./_testing/sample_night.ts";

const directory = Deno.makeTempDirSync({ prefix: "tidemark-history-" });
addEventListener("unload", () => Deno.removeSync(directory, { recursive: true }));
openHistory(directory, { create: true }).close();
Deno.mkdirSync(`${directory}/nodes`);
const benchmarks = Array.from({ length: 30 }, (_, i) => `raw/benchmark/${i}`);
const lines = Array.from({ length: 3650 }, (_, day) => {
  const night = nightAt(day - 3650);
  const record = sampleNight({ night, benchmarks, value: 100 + day % 7 });
  const placed = { addedAt: record.startedAt, folder: folderOf(record), files: [] };
  return JSON.stringify({ ...record, ...placed }) + "\n";
});
Deno.writeTextFileSync(`${directory}/nodes/node01.jsonl`, lines.join(""));

Deno.bench("rebuild: 3,650 nights, 60 series", { n: 3, warmup: 1 }, () => {
  using history = openHistory(directory);
  history.rebuild();
});

Deno.bench("open, and read the names of the nights", { n: 10, warmup: 1 }, () => {
  using history = openHistory(directory);
  history.nights();
});

Deno.bench("open, and read one series", { n: 10, warmup: 1 }, () => {
  using history = openHistory(directory);
  history.series({ benchmark: "raw/benchmark/7", metric: "mean" });
});

Deno.bench("open, and read all 60 series", { n: 5, warmup: 1 }, () => {
  using history = openHistory(directory);
  history.series();
});
