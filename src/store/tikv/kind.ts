import type { StoreKind } from "../kind.ts";
import { NULL_TIKV } from "./null/kind.ts";
import { machinesOf, requireTikvOptions } from "./options.ts";

/** TiKV's raw keys, over gRPC, by way of its placement driver. */
export const TIKV: StoreKind = {
  name: "tikv",
  summary: "TiKV's raw keys over gRPC: running servers, whose PD --set pd names",
  api: () => "async",
  informational: () => false,
  missing({ pd }) {
    if (pd !== undefined) return undefined;
    return "There is no TiKV that is started for a run: name the PD of a running one by " +
      "--set pd=HOST:PORT";
  },
  require: requireTikvOptions,
  async open(path, options) {
    const { openTikv } = await import("./store.ts");
    return await openTikv(path, options);
  },
  properties: {},
  inFlight: true,
  calibration: NULL_TIKV.name,
  variables: [],
  reach: (options) => ({ hosts: machinesOf(options), programs: [], running: true }),
};
