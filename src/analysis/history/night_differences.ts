/** What two nights of a benchmark differ in beside commit and library. */
import type { NightRecord } from "../../result/mod.ts";

/** The part of a night's record that conditions come from. */
type NightConditions = Pick<NightRecord, "machine" | "stores" | "suite" | "profile" | "benchmarks">;

/** A benchmark, and its store. */
interface Whose {
  id: string;
  store: string;
}

/**
 * The benchmarks that two nights have with times of different estimators, such as the mean of a tool's
 * times in one and their median in the other: what changed there is of the estimator too.
 *
 * @returns Their ids.
 */
export function otherEstimators(
  before: Pick<NightRecord, "benchmarks">,
  after: Pick<NightRecord, "benchmarks">,
): string[] {
  const known = new Map(before.benchmarks.map((benchmark) => [benchmark.id, benchmark]));
  return after.benchmarks
    .filter(({ id, estimator }) => known.has(id) && known.get(id)!.estimator !== estimator)
    .map(({ id }) => id);
}

/**
 * Says what differs in the conditions of two nights, a clause each: the machine's facts, suite,
 * profile, the estimator of the benchmark's times, and what its store said of itself.
 *
 * @returns Clauses such as `kernel 6.1.0 → 6.1.12`, without a period; none where nothing that is
 * recorded differs, as where only the workload was changed.
 */
export function nightDifferences(
  before: NightConditions,
  after: NightConditions,
  benchmark: Whose,
): string[] {
  const [from, to] = [factsOf(before, benchmark), factsOf(after, benchmark)];
  return [...new Set([...from.keys(), ...to.keys()])]
    .filter((name) => from.get(name) !== to.get(name))
    .map((name) =>
      `${name} ${from.get(name) ?? "not recorded"} → ${to.get(name) ?? "not recorded"}`
    );
}

function factsOf(
  { machine, stores, suite, profile, benchmarks }: NightConditions,
  { id, store }: Whose,
): Map<string, string> {
  const own = benchmarks.find((benchmark) => benchmark.id === id);
  const description = stores.find((each) => each.store === store)?.description ?? null;
  const { api, durability, network, options } = description ?? {};
  const facts = {
    suite,
    profile,
    ...(own !== undefined && { "estimator of its times": own.estimator ?? "mean" }),
    ...Object.fromEntries(Object.entries(machine).map(([name, value]) => [words(name), value])),
    api,
    durability,
    network,
    ...Object.fromEntries(
      Object.entries(options ?? {}).map(([name, value]) => [`option ${name}`, value]),
    ),
  };
  return new Map(
    Object.entries(facts).flatMap(([name, value]) =>
      value === null || value === undefined ? [] : [[name, String(value)]]
    ),
  );
}

/** `usableProcessors` as `usable processors`. */
function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
