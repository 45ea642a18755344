import type { StoreKind } from "../../kind.ts";

/** The floor of etcd: its client, and a server that does nothing. */
export const NULL_ETCD: StoreKind = {
  name: "null-etcd",
  summary: "etcd's client before a server that does nothing: the client's own cost",
  api: () => "async",
  informational: () => false,
  missing: () => undefined,
  require: () => {},
  properties: {},
  inFlight: true,
  variables: [],
  reach: () => ({ hosts: ["127.0.0.1"], programs: [] }),
  async open(path) {
    const { openNullEtcd } = await import("./open.ts");
    return await openNullEtcd(path);
  },
};
