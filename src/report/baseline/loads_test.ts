import assert from "node:assert/strict";
import type { Analysis, BenchmarkAnalysis } from "../../analysis/mod.ts";
import type { Result } from "../../result/mod.ts";
import { loads } from "./loads.ts";

/** A load's analysis, with what is not told. */
function analysed(load: Partial<NonNullable<BenchmarkAnalysis["load"]>>): BenchmarkAnalysis {
  const all = {
    clients: { counted: 2, beside: 0 },
    offered: null,
    operations: [],
    slow: null,
    begins: null,
    soaks: [],
    cached: { dataBytes: 1e6, fileBytes: null, blockCacheBytes: null, before: null, after: null },
    grouped: null,
    conflicts: null,
    ...load,
  };
  const span = { value: 0.25, least: 0.25, most: 0.25 };
  const spans = ["share", "queued", "processAmplification", "deviceAmplification"];
  const others = [
    "lsmAmplification",
    "userAmplification",
    "spaceAmplification",
    "hitRatio",
    "stalled",
    "deviceReads",
  ];
  const known = Object.fromEntries([...spans, ...others].map((name) => [name, span]));
  const benchmark = { store: "memory", name: "mixed", load: { ...known, ...all } };
  return benchmark as unknown as BenchmarkAnalysis;
}

/** What a report of these has of them. */
function written(...benchmarks: BenchmarkAnalysis[]): string {
  const stores = [{ store: "memory", title: "memory" }];
  return JSON.stringify(
    loads({ benchmarks: [] } as unknown as Result, { stores, benchmarks } as unknown as Analysis),
  );
}

Deno.test("loads() has a table of what engines told beside, where one told", () => {
  const share = { value: 0.02, least: 0.01, most: 0.04 };
  const telling = analysed({ events: [{ kind: "sync", count: 1200, share }], eventsLost: 5 });
  const blocks = written(telling, analysed({}));
  assert.match(blocks, /What the engine itself told/);
  assert.match(blocks, /"text":"1,200, 2\.0% \(1\.0% to 4\.0%\)".*"text":"5"/);
  assert.doesNotMatch(written(analysed({})), /What the engine itself told/);
});

Deno.test("loads() says what was in memory, and by what that was bounded", () => {
  const share = (value: number) => ({ value, least: value, most: value });
  const cached = {
    dataBytes: 11_600_000,
    fileBytes: share(8_000_000),
    blockCacheBytes: 8 * 1024 * 1024,
    before: share(0),
    after: share(0.4),
  };
  const known = written(analysed({ cached, begins: "checkpoint" }));
  assert.match(known, /"text":"11\.1 MiB".*"text":"7\.63 MiB".*"text":"8 MiB".*"text":"none"/);
  assert.match(known, /"text":"0%".*"text":"40%".*"text":"25%"/);
  assert.match(known, /one checkpoint, all runs/);
  assert.match(
    written(analysed({ begins: "noCheckpoint" })),
    /loaded anew by each run: the store keeps no checkpoint/,
  );
});

Deno.test("loads() says how several keys were got at once", () => {
  const operations = [{ operation: "multiGet" as const, count: 9, p50: 1000, p99: 2000 }];
  const text = (multiGet?: "call" | "gets") =>
    written(analysed({ operations, ...(multiGet && { multiGet }) }));
  assert.match(text("call"), /multi-gets \(a call of the engine's own\) 9 \(p50/);
  assert.match(text("gets"), /multi-gets \(gets one after the other\) 9 \(p50/);
  // Of a result that was made before this was known.
  assert.match(text(), /multi-gets 9 \(p50/);
});

Deno.test("loads() says that one thread had so many operations in flight, and what a commit had", () => {
  const grouped = { value: 3.714, least: 3.5, most: 4 };
  const text = written(analysed({ inFlight: true, grouped, clients: { counted: 8, beside: 1 } }));
  assert.match(text, /"one thread, 8 and 1 beside in flight"/);
  assert.match(text, /Writes that wait at the same time are committed together/);
  assert.match(text, /"3\.71 \(3\.50 to 4\.00\)"/);
  assert.doesNotMatch(written(analysed({})), /one thread|committed together/);
});

Deno.test("loads() has the odds of being slow beside the shares, where there are some", () => {
  const odds = { value: 12.34, low: 6.2, high: 24.1, confidence: 0.95, blocks: 96 };
  const causes = [
    { cause: "compaction" as const, share: 0.75, anyway: 0.2, odds },
    { cause: "unknown" as const, share: 0.25, anyway: null, odds: null },
  ];
  const text = written(analysed({ slow: { operations: 40, causes } }));
  assert.match(text, /"a compaction".*?"75% of 40".*?"20%".*?"12\.3× \(6\.20–24\.1\)"/);
  assert.match(text, /"not known".*?"25% of 40".*?"–".*?"–"/);
});
