/** All fuzzers. */
import type { FuzzTarget } from "../target.ts";
import { archive } from "./archive.ts";
import { clusterFile } from "./cluster_file.ts";
import { histogram } from "./histogram.ts";
import { historyLine } from "./history_line.ts";
import { importers } from "./importers.ts";
import { journal } from "./journal.ts";
import { ladder } from "./ladder.ts";
import { nodeStream } from "./node_stream.ts";
import { result } from "./result.ts";
import { suite } from "./suite.ts";

/** What of our own forms is read. */
export const OWN: readonly FuzzTarget[] = [
  journal,
  result,
  nodeStream,
  historyLine,
  histogram,
  suite,
  clusterFile,
  ladder,
  archive,
];

/** Every fuzzer, our own forms first. */
export const TARGETS: readonly FuzzTarget[] = [...OWN, ...importers];
