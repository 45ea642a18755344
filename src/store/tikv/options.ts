/** What can be set of TiKV, and what of it is asked for. */
import type { StoreOptions } from "../contract.ts";
import { StoreError } from "../error.ts";
import { isHost, parseEndpoints } from "../grpc/endpoint.ts";
import { refused, requireServerOptions } from "../server_options.ts";
import { MOST_KEYSPACE } from "./keys.ts";
import type { TikvTarget } from "./pd.ts";

/** How long an operation may take, unless something else is set, ms: as TiKV's own clients have it. */
const DEADLINE_MS = 20_000;

/** What stands between two machines. */
const SEPARATOR = "+";

/**
 * Refuses what TiKV cannot be asked for, rather than measuring without it.
 *
 * @throws {StoreError} Names the first one.
 */
export function requireTikvOptions(options: StoreOptions): void {
  requireServerOptions("tikv", options);
  const { pd, api = 1, keyspace } = options;
  if (keyspace !== undefined && api === 1) {
    throw refused("tikv", `keyspace=${keyspace}`, "only version 2 has any; set api=2");
  }
  if (/^\d+$/.test(keyspace ?? "") && Number(keyspace) > MOST_KEYSPACE) {
    throw refused("tikv", `keyspace=${keyspace}`, `ids go up to ${MOST_KEYSPACE}`);
  }
  machinesOf(options);
  if (pd !== undefined) parseEndpoints(pd);
}

/**
 * The machines that servers are on, as Deno's permission names them: PD tells their ports.
 *
 * @throws {StoreError} Where one has no such form.
 */
export function machinesOf({ pd, stores }: StoreOptions): string[] {
  const named = stores?.split(SEPARATOR) ?? [];
  const odd = named.find((name) => !isHost(name));
  if (odd !== undefined) {
    throw new StoreError(
      `Cannot use the machine ${JSON.stringify(odd)}: write its name or address without a port, ` +
        `several with ${SEPARATOR} in between`,
      "open",
      "usage",
    );
  }
  const members = pd === undefined ? [] : parseEndpoints(pd).endpoints
    .map(({ host }) => host.includes(":") ? `[${host}]` : host);
  return [...new Set([...members, ...named])];
}

/** How the servers are reached. */
export function tikvTarget(options: StoreOptions): TikvTarget {
  const { pd = "", caFile, certFile, keyFile, keyspace = "0" } = options;
  const named = parseEndpoints(pd);
  const tls = named.tls || caFile !== undefined || certFile !== undefined;
  return {
    pd: named.endpoints,
    ...(tls && { tls: { caFile, certFile, keyFile } }),
    api: options.api ?? 1,
    keyspace: /^\d+$/.test(keyspace) ? Number(keyspace) : keyspace,
    connections: options.connections ?? 1,
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
  };
}
