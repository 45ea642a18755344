import { printable, red, setStyled } from "../format/mod.ts";
import type { Call } from "./call.ts";
import { EXIT, isHelp, knownFailure } from "./exit_code.ts";
import { buildProgram } from "./program.ts";
import { STANDARD, type Streams } from "./streams.ts";

/**
 * Runs a command line.
 *
 * @param args What follows the program's name.
 * @returns The exit code: 0 fine, 1 a target missed, 2 a mistake in the call or a file, 3 the
 * measuring failed.
 */
export async function main(args: readonly string[], streams: Streams = STANDARD): Promise<number> {
  setStyled(streams.colors);
  let code: number = EXIT.fine;
  try {
    const call: Call = { streams, args, ended: (ended) => code = ended };
    await buildProgram(call).parseAsync(args, { from: "user" });
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
