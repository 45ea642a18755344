import type { Streams } from "./streams.ts";

/** What a command is told of its call. */
export interface Call {
  streams: Streams;
  /** The whole command line, for a result to record. */
  args: readonly string[];
  /** Takes the exit code of a command that came to its end. */
  ended(code: number): void;
}
