/** Ten years of nights with 60 series: how long it takes to judge them. */
import { Random } from "../../stats/mod.ts";
import { judgeHistory } from "./judge.ts";
import { madeUpSeries } from "./_testing/made_up.ts";

const NIGHTS = 3650;
const random = new Random(1);
const series = Array.from({ length: 60 }, (_, i) => {
  let level = 1000;
  const values = Array.from({ length: NIGHTS }, () => {
    if (random.uniform() < 1 / 200) level *= Math.exp(0.1 * random.normal());
    const spike = random.uniform() < 0.05 ? 1.2 : 1;
    return random.uniform() < 0.02 ? null : level * spike * (1 + 0.02 * random.normal());
  });
  return madeUpSeries(values, { benchmark: `raw/benchmark/${i}` });
});

Deno.bench("judge 60 series of 3,650 nights", { n: 3, warmup: 1 }, () => {
  judgeHistory(series);
});
