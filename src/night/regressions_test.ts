import assert from "node:assert/strict";
import { madeUpSeries, nightAt } from "../analysis/history/_testing/made_up.ts";
import { judgeHistory, NEWS_NIGHTS } from "../analysis/mod.ts";
import { regressions } from "./regressions.ts";

/** Latencies of some nights that spread by a percent, slowed from a night on. */
function latencies(nights: number, slowFrom = Infinity, factor = 1.5) {
  const at = (t: number) => 1000 * (1 + 0.01 * Math.sin(7 * t)) * (t < slowFrom ? 1 : factor);
  return madeUpSeries(Array.from({ length: nights }, (_, t) => at(t)));
}

const regressed = (series: ReturnType<typeof latencies>, night: string) =>
  regressions(judgeHistory([series]), night);

Deno.test("regressions() names what is worse tonight than before", () => {
  const series = latencies(40, 39);
  const { benchmark, metric, node } = series;
  assert.deepEqual(regressed(series, nightAt(39)), [`${benchmark} ${metric} on ${node}`]);
  assert.deepEqual(regressed(latencies(40), nightAt(39)), []);
  assert.deepEqual(regressed(latencies(40, 39, 0.5), nightAt(39)), [], "it is faster");
});

Deno.test("regressions() tells of a level that is worse as long as it is news", () => {
  // Night by night: each stands out until the shift is found, which is told for two weeks then.
  const told = Array.from({ length: 30 }, (_, i) => 41 + i)
    .map((nights) => regressed(latencies(nights, 40), nightAt(nights - 1)).length);
  assert.deepEqual(told, Array.from({ length: 30 }, (_, i) => i < NEWS_NIGHTS ? 1 : 0));
});

Deno.test("regressions() is silent on a night that is not the history's newest", () => {
  assert.deepEqual(regressed(latencies(40, 39), nightAt(38)), []);
  assert.deepEqual(regressions(judgeHistory([]), nightAt(0)), []);
});
