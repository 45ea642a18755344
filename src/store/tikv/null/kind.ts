import type { StoreKind } from "../../kind.ts";

/** The floor of TiKV: its client, and a server that does nothing. */
export const NULL_TIKV: StoreKind = {
  name: "null-tikv",
  summary: "TiKV's client before a server that does nothing: the client's own cost",
  api: () => "async",
  informational: () => false,
  missing: () => undefined,
  require: () => {},
  properties: {},
  inFlight: true,
  variables: [],
  reach: () => ({ hosts: ["127.0.0.1"], programs: [] }),
  async open(path) {
    const { openNullTikv } = await import("./open.ts");
    return await openNullTikv(path);
  },
};
