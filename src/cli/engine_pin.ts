/** Adds releases to the table of the pinned ones. A task of its own, for who keeps the table. */
import { printable } from "../format/mod.ts";
import { STANDARD } from "./streams.ts";
import { EngineError, pinRelease } from "../engine/mod.ts";
import { EXIT, knownFailure } from "./exit_code.ts";

const TABLE = new URL("../engine/releases.json", import.meta.url).pathname;

if (import.meta.main) {
  let code: number = EXIT.fine;
  try {
    if (Deno.args.length === 0) throw new EngineError("Cannot pin: name releases", "usage");
    for (const name of Deno.args) {
      await pinRelease(name, TABLE, (line) => STANDARD.error(`${line}\n`));
    }
  } catch (error) {
    const failure = knownFailure(error);
    if (failure === undefined) throw error;
    STANDARD.error(`error: ${printable(failure.line)}\n`);
    code = failure.code;
  }
  Deno.exit(code);
}
