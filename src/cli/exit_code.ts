import { CommanderError } from "commander";
import { fileReason } from "../disk/mod.ts";

/** What the process ends with. */
export const EXIT = {
  /** All well. */
  fine: 0,
  /** A target was missed, or something got worse. */
  missed: 1,
  /** A mistake in the call, or in a file. */
  usage: 2,
  /** The measuring itself failed, or did not come to its end. */
  failed: 3,
} as const;

/** How an error is to be told: its one line, and the code to end with. */
interface Failure {
  line: string;
  code: number;
}

/**
 * The errors that are told in one line. They are known by their names: to import their classes would
 * load every stage, with what it imports, for a `--help`.
 */
const TOLD: ReadonlySet<string> = new Set([
  "BisectError",
  "ClusterError",
  "EngineError",
  "HistoryError",
  "KvError",
  "NightError",
  "PublishError",
  "ReportError",
  "ResultError",
  "RunError",
  "StoreError",
  "SuiteError",
  "UsageError",
]);

/** The kinds of them that the call or a file is to be mended for; one without a kind is such a one. */
const MENDED: ReadonlySet<string> = new Set(["usage", "content"]);

/**
 * Tells a known error in one line.
 *
 * @returns `undefined` for an error that nobody foresaw: a fault of the program.
 */
export function knownFailure(error: unknown): Failure | undefined {
  if (error instanceof CommanderError) {
    return { line: commanderLine(error), code: EXIT.usage };
  }
  // Only of the system's own files is it not foreseen where it is thrown: the tasks allow the rest.
  if (error instanceof Deno.errors.NotCapable) {
    const [, path = "that"] = / access to (".*?"),/.exec(error.message) ?? [];
    return { line: `Cannot use ${path}: ${fileReason(error)}`, code: EXIT.usage };
  }
  if (!(error instanceof Error) || !TOLD.has(error.name)) return undefined;
  const kind = "kind" in error ? String(error.kind) : "usage";
  return { line: shortened(error.message), code: MENDED.has(kind) ? EXIT.usage : EXIT.failed };
}

/** The longest line that is told, letters. */
const MOST_LETTERS = 1000;
/** What stays of its end, which says how to mend it. */
const END_LETTERS = 300;

/** A line that a person reads: a name in a file can have a million letters. */
function shortened(line: string): string {
  if (line.length <= MOST_LETTERS) return line;
  const left = MOST_LETTERS - END_LETTERS;
  return `${line.slice(0, left)} … ${line.slice(-END_LETTERS)}`;
}

/** Commander's message without its prefix, and its suggestion on the same line. */
function commanderLine({ code, message }: CommanderError): string {
  if (code === "commander.help") {
    return "Cannot tell what to do: name a command; --help lists them";
  }
  const [first = "", suggestion] = message.replace(/^error: /, "").split("\n");
  const line = first.charAt(0).toUpperCase() + first.slice(1).replace(/\.$/, "");
  return suggestion ? `${line}; ${suggestion.replace(/^\(D(.*)\)$/, "d$1")}` : line;
}

/** Whether commander ended because it had printed what was asked for. */
export function isHelp(error: unknown): boolean {
  return error instanceof CommanderError && error.exitCode === 0;
}
