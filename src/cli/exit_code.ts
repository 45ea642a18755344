import { CommanderError } from "commander";
import { ClusterError } from "../cluster/mod.ts";
import { EngineError } from "../engine/mod.ts";
import { HistoryError } from "../history/mod.ts";
import { PublishError } from "../publish/mod.ts";
import { ResultError } from "../result/mod.ts";
import { RunError } from "../run/mod.ts";
import { StoreError } from "../store/mod.ts";
import { SuiteError } from "../suite/mod.ts";
import { UsageError } from "./usage_error.ts";

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
export interface Failure {
  line: string;
  code: number;
}

/**
 * Tells a known error in one line.
 *
 * @returns `undefined` for an error that nobody foresaw: a fault of the program.
 */
export function knownFailure(error: unknown): Failure | undefined {
  if (error instanceof CommanderError) {
    return { line: commanderLine(error), code: EXIT.usage };
  }
  if (
    error instanceof UsageError || error instanceof SuiteError || error instanceof ResultError ||
    error instanceof HistoryError
  ) {
    return { line: error.message, code: EXIT.usage };
  }
  if (error instanceof EngineError) {
    return { line: error.message, code: error.kind === "source" ? EXIT.failed : EXIT.usage };
  }
  if (
    error instanceof StoreError || error instanceof RunError || error instanceof ClusterError ||
    error instanceof PublishError
  ) {
    return { line: error.message, code: error.kind === "usage" ? EXIT.usage : EXIT.failed };
  }
  return undefined;
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
