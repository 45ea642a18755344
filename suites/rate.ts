/**
 * Response times at rates: operations arrive when a schedule says so, whether the store is ready or
 * not, as they do from users.
 */
import { defineSuite, type LoadBenchmarkSource } from "../src/mod.ts";

const load = {
  keys: "100k",
  valueSize: 100,
  mix: { get: 0.5, update: 0.5 },
  keyDistribution: "zipfian",
} as const;

const loads: LoadBenchmarkSource[] = ["5k", "10k", "20k", "40k", "80k"].map((rate) => ({
  name: `rate/${rate}`,
  shape: "settled",
  seconds: 5,
  load: { ...load, rate },
  // They differ in their rate alone: what the highest one is, is one question.
  ...(rate === "5k" && { findRate: {} }),
}));

export default defineSuite({
  name: "rate",
  title: "Response Times at Rates",
  summary:
    "Half reads and half updates to zipfian keys by one client, which arrive by Poisson at " +
    "rates from 5,000 to 80,000 a second: the response time counts from the intended start. By three " +
    "runs and more, the highest rate that is kept is searched as well.",
  stores: ["raw"],
  loads,
  nextSteps: [
    "Measure at the rates of the deployment (`--rate 15k`), and with its clients (`--clients 4`).",
    "Where the last rates are overloaded, the capacity lies below them.",
  ],
});
