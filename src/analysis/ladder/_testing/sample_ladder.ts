/** Results of ladders, made up. */
import type { Result, RunRecord } from "../../../result/mod.ts";
import { derive, Random } from "../../../stats/mod.ts";
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
export function sampleLadder(
  rungs: readonly SampleRung[],
  runs: number,
  seed = 1,
  observations = 20_000,
): Result {
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
  const result = sampleResult({ stores, runs, seed, observations });
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

/** How a ladder in turns is made up. */
export interface SampleTurns {
  /** The rungs that play together, by name. */
  groups: readonly (readonly string[])[];
  seed?: number;
  /** Spread of what the machine does to all that play together, from one time to the next, as log. */
  machine?: number;
}

/**
 * The same whose rungs took turns: what the machine does to those that play together, and what it does
 * to a round, falls on each of them.
 */
export function sampleLadderInTurns(
  rungs: readonly SampleRung[],
  runs: number,
  { groups, seed = 1, machine = 0.4 }: SampleTurns,
): Result {
  const named = groups.map((group) => group.map((name) => `raw@${name}`));
  const times = (store: string) => named.filter((group) => group.includes(store)).length;
  const most = Math.max(...rungs.map(({ name }) => times(`raw@${name}`)));
  const result = sampleLadder(rungs, runs * most, seed, 2000);
  const random = new Random(derive(seed, "turns"));
  const templates = new Map(result.runs.map((run) => [`${run.run} ${run.benchmark}`, run]));
  const next = new Map<string, number>();
  let began = Date.parse(result.startedAt);
  const played = [...Array(runs).keys()].flatMap(() =>
    named.flatMap((group) =>
      [...new Set(result.benchmarks.map(({ name }) => name))].flatMap((name) => {
        const startedAt = new Date(began += 1000).toISOString();
        const rounds = Array.from(
          { length: 30 },
          () => machine * random.normal() / 4,
        );
        const level = machine * random.normal();
        return group.map((store, place) => {
          const id = `${store}/${name}`;
          const run = next.get(id) ?? 0;
          next.set(id, run + 1);
          const template = templates.get(`${run} ${id}`)!;
          const [{ iterations, ns }] = template.samples as [RunRecord["samples"][number]];
          let atNs = 0;
          const samples = rounds.map((round, turn) => {
            const time = ns * Math.exp(level + round);
            const sample = { iterations, ns: time, atNs, turn: group.length * turn + place };
            atNs += time;
            return sample;
          });
          return {
            ...template,
            startedAt,
            samples,
            duet: {
              startedFirst: place === 0,
              handoverNs: 2e5,
              awaitedNs: 0,
              turnsNotQuiet: 0,
              together: group.length,
            },
          };
        });
      })
    )
  );
  return {
    ...result,
    profile: { ...result.profile, runs },
    turns: { batchMs: 1.5, groups: named },
    benchmarks: result.benchmarks.map((benchmark) =>
      times(benchmark.store) > 1 ? { ...benchmark, runs: times(benchmark.store) * runs } : benchmark
    ),
    runs: [...played, ...result.runs.filter(({ benchmark }) => benchmark.startsWith("null/"))],
  };
}
