/** A call of `bench`. */
import type { CompareOptions, LabelledResult } from "../../../analysis/mod.ts";
import type { Streams } from "../../streams.ts";
import type { BenchFlags } from "./command.ts";

/** A call of `bench`. */
export interface BenchSession {
  flags: BenchFlags;
  streams: Streams;
  /** The whole command line, to be recorded. */
  command: readonly string[];
  signal: AbortSignal;
  /** How a comparison is made. */
  comparing: CompareOptions;
  /** Where the result is to be saved as well. */
  baseline?: string | undefined;
  /** What was measured before, which the result is to be compared with. */
  rival?: LabelledResult | undefined;
}
