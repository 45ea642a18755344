import type { StoreOptions } from "../contract.ts";
import { StoreError } from "../error.ts";
import type { StoreKind } from "../kind.ts";
import { NULL_TIKV } from "./null/kind.ts";
import { machinesOf, requireTikvOptions } from "./options.ts";

/** What is missing where no servers are named. */
function missingTikv({ pd }: StoreOptions): string | undefined {
  if (pd !== undefined) return undefined;
  return "There is no TiKV that is started for a run: name the PD of a running one by " +
    "--set pd=HOST:PORT";
}

/** TiKV's raw keys, over gRPC, by way of its placement driver. */
export const TIKV: StoreKind = {
  name: "tikv",
  summary: "TiKV's raw keys over gRPC: running servers, whose PD --set pd names",
  api: () => "async",
  informational: () => false,
  missing: missingTikv,
  require(options) {
    requireTikvOptions(options);
    const missing = missingTikv(options);
    if (missing === undefined) return;
    throw new StoreError(`Cannot open the store tikv: ${missing}`, "open", "usage");
  },
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
