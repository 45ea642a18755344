/** Results of ladders, made up. */
import type { Result } from "../../../result/mod.ts";
import { sampleResult, sampleStore } from "../../_testing/sample_result.ts";

/** A rung to make up. */
export interface SampleRung {
  /** As its store's name has it. */
  name: string;
  /** How many times the first one's time it takes. */
  factor: number;
  compiler?: string;
  options?: Record<string, string>;
}

/** A result over these releases, of one store. */
export function sampleLadder(rungs: readonly SampleRung[], runs: number, seed = 1): Result {
  const stores = rungs.map(({ name, factor, compiler = "GCC 7.3.1" }) =>
    sampleStore(`raw@${name}`, factor, {
      version: name,
      release: {
        name,
        sha256: name.replaceAll(/\D/g, "").padStart(64, "0"),
        pinned: true,
        source: "a Maven repository",
        compiler,
        compressions: null,
      },
    })
  );
  const result = sampleResult({ stores, runs, seed });
  const rungOf = (store: string) => rungs.find(({ name }) => store === `raw@${name}`);
  return {
    ...result,
    suite: { ...result.suite, ladder: true, targets: [], claims: [] },
    benchmarks: result.benchmarks.map((benchmark) => {
      const rung = rungOf(benchmark.store);
      return rung === undefined ? benchmark : { ...benchmark, variant: { release: rung.name } };
    }),
    runs: result.runs.map((run) => {
      const options = run.run === 0 && run.store !== null
        ? rungOf(run.store.store)?.options
        : undefined;
      return options === undefined ? run : { ...run, engineOptions: options };
    }),
  };
}
