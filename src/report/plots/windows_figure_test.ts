import assert from "node:assert/strict";
import type { Analysis, RunSeries } from "../../analysis/mod.ts";
import { writeMarkup } from "../html/markup.tsx";
import type { Measured } from "./marks.ts";
import { windowsFigure } from "./mod.ts";

/** Ten windows of a second, of which some have no operation. */
function run(without: readonly number[], gap?: RunSeries["gap"]): RunSeries {
  const tail = { p50: 1e6, p99: 5e6, p999: 8e6, max: 9e6 };
  const windows = Array.from({ length: 10 }, (_, i) => ({
    atNs: i * 1e9,
    ns: 1e9,
    operations: without.includes(i) ? 0 : 500,
    service: without.includes(i) ? null : tail,
  }));
  return { run: 0, windows, ...(gap !== undefined && { gap }) } as unknown as RunSeries;
}

function drawn(...runs: RunSeries[]) {
  const analysis = { stores: [{ store: "etcd" }] } as unknown as Analysis;
  const measured = { benchmark: { store: "etcd" }, series: { runs } } as unknown as Measured;
  const [figure] = windowsFigure(analysis, 1, "mixed", [measured]);
  return { caption: JSON.stringify(figure!.caption), markup: writeMarkup(figure!.drawing.marks) };
}

Deno.test("windowsFigure() marks where servers answered nothing, and says what happened there", () => {
  const gap = { atNs: 2.5e9, ns: 1.3e9, leaderChanges: 1, retries: 16 };
  const { caption, markup } = drawn(run([3], gap));
  assert.match(
    caption,
    /Shaded is where the servers answered nothing: in run 0 for 1\.300 s from 2\.500 s on \(1 leader change and 16 retries\)/,
  );
  assert.match(markup, />no answer for 1\.300 s</);
  // In both panels, and inside of the plot.
  const shaded = [
    ...markup.matchAll(/<rect class="area" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g),
  ];
  assert.equal(shaded.length, 2);
  for (const [, x, width] of shaded) assert.ok(Number(x) + Number(width) <= 440);
});

Deno.test("windowsFigure() keeps a gap at the end inside, and marks none where there is none", () => {
  const late = drawn(run([9], { atNs: 8.9e9, ns: 4e9, leaderChanges: 0, retries: 0 }));
  for (
    const [, x, width] of late.markup.matchAll(/"area" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"/g)
  ) {
    assert.ok(Number(x) + Number(width) <= 440 - 34 + 1);
  }
  assert.match(late.caption, /for 4\.000 s from 8\.900 s on\."/);
  const quiet = drawn(run([]));
  assert.ok(!quiet.markup.includes("area") && !quiet.caption.includes("Shaded"));
});
