/** Prints how long 100,000 resamples of 1,000 samples take for all five estimates. */
import { criterionEstimates } from "./bootstrap.ts";
import { Random } from "./random.ts";

const SAMPLES = 1_000;
const RESAMPLES = 100_000;
const random = new Random(1);
const iterations = Float64Array.from({ length: SAMPLES }, (_, sample) => sample + 1);
const ns = iterations.map((count) => count * (900 + 100 * Math.exp(random.normal())));

for (const mode of ["flat", "linear"] as const) {
  for (const interval of ["percentile", "bca"] as const) {
    const start = performance.now();
    criterionEstimates({ iterations, ns, mode, interval, resamples: RESAMPLES, seed: 1 });
    const seconds = ((performance.now() - start) / 1_000).toFixed(2);
    const work = `${RESAMPLES} resamples of ${SAMPLES} samples`;
    console.log(`${mode} ${interval}: ${work} in ${seconds} s`);
  }
}
