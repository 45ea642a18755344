import assert from "node:assert/strict";
import type { Analysis, BenchmarkAnalysis, MetricEstimate } from "../../analysis/mod.ts";
import type { Block } from "../document.ts";
import { inlineText } from "../inline_text.ts";
import { answerOf, headlineTables } from "./first_screen.ts";

type Metric = MetricEstimate["metric"];

/** A metric with a narrow interval, or without a value for some reason. */
function metric(metric: Metric, value: number | NonNullable<MetricEstimate["missing"]> | null) {
  const without = { metric, estimate: null, reason: "none", basis: null };
  if (value === null) return without;
  if (typeof value === "string") return { ...without, missing: value };
  return { metric, estimate: { value, low: value * 0.9, high: value * 1.1 }, basis: "over 3 runs" };
}

function benchmark(
  id: string,
  kind: BenchmarkAnalysis["kind"],
  operation: BenchmarkAnalysis["operation"],
  values: Partial<Record<Metric, Parameters<typeof metric>[1]>>,
): BenchmarkAnalysis {
  const at = id.indexOf("/");
  const metrics = Object.entries(values).map(([name, value]) => metric(name as Metric, value));
  const [store, name] = [id.slice(0, at), id.slice(at + 1)];
  return { id, store, name, kind, operation, metrics } as unknown as BenchmarkAnalysis;
}

/** The tables' lines, cells parted by bars. */
function linesOf(benchmarks: readonly BenchmarkAnalysis[]): string[] {
  const stores = [...new Set(benchmarks.map(({ store }) => store))].map((store) => ({ store }));
  const blocks = headlineTables({ benchmarks, stores, targets: [] } as unknown as Analysis);
  return blocks.flatMap((block: Block) =>
    block.type === "table"
      ? [
        block.columns.map(({ header }) => header).join(" | "),
        ...block.rows.map((row) => row.map(({ content }) => inlineText(content)).join(" | ")),
      ]
      : block.type === "paragraph"
      ? [inlineText(block.content)]
      : []
  );
}

const times = { p50: 1e3, p90: 2e3, p99: 3e3, p999: 4e3 };

Deno.test("headlineTables() has a row for each of many loads", () => {
  const loads = ["a", "b", "c"].map((name) =>
    benchmark(`raw/${name}`, "load", null, { throughput: 1000, mean: null, ...times })
  );
  assert.deepEqual(linesOf(loads), [
    "Load | ops/s | Service p50 | Service p99 | Service p99.9",
    ...["a", "b", "c"].map((name) =>
      `${name} | 1,000.0 (900.00–1,100.0) | 1.000 µs (900.0 ns–1.100 µs) | ` +
      "3.000 µs (2.700–3.300) | 4.000 µs (3.600–4.400)"
    ),
  ]);
});

Deno.test("headlineTables() has response times of a schedule, and what is refused beside service times", () => {
  const [head, row] = linesOf([
    benchmark("raw/a", "load", null, {
      throughput: 1000,
      ...times,
      responseP50: 5e3,
      responseP99: "refused",
      responseP999: "too few operations",
    }),
  ]);
  assert.equal(head, "Load | ops/s | Response p50 | Response p99 | Response p99.9");
  assert.match(
    row!,
    /\| 5\.000 µs \(.*\) \| refused; service 3\.000 µs \(.*\) \| too few operations$/,
  );
});

Deno.test("headlineTables() says of each load whose times they are where these are of two kinds", () => {
  const response = { responseP50: 5e3, responseP99: 6e3, responseP999: 7e3 };
  const [head, open, closed] = linesOf([
    benchmark("raw/a", "load", null, { throughput: 1000, ...times, ...response }),
    benchmark("raw/b", "load", null, { throughput: 1000, ...times }),
  ]);
  assert.equal(head, "Load | ops/s | p50 | p99 | p99.9");
  assert.match(open!, /^a; response times \| .* \| 5\.000 µs/);
  assert.match(closed!, /^b; service times \| .* \| 1\.000 µs/);
});

Deno.test("headlineTables() says how many loads it has no room for", () => {
  const loads = Array.from(
    { length: 12 },
    (_, i) => benchmark(`raw/${i}`, "load", null, { throughput: 1000, ...times }),
  );
  const lines = linesOf(loads);
  assert.equal(lines.length, 12);
  assert.equal(lines.at(-1), "The results have 2 loads more.");
  assert.ok(!linesOf(loads.slice(0, 10)).some((line) => line.includes("more")));
});

