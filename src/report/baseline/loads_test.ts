import assert from "node:assert/strict";
import type { Analysis, BenchmarkAnalysis, MainCause, SlowAnalysis } from "../../analysis/mod.ts";
import type { Result, SlowCause } from "../../result/mod.ts";
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

Deno.test("loads() says whose loops are machine code, and what that is", () => {
  const clients = { counted: 2, beside: 1 };
  const all = written(analysed({ clients, native: 3 }));
  assert.match(all, /"2 and 1 beside, machine code"/);
  assert.match(all, /their loops are the harness's own machine code/);
  assert.match(written(analysed({ clients, native: 2 })), /"2 and 1 beside, 2 by machine code"/);
  assert.doesNotMatch(written(analysed({ clients })), /machine code/);
});

Deno.test("loads() has the odds of being slow beside the shares, where there are some", () => {
  const odds = { value: 12.34, low: 6.2, high: 24.1, confidence: 0.95, blocks: 96 };
  const causes = [
    { ...put("compaction", 30), share: 0.75, anyway: 0.2, odds },
    { ...put("unknown", 10), share: 0.25 },
  ];
  const text = written(
    analysed({ slow: { operations: 40, hiccups: null, compactions: null, causes, main: null } }),
  );
  assert.match(text, /"a compaction".*?"75% of 40".*?"20%".*?"12\.3× \(6\.20–24\.1\)"/);
  assert.match(text, /"not known".*?"25% of 40".*?"–".*?"–"/);
});

Deno.test("loads() says of which causes a share stands as it is, and of which beside what went on anyway", () => {
  const odds = { value: 0.41, low: 0.3, high: 0.6, confidence: 0.95, blocks: 96 };
  const causes = [{ ...put("runQueue", 87), share: 0.87, anyway: 0.97, odds }];
  const main = { cause: "runQueue" as const, share: 0.87, chance: null, beyond: 0.87 };
  const text = written(
    analysed({ slow: { operations: 100, hiccups: null, compactions: null, causes, main } }),
  );
  const [, measured, overlapped] =
    /Measured of the operation itself, (.*?)such a share stands as it is.*?Everything else (.*?went on anyway)\./
      .exec(text)!;
  for (const each of ["wait for a processor", "hiccup", "late client", "a sync", "one operation"]) {
    assert.ok(measured!.includes(each), each);
  }
  assert.match(overlapped!, /^merely overlapped .* with several in flight .* far from /);
  assert.match(text, /“waited for a processor”: 87% of 100 slow operations, by what was measured/);
});

/** What is put down to a cause. @param held During how many a sleeping thread was held up too. */
function put(cause: SlowCause, operations: number, held: number | null = null) {
  return { cause, operations, held, share: 0, anyway: null, odds: null };
}

Deno.test("loads() says what the machine did by a thread that only sleeps, and whether it fits the causes", () => {
  const hiccups = { wakes: 3000, late: 12, share: 0.004, longest: 7.2e6 };
  const causes = [put("runQueue", 30, 20), put("hiccup", 5, 5), put("compaction", 5, 0)];
  const text = (slow: Partial<SlowAnalysis>) =>
    written(
      analysed({
        slow: { operations: 40, hiccups, compactions: null, causes, main: null, ...slow },
      }),
    );
  assert.match(
    text({}),
    /of 3,000 wake-ups 12 were a millisecond late or more, 0\.40% of the time together, 7\.200 ms at most; it was so during 25 of 40 slow operations, among them 20 of 30 that are put down to “waited for a processor”\./,
  );
  assert.match(text({ hiccups: { ...hiccups, late: 1 } }), /wake-ups 1 was a millisecond/);
  const none = text({ hiccups: { wakes: 3000, late: 0, share: 0, longest: 0 } });
  assert.match(
    none,
    /of 3,000 wake-ups none was a millisecond late, so that it saw no hiccup at all/,
  );
  assert.doesNotMatch(none, /slow operations, among/);
  assert.match(
    text({ causes: [put("steal", 2, 1), put("unknown", 38, 0)] }),
    /during 1 of 40 slow operations, among them 1 of 2 that are put down to “processors taken/,
  );
  assert.match(text({ causes: [put("unknown", 40, 0)] }), /during 0 of 40 slow operations\./);
  // Of a result from before there was one.
  assert.doesNotMatch(text({ hiccups: null }), /What the machine did by itself/);
});

Deno.test("loads() has compactions by their levels and size, where something told of them", () => {
  const compactions = [
    { levels: { from: 0, to: 1 }, count: 3, bytes: 8 * 1024 ** 2, ns: 4e8, operations: 25 },
  ];
  const text = (slow: Partial<SlowAnalysis>) =>
    written(analysed({
      slow: {
        operations: 40,
        hiccups: null,
        compactions,
        causes: [put("compaction", 30), put("unknown", 10)],
        main: null,
        ...slow,
      },
    }));
  assert.match(
    text({}),
    /"L0 into L1".*?"3".*?"8 MiB".*?"400\.0 ms".*?"25 of 30"/,
  );
  assert.doesNotMatch(text({ compactions: null }), /Compactions by their levels/);
  assert.doesNotMatch(text({ compactions: [] }), /Compactions by their levels/);
});

Deno.test("loads() names the main cause of slow operations, as what tells it, or none", () => {
  const text = (main: MainCause | null) =>
    written(
      analysed({ slow: { operations: 40, hiccups: null, compactions: null, causes: [], main } }),
    );
  assert.match(
    text({ cause: "compaction", share: 0.75, chance: 0.2, beyond: 0.6875 }),
    /“a compaction”: 75% of 40 slow operations, and 20% of the others ended .* explains 69%\./,
  );
  assert.match(
    text({ cause: "fsync", share: 0.75, chance: null, beyond: 0.75 }),
    /“blocked, with a synced log”: 75% of 40 slow operations, by what was measured of each/,
  );
  assert.match(
    text({ cause: "unknown", share: 0.75, chance: null, beyond: 0.75 }),
    /75% of 40 slow operations are put down to nothing that is known, more than any cause/,
  );
  assert.doesNotMatch(text(null), /the main cause|put down to nothing/);
});
