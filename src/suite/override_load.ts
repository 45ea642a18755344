/** A load in which something is another than its suite says. */
import type { ClientGroup, KeyDistribution, LoadSpec } from "../workload/mod.ts";
import { readLoad } from "./load_source.ts";

/** What is another; what is absent stays. */
export interface LoadChange {
  /** Keys in the store at the beginning. */
  keys?: number | undefined;
  /** Bytes of every value. */
  valueBytes?: number | undefined;
  /** Clients of what is measured. */
  clients?: number | undefined;
  /** Operations a second of what is measured; where it had no schedule, they arrive by Poisson. */
  rate?: number | undefined;
  /** The exponent of the keys' distribution, where it has one. */
  theta?: number | undefined;
}

/**
 * The load with the change: in the groups that are measured, and not in those beside.
 *
 * @throws {RangeError} Where it makes no sense then, or has no θ to change. The message begins with the
 * field, and is one line.
 */
export function overrideLoad(load: LoadSpec, change: LoadChange): LoadSpec {
  const { keys, valueBytes } = change;
  const groups = load.groups.map((group) => group.counted ? changedClients(group, change) : group);
  const changed: LoadSpec = {
    ...load,
    ...(keys !== undefined && { keys }),
    ...(valueBytes !== undefined && { valueSize: { kind: "fixed", size: valueBytes } as const }),
    groups,
  };
  requireSense(changed);
  return changed;
}

function changedClients(group: ClientGroup, { clients, rate, theta }: LoadChange): ClientGroup {
  const { pace } = group;
  return {
    ...group,
    ...(clients !== undefined && { clients }),
    ...(rate !== undefined && {
      pace: { arrivals: "poisson", ...pace, loop: "open", rate } as const,
    }),
    ...(theta !== undefined && { keyDistribution: withTheta(group.keyDistribution, theta) }),
  };
}

function withTheta(distribution: KeyDistribution, theta: number): KeyDistribution {
  if ("theta" in distribution) return { ...distribution, theta };
  throw new RangeError(
    `theta: keys are taken as ${distribution.kind}, which has none; leave it out, or take zipfian`,
  );
}

/** Reads the load again as if a suite had said it. */
function requireSense({ groups, ...load }: LoadSpec): void {
  for (const group of groups) {
    const { counted: _, pace, scanLength, batchKeys, ...clients } = group;
    const { mix } = clients;
    readLoad({
      ...load,
      ...clients,
      // Readers beside a writer may find an empty store.
      ...(!group.counted && { filled: true }),
      ...(mix.scan !== undefined && { scanLength }),
      ...((mix.multiGet !== undefined || mix.batch !== undefined) && { batchKeys }),
      ...(pace.loop === "open" && { rate: pace.rate, arrivals: pace.arrivals }),
    });
  }
}
