/** The program under which instructions are counted. */
import { outputWithin } from "../child/mod.ts";
import { isFile } from "../disk/mod.ts";
import { runsMachineCode, VALGRIND_PLACES } from "../native/mod.ts";
import { RunError } from "./error.ts";

/** How long it may take to say which one it is, s. */
const VERSION_SECONDS = 60;

/**
 * The valgrind of this machine.
 *
 * @throws {RunError} Where there is none, or processes that count cannot be told to.
 */
export function findValgrind(): string {
  if (!runsMachineCode()) {
    throw new RunError(
      "Cannot count instructions: this system does not let machine code be loaded; leave --count out",
      "usage",
    );
  }
  const program = VALGRIND_PLACES.find(isFile);
  if (program !== undefined) return program;
  const places = VALGRIND_PLACES.join(", ");
  throw new RunError(
    `Cannot count instructions: there is no valgrind (${places}); install it, e.g. apt install valgrind, ` +
      "or leave --count out",
    "usage",
  );
}

/**
 * The valgrind of this machine by its name and version: `valgrind-3.19.0`.
 *
 * @throws {RunError} As {@linkcode findValgrind}, and where it does not say its version.
 */
export async function valgrindVersion(): Promise<string> {
  const program = findValgrind();
  const said = await outputWithin(program, ["--version"], VERSION_SECONDS);
  const version = said?.out.trim().split("\n")[0] ?? "";
  if (/^valgrind-\d/.test(version)) return version;
  throw new RunError(
    `Cannot count instructions: ${program} --version does not say which valgrind it is; mend it, or ` +
      "leave --count out",
    "usage",
  );
}
