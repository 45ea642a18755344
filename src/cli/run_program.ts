import type { Command } from "commander";
import { printable, red, setStyled } from "../format/mod.ts";
import type { Call } from "./call.ts";
import { EXIT, isHelp, knownFailure } from "./exit_code.ts";
import { STANDARD, type Streams } from "./streams.ts";

/**
 * Runs a command line of a program, and tells of what went wrong in one line.
 *
 * @param build Makes the program; what it calls `ended` with is the exit code.
 * @param args What follows the program's name.
 * @returns The exit code, 3 where the program itself is at fault.
 */
export async function runProgram(
  build: (call: Call) => Command,
  args: readonly string[],
  streams: Streams = STANDARD,
): Promise<number> {
  setStyled(streams.colors);
  let code: number = EXIT.fine;
  try {
    const call: Call = { streams, args, ended: (ended) => code = ended };
    await build(call).parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (isHelp(error)) return EXIT.fine;
    const failure = knownFailure(error);
    if (failure === undefined) {
      const text = error instanceof Error ? error.stack ?? error.message : String(error);
      streams.error(`${red("error:")} This is a fault of Tidemark itself: ${text}\n`);
      return EXIT.failed;
    }
    streams.error(`${red("error:")} ${printable(failure.line)}\n`);
    return failure.code;
  }
}
