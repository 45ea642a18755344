import { buildProgram } from "./program.ts";
import { runProgram } from "./run_program.ts";
import { STANDARD, type Streams } from "./streams.ts";

/**
 * Runs a command line.
 *
 * @param args What follows the program's name.
 * @returns The exit code: 0 fine, 1 a target missed, 2 a mistake in the call or a file, 3 the
 * measuring failed.
 */
export function main(args: readonly string[], streams: Streams = STANDARD): Promise<number> {
  return runProgram(buildProgram, args, streams);
}
