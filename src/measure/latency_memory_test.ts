import assert from "node:assert/strict";
import { run } from "../_testing/child.ts";
import { LatencyHistogram } from "./latency.ts";

Deno.test("a histogram that is disposed of gives back its memory, and is used no more", {
  timeout: 60_000,
}, async () => {
  const histogram = await LatencyHistogram.create();
  histogram[Symbol.dispose]();
  assert.throws(() => histogram.record(Float64Array.of(5)), /destroyed/);
  const program = new URL("./_testing/histogram_memory.ts", import.meta.url).pathname;
  const { code, out, err } = await run(Deno.execPath(), ["run", "--no-prompt", program], {
    seconds: 50,
  });
  assert.equal(code, 0, err);
  assert.ok(Number(out) < 20 * 2 ** 20, `400 histograms left ${Number(out) / 2 ** 20} MiB`);
});
