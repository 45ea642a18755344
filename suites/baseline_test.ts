import assert from "node:assert/strict";
import baseline from "./baseline.ts";
import mixed from "./mixed.ts";

Deno.test("baseline measures throughput, scans and single operations of the reference report", () => {
  assert.deepEqual(baseline.benchmarks.map(({ name, samples }) => [name, samples]), [
    ["write_throughput/10000", 10],
    ["read_throughput/10000", 10],
    ["scan_throughput/1000", 10],
    ["write_latency/single_write", 1000],
    ["read_latency/single_read", 1000],
  ]);
  assert.ok(baseline.benchmarks.every(({ valueBytes }) => valueBytes === 1024));
});

Deno.test("baseline asks for more runs of single operations, and most of writes", () => {
  const runs = new Map(baseline.benchmarks.map((own) => [own.name.split("/")[0]!, own.runs ?? 0]));
  const [write, read] = [runs.get("write_latency")!, runs.get("read_latency")!];
  assert.ok(write > read && read > 0, `${write} and ${read}`);
  const others = baseline.benchmarks.filter(({ kind }) => kind === "throughput");
  assert.ok(others.length === 3 && others.every((own) => own.runs === undefined));
});

Deno.test("baseline holds the p99, not the mean, against the latency targets", () => {
  const latencies = baseline.targets.filter(({ bound }) => bound === "atMost");
  assert.deepEqual(latencies.map(({ metric, value }) => [metric, value]), [
    ["p99", 5e6],
    ["p99", 5e6],
  ]);
});

Deno.test("baseline says of every published figure where it is from", () => {
  assert.ok(baseline.figures.length > 0);
  for (const { source, system } of baseline.figures) assert.ok(source.length > 10, system);
});

Deno.test("baseline has one load, which mixed has by the same name", () => {
  assert.deepEqual(
    baseline.loads!.map(({ without: _, ...load }) => load),
    mixed.loads!.filter(({ name }) => name === "mixed/90-10/zipfian/2"),
  );
  assert.equal(baseline.loads!.length, 1);
});
