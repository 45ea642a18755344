import type { ServerOptions, StoreOptions } from "./contract.ts";
import { StoreError } from "./error.ts";

/** Each option that only servers have. */
const NAMES: Record<keyof ServerOptions, true> = {
  endpoints: true,
  nodes: true,
  consistency: true,
  role: true,
  connections: true,
  deadlineMs: true,
  caFile: true,
  certFile: true,
  keyFile: true,
};

/**
 * Refuses the options that only servers have, for a store that is none.
 *
 * @throws {StoreError} Names the first one.
 */
export function refuseServerOptions(options: StoreOptions): void {
  const given = (Object.keys(NAMES) as (keyof ServerOptions)[])
    .find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new StoreError(
    `Cannot set ${given} of a store without servers: it is an option of etcd; measure with ` +
      "--store etcd, or leave it out",
    "open",
    "usage",
  );
}
