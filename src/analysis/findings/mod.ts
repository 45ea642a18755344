/** The findings, in the order in which they are told. */
import type { Finding } from "../model.ts";
import type { Find, FindingContext } from "./context.ts";
import {
  compactionDue,
  dataInFiles,
  dataInMemory,
  writesFlushed,
  writesNotFlushed,
} from "./data.ts";
import {
  clockShare,
  harnessShare,
  otherLoad,
  outlierShare,
  runSpread,
  steadyRuns,
  steal,
} from "./measurement.ts";
import { readAgainstWrite, scanAgainstGet, subMicrosecondReads, tailRatio } from "./performance.ts";
import { asyncOverhead, kvStoreOverhead } from "./stores.ts";
import { targetSummary } from "./targets.ts";

const ALL: Find[] = [
  targetSummary,
  subMicrosecondReads,
  readAgainstWrite,
  scanAgainstGet,
  tailRatio,
  kvStoreOverhead,
  asyncOverhead,
  dataInMemory,
  dataInFiles,
  writesNotFlushed,
  writesFlushed,
  compactionDue,
  runSpread,
  steadyRuns,
  outlierShare,
  harnessShare,
  clockShare,
  steal,
  otherLoad,
];

/** The findings whose condition holds. */
export function findAll(context: FindingContext): Finding[] {
  return ALL.flatMap((find) => find(context) ?? []);
}
