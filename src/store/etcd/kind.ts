import type { StoreOptions } from "../contract.ts";
import type { StoreKind } from "../kind.ts";
import { endpointText, parseEndpoints } from "../grpc/mod.ts";
import { NULL_ETCD } from "./null/kind.ts";
import { clusterPrograms, ETCD_VARIABLE, etcdProgram } from "./cluster.ts";
import { BENCHMARK_NETWORK, missingCable } from "../cable/mod.ts";
import { cableOf, PASSWORD_VARIABLE, requireEtcdOptions, USER_VARIABLE } from "./options.ts";

/** What is missing where servers are to be started. */
function missingEtcd(options: StoreOptions): string | undefined {
  if (options.endpoints !== undefined) return undefined;
  if (etcdProgram() !== undefined) {
    return cableOf(options) === undefined ? undefined : missingCable();
  }
  return "There is no etcd on this machine: install it (Debian: apt-get install etcd-server), name " +
    `one by ${ETCD_VARIABLE}, or name running servers by --set endpoints=HOST:PORT`;
}

/** etcd, or a server that speaks the same, over gRPC. */
export const ETCD: StoreKind = {
  name: "etcd",
  summary: "etcd over gRPC: servers of its own for each run, or those that --set endpoints names",
  api: () => "async",
  informational: () => false,
  missing: missingEtcd,
  require: requireEtcdOptions,
  async open(path, options) {
    const { openEtcd } = await import("./store.ts");
    return await openEtcd(path, options);
  },
  properties: {},
  inFlight: true,
  calibration: NULL_ETCD.name,
  variables: [ETCD_VARIABLE, USER_VARIABLE, PASSWORD_VARIABLE, "PATH"],
  reach(options) {
    const { endpoints } = options;
    if (endpoints !== undefined) {
      const hosts = parseEndpoints(endpoints).endpoints.map(endpointText);
      return { hosts, programs: [], running: true };
    }
    const apart = cableOf(options) !== undefined;
    return { hosts: [apart ? BENCHMARK_NETWORK : "127.0.0.1"], programs: clusterPrograms(apart) };
  },
};