Deno.test("headlineTables() has mean times where no store has a rate, and the tail that half of the stores have", () => {
  const tail = (p99: number | "too few operations") => ({ mean: 1500, ...times, p99 });
  const lines = linesOf([
    benchmark("raw/get/1", "latency", "get", tail(3e3)),
    benchmark("one/get/1", "latency", "get", tail("too few operations")),
    benchmark("two/get/1", "latency", "get", tail("too few operations")),
    benchmark("raw/put/1", "latency", "put", tail(3e3)),
    benchmark("one/put/1", "latency", "put", tail("too few operations")),
    benchmark("raw/scan", "throughput", "scan", { throughput: 2000 }),
    benchmark("one/scan", "throughput", "scan", { throughput: null }),
  ]);
  const cell = (name: string) =>
    lines.find((line) => line.startsWith(`${name} |`))!.split(" | ").slice(1)
      .map((text) => text.replace(/ \(.*/, ""));
  assert.deepEqual(lines[0], "Metric | raw | one | two");
  // Nobody asked `two` for puts and scans; one scan was asked for, and not measured.
  assert.deepEqual(cell("Write mean"), ["1.500 µs", "1.500 µs", "–"]);
  assert.deepEqual(cell("Read mean"), ["1.500 µs", "1.500 µs", "1.500 µs"]);
  assert.deepEqual(cell("Scanned entries/s"), ["2,000.0", "not measured", "–"]);
  assert.deepEqual(cell("Write p99"), ["3.000 µs", "too few operations", "–"]);
  assert.deepEqual(cell("Read p90"), ["2.000 µs", "2.000 µs", "2.000 µs"]);
});

Deno.test("headlineTables() has a few loads among the operations, and of many a table beside them", () => {
  const operation = benchmark("raw/get/1", "latency", "get", { mean: 1500, ...times });
  const loads = ["a", "b", "c"].map((name) =>
    benchmark(`raw/${name}`, "load", null, { throughput: 1000, ...times })
  );
  const few = linesOf([operation, ...loads.slice(0, 2)]);
  assert.deepEqual(few.map((line) => line.split(" | ")[0]), [
    "Metric",
    "Read mean",
    "Read p99",
    "a, ops/s",
    "a service p99.9",
    "b, ops/s",
    "b service p99.9",
  ]);
  const many = linesOf([operation, ...loads]);
  assert.deepEqual(many.map((line) => line.split(" | ")[0]), [
    "Metric",
    "Read mean",
    "Read p99",
    "Load",
    "a",
    "b",
    "c",
  ]);
  assert.deepEqual(linesOf([]), []);
});

Deno.test("answerOf() is what was measured for, once, and nothing where targets have a verdict", () => {
  const finding = (id: string) => ({ id, text: id });
  const analysis = (ids: string[], targets: unknown[] = []) =>
    ({ findings: ids.map(finding), targets }) as unknown as Analysis;
  const told = (...args: Parameters<typeof analysis>) =>
    answerOf(analysis(...args)).map(({ text }) => text);
  assert.deepEqual(told(["tail", "soak", "load-share"]), ["load-share"]);
  assert.deepEqual(told(["soak"]), ["soak"]);
  assert.deepEqual(told(["tail"]), []);
  assert.deepEqual(told(["load-share"], [{ planned: true, verdict: "met" }]), []);
  assert.deepEqual(told(["load-share"], [{ planned: false, verdict: "met" }]), ["load-share"]);
});

Deno.test("headlineTables() has no unit in a cell whose header has it, whatever stands in an interval's place", () => {
  const told = (rate: Partial<MetricEstimate>) => {
    const row = benchmark("raw/put", "throughput", "put", { throughput: 20 });
    Object.assign(row.metrics[0]!, rate);
    return linesOf([row])[1];
  };
  const estimate = { value: 20, low: 1, high: 400, apart: [3, 27, 130] };
  assert.equal(
    told({ estimate } as Partial<MetricEstimate>),
    "Write, ops/s | 20.000 (runs 3.0000, 27.000 and 130.00)",
  );
  const without = { estimate: null, point: 20 };
  assert.equal(told(without), "Write, ops/s | 20.000, no interval");
  assert.equal(
    told({ ...without, made: { of: "samples", values: [3, 27] } }),
    "Write, ops/s | 20.000, no interval: samples 3.0000 and 27.000",
  );
});
