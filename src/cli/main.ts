import * as colors from "@std/fmt/colors";
import { EXIT, isHelp, knownFailure } from "./exit_code.ts";
import { buildProgram } from "./program.ts";

/** Where a command writes. */
export interface Streams {
  /** For programs: JSON, or a report that was asked for. */
  out(text: string): void;
  /** For people. */
  error(text: string): void;
  /** Whether `error` is a terminal that lines can be rewritten on. */
  interactive: boolean;
}

const encoder = new TextEncoder();

function write(stream: { writeSync(bytes: Uint8Array): number }, text: string): void {
  const bytes = encoder.encode(text);
  for (let written = 0; written < bytes.length;) {
    written += stream.writeSync(bytes.subarray(written));
  }
}

const STANDARD: Streams = {
  out: (text) => write(Deno.stdout, text),
  error: (text) => write(Deno.stderr, text),
  interactive: Deno.stderr.isTerminal(),
};

/**
 * Runs a command line.
 *
 * @param args What follows the program's name.
 * @returns The exit code: 0 fine, 1 a target missed, 2 a mistake in the call or a file, 3 the
 * measuring failed.
 */
export async function main(args: readonly string[], streams: Streams = STANDARD): Promise<number> {
  colors.setColorEnabled(streams.interactive && !Deno.noColor);
  let code: number = EXIT.fine;
  try {
    await buildProgram(streams, (ended) => code = ended).parseAsync(args, { from: "user" });
    return code;
  } catch (error) {
    if (isHelp(error)) return EXIT.fine;
    const failure = knownFailure(error);
    if (failure === undefined) throw error;
    streams.error(`${colors.red("error:")} ${failure.line}\n`);
    return failure.code;
  }
}
