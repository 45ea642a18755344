/** What the end of a command on a node means that did not give its answer. */
import { printable } from "../format/mod.ts";
import { NOTHING_PUSHED } from "./places.ts";

/** What an end means. */
export interface FarEnd {
  /** What is wrong there, as a clause, with the node's own words. */
  message: string;
  /** Whether it mends itself no more: whoever tries again meets it again. */
  lasting: boolean;
}

/** What a shell ends with where a program may not be run, or is not there. */
const CANNOT_RUN = 126;
const NOT_FOUND = 127;

/** What keeps a program from its work until somebody mends it. */
const LASTING =
  /No space left|ENOSPC|Permission ?[Dd]enied|EACCES|Read-only file system|EROFS|quota exceeded/;
/** How Deno says that it cannot begin: a file is missing, a lock file is newer than it. */
const DENO_FAILED = /^error: /m;
const FAILED = 1;

/**
 * What the end of a command means.
 *
 * @param what What the command is, to be said: `its agent`.
 * @param code What it ended with.
 * @param said What it printed on stderr.
 * @param begun Whether it had begun to work.
 */
export function farEnd(
  what: string,
  { code, said, begun }: { code: number; said: string; begun: boolean },
): FarEnd {
  if (code === NOTHING_PUSHED) {
    return { message: "nothing was pushed to it; deno task nodes push", lasting: true };
  }
  const words = firstLine(said);
  if (code === NOT_FOUND && /\bdeno\b/.test(words)) {
    const mend = "put deno on the PATH of its SSH sessions";
    return { message: `${what} cannot be started: ${words}; ${mend}`, lasting: true };
  }
  const cannotBegin = !begun && code === FAILED && DENO_FAILED.test(said);
  if (code === CANNOT_RUN || code === NOT_FOUND || cannotBegin) {
    return { message: `${what} cannot be started: ${words || `exit code ${code}`}`, lasting: true };
  }
  return {
    message: words ? `${what} ended: ${words}` : `${what} ended`,
    lasting: code !== SSH_FAILED && LASTING.test(said),
  };
}

/** What ssh itself ends with, as where the connection broke. */
const SSH_FAILED = 255;

/** The first line with something in it, harmless and short. */
function firstLine(said: string): string {
  const [line = ""] = said.trim().split("\n");
  return printable(line.slice(0, 200));
}
