/** What two nights of a benchmark differ in beside commit and library. */
import type { NightRecord } from "../../result/mod.ts";

/** The part of a night's record that conditions come from. */
type NightConditions = Pick<NightRecord, "machine" | "stores" | "suite" | "profile">;

/**
 * Says what differs in the conditions of two nights, a clause each: the machine's facts, suite,
 * profile, and what the benchmark's store said of itself.
 *
 * @param store The benchmark's store.
 * @returns Clauses such as `kernel 6.1.0 → 6.1.12`, without a period; none where nothing that is
 * recorded differs, as where only the workload was changed.
 */
export function nightDifferences(
  before: NightConditions,
  after: NightConditions,
  store: string,
): string[] {
  const [from, to] = [factsOf(before, store), factsOf(after, store)];
  return [...new Set([...from.keys(), ...to.keys()])]
    .filter((name) => from.get(name) !== to.get(name))
    .map((name) =>
      `${name} ${from.get(name) ?? "not recorded"} → ${to.get(name) ?? "not recorded"}`
    );
}

function factsOf(
  { machine, stores, suite, profile }: NightConditions,
  store: string,
): Map<string, string> {
  const description = stores.find((each) => each.store === store)?.description ?? null;
  const { api, durability, network, options } = description ?? {};
  const facts = {
    suite,
    profile,
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
