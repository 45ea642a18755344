/** The findings, in the order in which they are told. */
import { type Remark, tellAll } from "../../remark/mod.ts";
import type { FindingTopic } from "../model.ts";
import type { FindingContext, TellFinding } from "./context.ts";
import {
  compactionDue,
  dataInFiles,
  dataInMemory,
  writesFlushed,
  writesNotFlushed,
} from "./data.ts";
import { delayGrowth, layerCosts } from "./delay.ts";
import { machineNoise, verdict } from "./first_screen.ts";
import {
  clockShare,
  crossing,
  harnessShare,
  otherLoad,
  outlierShare,
  runSpread,
  sessionChange,
  steadyRuns,
  stolenTime,
} from "./measurement.ts";
import { readAgainstWrite, scanAgainstGet, subMicrosecondReads, tailRatio } from "./performance.ts";
import {
  clusterTrouble,
  loadShare,
  partsDisagree,
  storageShare,
  whereTimeGoes,
} from "./servers.ts";
import { slowCauses } from "./slow.ts";
import { soaks } from "./soak.ts";
import { asyncOverhead, brokenTurns, kvStoreOverhead, pairedStores } from "./stores.ts";
import { targetSummary } from "./targets.ts";
import { untilSure } from "./until_sure.ts";

const ALL: TellFinding[] = [
  verdict,
  machineNoise,
  targetSummary,
  subMicrosecondReads,
  readAgainstWrite,
  scanAgainstGet,
  tailRatio,
  soaks,
  slowCauses,
  kvStoreOverhead,
  asyncOverhead,
  pairedStores,
  brokenTurns,
  layerCosts,
  storageShare,
  loadShare,
  whereTimeGoes,
  delayGrowth,
  partsDisagree,
  clusterTrouble,
  dataInMemory,
  dataInFiles,
  writesNotFlushed,
  writesFlushed,
  compactionDue,
  runSpread,
  sessionChange,
  steadyRuns,
  untilSure,
  outlierShare,
  harnessShare,
  crossing,
  clockShare,
  stolenTime,
  otherLoad,
];

/** The findings whose condition holds. */
export function findAll(context: FindingContext): Remark<FindingTopic>[] {
  return tellAll(ALL, context);
}
