import { isFile } from "../../disk/mod.ts";
import type { StoreOptions } from "../contract.ts";
import { StoreError } from "../error.ts";
import type { StoreKind } from "../kind.ts";
import { endpointText, parseEndpoints } from "../grpc/endpoint.ts";
import { NULL_ETCD } from "./null/kind.ts";
import { PASSWORD_VARIABLE, USER_VARIABLE } from "./variables.ts";
// Who asks for another store begins without the client, the servers and the cable.
import defer * as cable from "../cable/mod.ts";
import defer * as cluster from "./cluster.ts";
import defer * as asked from "./options.ts";
import { ETCD_VARIABLE, etcdProgram } from "./program.ts";

/** What is missing where servers are to be started. */
function missingEtcd(options: StoreOptions): string | undefined {
  if (options.endpoints !== undefined) return undefined;
  const program = etcdProgram();
  if (program !== undefined && isFile(program)) {
    return asked.cableOf(options) === undefined ? undefined : cable.missingCable();
  }
  if (program !== undefined) {
    return `${ETCD_VARIABLE} names ${program}, and no program is there: name another one, or unset it`;
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
  require(options) {
    asked.requireEtcdOptions(options);
    const missing = missingEtcd(options);
    if (missing === undefined) return;
    throw new StoreError(`Cannot open the store etcd: ${missing}`, "open", "usage");
  },
  async open(path, options) {
    const { openEtcd } = await import("./store.ts");
    return await openEtcd(path, options);
  },
  decided: (options) => asked.decidedOptions(options),
  async requirePrograms(path) {
    const { requireEtcdProgram } = await import("./require_program.ts");
    await requireEtcdProgram(path);
  },
  properties: {},
  inFlight: true,
  etcdApi: true,
  calibration: NULL_ETCD.name,
  variables: [ETCD_VARIABLE, USER_VARIABLE, PASSWORD_VARIABLE, "PATH"],
  reach(options) {
    const { endpoints } = options;
    if (endpoints !== undefined) {
      const hosts = parseEndpoints(endpoints).endpoints.map(endpointText);
      return { hosts, programs: [], running: true };
    }
    const apart = asked.cableOf(options) !== undefined;
    return {
      hosts: [apart ? cable.BENCHMARK_NETWORK : "127.0.0.1"],
      programs: cluster.clusterPrograms(apart),
    };
  },
};
