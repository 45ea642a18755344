/** What can be set of etcd, and what of it is asked for. */
import type { StoreOptions } from "../contract.ts";
import { type Endpoint, newMeter, parseEndpoints } from "../grpc/mod.ts";
import { type CableSpec, missingCable } from "../cable/mod.ts";
import { refused, requireServerOptions } from "../server_options.ts";
import type { EtcdTarget } from "./client.ts";
import { EtcdError } from "./client.ts";
import { PASSWORD_VARIABLE, USER_VARIABLE } from "./variables.ts";

/** How long an operation may take, unless something else is set, ms. */
const DEADLINE_MS = 10_000;

/**
 * Refuses what etcd cannot be asked for, rather than measuring without it.
 *
 * @throws {StoreError} Names the first one.
 */
export function requireEtcdOptions(options: StoreOptions): void {
  requireServerOptions("etcd", options);
  const { endpoints, nodes, role = "leader" } = options;
  if (endpoints !== undefined && nodes !== undefined) {
    const reason = "the servers are named by endpoints; leave one of both out";
    throw refused("etcd", `nodes=${nodes}`, reason);
  }
  if (endpoints === undefined && nodesOf(options) === 1 && role === "follower") {
    throw refused("etcd", "role=follower", "one node has none; set nodes=3");
  }
  const file = TLS_OPTIONS.find((name) => options[name] !== undefined);
  if (endpoints === undefined && file !== undefined) {
    const reason =
      "servers that are started for a run speak no TLS; name others by endpoints, or " +
      "leave it out";
    throw refused("etcd", file, reason);
  }
  const cable = cableOf(options);
  if (endpoints !== undefined && cable !== undefined) {
    const reason =
      "a cable is emulated between servers that are started for a run; leave endpoints " +
      "out";
    throw refused("etcd", CABLE_OPTIONS.find((name) => options[name] !== undefined)!, reason);
  }
  if (cable !== undefined && cable.jitterMs > cable.delayMs) {
    throw refused("etcd", `jitterMs=${cable.jitterMs}`, "it is at most delayMs; set that too");
  }
  const missing = cable && missingCable();
  if (missing !== undefined) {
    const given = CABLE_OPTIONS.filter((name) => options[name] !== undefined);
    throw refused("etcd", given.map((name) => `${name}=${options[name]}`).join(","), missing);
  }
  if (endpoints !== undefined) parseEndpoints(endpoints);
}

/** The options that say what is shown over TLS, and who is believed. */
const TLS_OPTIONS = ["caFile", "certFile", "keyFile"] as const;

/** The options that lay a cable between servers. */
const CABLE_OPTIONS = ["delayMs", "jitterMs", "loss"] as const;

/** What servers that are named have decided: how many there are, and what lies between them. */
export function decidedOptions({ endpoints }: StoreOptions): readonly string[] {
  return endpoints === undefined ? [] : ["nodes", ...CABLE_OPTIONS];
}

/** The cable between the servers that are started; `undefined` where none is asked for. */
export function cableOf(options: StoreOptions): CableSpec | undefined {
  if (CABLE_OPTIONS.every((name) => options[name] === undefined)) return undefined;
  const { delayMs = 0, jitterMs = 0, loss = 0 } = options;
  return { delayMs, jitterMs, loss };
}

/** How many servers are started where none are named. */
export function nodesOf({ nodes = 1 }: StoreOptions): number {
  return nodes;
}

/**
 * How the servers are reached.
 *
 * @param started Those that were started for this; absent: the options name them.
 */
export function etcdTarget(options: StoreOptions, started?: readonly Endpoint[]): EtcdTarget {
  const { caFile, certFile, keyFile } = options;
  const named = started === undefined ? parseEndpoints(options.endpoints ?? "") : undefined;
  const tls = named !== undefined && (named.tls || caFile !== undefined || certFile !== undefined);
  const name = named && Deno.env.get(USER_VARIABLE);
  const password = named && Deno.env.get(PASSWORD_VARIABLE);
  if ((name === undefined) !== (password === undefined)) {
    throw new EtcdError(`set both ${USER_VARIABLE} and ${PASSWORD_VARIABLE}, or none`, true);
  }
  return {
    endpoints: started ?? named!.endpoints,
    ...(started !== undefined && { started: true }),
    ...(tls && { tls: { caFile, certFile, keyFile } }),
    ...(name !== undefined && { user: { name, password: password! } }),
    role: options.role ?? "leader",
    connections: options.connections ?? 1,
    deadlineMs: options.deadlineMs ?? DEADLINE_MS,
    consistency: options.consistency ?? "linearizable",
    meter: newMeter(),
  };
}
