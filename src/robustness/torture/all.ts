/** All steps of the torture, in their order. */
import { fullDevices, lostDevices } from "./devices.ts";
import { damagedJournals, otherThings } from "./files.ts";
import { manyBenchmarks, tenYears } from "./giants.ts";
import { clocks, manyWriters, nightsAtOnce } from "./histories.ts";
import { childKills, controllerKills } from "./kills.ts";
import { hostileArchives, hostileNames } from "./names.ts";
import type { TortureStep } from "./step.ts";
import { afterClose, damagedTables, sizes } from "./stores.ts";

/** The steps. */
export const STEPS: readonly TortureStep[] = [
  controllerKills,
  childKills,
  damagedJournals,
  otherThings,
  fullDevices,
  lostDevices,
  manyWriters,
  nightsAtOnce,
  clocks,
  hostileNames,
  hostileArchives,
  sizes,
  damagedTables,
  afterClose,
  manyBenchmarks,
  tenYears,
];
