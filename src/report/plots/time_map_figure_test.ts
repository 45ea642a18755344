import assert from "node:assert/strict";
import type { Analysis, RunSeries } from "../../analysis/mod.ts";
import type { SlowCause } from "../../result/mod.ts";
import { writeMarkup } from "../html/markup.tsx";
import type { Measured } from "./marks.ts";
import { timeMapFigure } from "./mod.ts";

type Window = NonNullable<RunSeries["windows"]>[number];

/** So many windows of a second, each with what is said of it. */
function run(number: number, windows: readonly Partial<Window>[]): RunSeries {
  const tail = { p50: 1e6, p99: 5e6, p999: 8e6, max: 9e6 };
  const made = windows.map((window, i) => ({
    atNs: i * 1e9,
    ns: 1e9,
    operations: 500,
    service: tail,
    spread: { first: 40, counts: [100, 0, 1] },
    slow: [],
    on: {},
    ...window,
  }));
  return { run: number, windows: made } as unknown as RunSeries;
}

function drawn(...runs: RunSeries[]) {
  const analysis = { stores: [{ store: "raw" }] } as unknown as Analysis;
  const measured = { benchmark: { store: "raw" }, series: { runs } } as unknown as Measured;
  const [figure] = timeMapFigure(analysis, 1, "tails", [measured]);
  if (figure === undefined) return undefined;
  return {
    caption: figure.caption,
    markup: writeMarkup(figure.drawing.marks),
    numbers: JSON.stringify(figure.numbers),
  };
}

const slow = (cause: SlowCause, atNs: number, ns: number) => ({ cause, atNs, ns });

Deno.test("timeMapFigure() has a lane for what went on or made operations slow, and none for the rest", () => {
  const { markup, caption, numbers } = drawn(run(0, [
    {
      on: { compaction: 0.5, flush: 0 },
      slow: [slow("compaction", 2e8, 3e7), slow("unknown", 1e8, 1e6)],
    },
    { on: { compaction: 0.1, flush: 0 }, slow: [slow("compaction", 1.2e9, 2e7)] },
  ]))!;
  assert.match(markup, />Compactions<.*>Not known</);
  assert.doesNotMatch(markup, />Flushes<|>Steal<|>Run queue</);
  assert.match(markup, /30\.00 ms at 200\.0 ms: a compaction/);
  assert.match(
    caption,
    /The longest took 30\.00 ms, from 200\.0 ms on, and is put down to a compaction\./,
  );
  assert.match(
    caption,
    /Of the 3 that are drawn, 2 to a compaction and 1 to nothing that is known\./,
  );
  assert.match(caption, /What was seen for longest was a compaction, in 30% of the time\./);
  assert.doesNotMatch(caption, /largest compaction/);
  assert.match(numbers, /50%/);
  assert.doesNotMatch(caption, /at its service time/);
  const scheduled = drawn(run(0, [{ response: { p50: 1e6, p99: 2e6, p999: 3e6, max: 4e6 } }]))!;
  assert.match(scheduled.caption, /a cross is one of the slowest, at its service time\./);
  assert.match(scheduled.markup, />Response times</);
});

Deno.test("timeMapFigure() tells of the engine's own compactions their levels and size, and what was slow then", () => {
  const background = [
    {
      kind: "compaction" as const,
      atNs: 1e8,
      ns: 2e8,
      bytes: 8 * 1024 ** 2,
      levels: { from: 0, to: 1 },
    },
    { kind: "flush" as const, atNs: 5e8, ns: 1e8, bytes: 64 * 1024 ** 2 },
  ];
  const { markup, caption } = drawn(run(3, [{
    on: { compaction: 0.2, flush: 0.1 },
    background,
    slow: [slow("compaction", 2.9e8, 3e7), slow("flush", 5e8, 1e6)],
  }]))!;
  assert.match(caption, /^Run 3,/);
  assert.match(
    caption,
    /The largest compaction \(L0 into L1\), 8 MiB written, 200\.0 ms from 100\.0 ms on, overlapped 1 of the slow operations that are drawn\./,
  );
  assert.equal([...markup.matchAll(/<rect class="edge"/g)].length, 2);
  assert.match(markup, />compaction of L0 into L1, 8 MiB written, 200\.0 ms from 100\.0 ms on</);
  // Of an engine that tells neither levels nor sizes.
  const bare = drawn(run(0, [{
    background: [{ kind: "compaction", atNs: 1e8, ns: 2e8, bytes: 0 }],
    slow: [slow("unknown", 5e8, 1e6)],
  }]))!;
  assert.match(
    bare.caption,
    /The largest compaction, 200\.0 ms from 100\.0 ms on, overlapped 0 of/,
  );
});

Deno.test("timeMapFigure() draws the run with the longest slow operation, and none that tells nothing", () => {
  const quick = run(0, [{ slow: [slow("unknown", 0, 1e6)] }]);
  const long = run(1, [{ slow: [slow("unknown", 0, 2e6)] }]);
  assert.match(drawn(quick, long)!.caption, /^Run 1,/);
  assert.match(drawn(long, quick)!.caption, /^Run 1,/);
  assert.match(drawn(run(2, [{}]))!.caption, /No operation was slow here\.$/);
  // Of a result from before windows told this.
  const { windows, ...older } = run(0, [{}]);
  const without = windows!.map(({ spread: _, ...window }) => window);
  assert.equal(drawn({ ...older, windows: without } as unknown as RunSeries), undefined);
});

Deno.test("timeMapFigure() of hours stays of one size, and a window without operations has no field", () => {
  const hours = Array.from({ length: 20_000 }, (_, i) => ({
    slow: Array.from({ length: 5 }, (_, k) => slow("runQueue", i * 1e9, 1e6 + k)),
    on: { runQueue: i % 2 },
    spread: i % 2 === 0 ? null : { first: 40, counts: Array(40).fill(3) },
  }));
  const { markup } = drawn(run(0, hours))!;
  assert.ok(markup.length < 400_000, `${markup.length} characters`);
  assert.equal([...markup.matchAll(/<title>/g)].length, 120);
  assert.ok(!markup.includes("NaN") && !markup.includes("Infinity"));
});
