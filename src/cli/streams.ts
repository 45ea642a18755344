/** Where commands write, and how these places are. */
import { fileReason, writeWhole } from "../disk/mod.ts";
import { toTerminal, withoutStyles } from "../format/mod.ts";
import { UsageError } from "./usage_error.ts";

/** Where a command writes. */
export interface Streams {
  /** For programs: JSON, or a report that was asked for. */
  out(text: string): void;
  /** For people. */
  error(text: string): void;
  /** Whether `error` is a terminal that lines can be rewritten on. */
  interactive: boolean;
  /** Whether people want colors. */
  colors: boolean;
  /** Letters in a line of the terminal. */
  columns(): number;
}

/** A standard stream of the process. */
interface Output {
  writeSync(bytes: Uint8Array): number;
}

const encoder = new TextEncoder();

/**
 * Writes a text whole. Where nobody reads any more, as behind `head`, there is nobody to tell.
 *
 * @throws {UsageError} Where it cannot be written, as to a file on a full device.
 */
export function writeText(stream: Output, text: string): void {
  const bytes = encoder.encode(text);
  try {
    writeWhole(stream, bytes);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return;
    throw new UsageError(`Cannot write the output: ${fileReason(error)}`);
  }
}

/**
 * Writes a text for people. Where it cannot be written, there is nobody who could be told, and what
 * the command came to stands all the same.
 */
export function tell(stream: Output, text: string): void {
  try {
    writeText(stream, text);
  } catch {
    // As the docstring says.
  }
}

/** The process's own streams. */
export const STANDARD: Streams = {
  // Colors are for the terminal that stderr is; stdout may be a file beside it, which is exact.
  out(text) {
    writeText(Deno.stdout, Deno.stdout.isTerminal() ? toTerminal(text) : withoutStyles(text));
  },
  // What is said there is for people, wherever it goes in the end.
  error: (text) => tell(Deno.stderr, toTerminal(text)),
  interactive: Deno.stderr.isTerminal(),
  colors: Deno.stderr.isTerminal() && !Deno.noColor,
  columns() {
    try {
      // A terminal that was given no size says 0.
      return Deno.consoleSize().columns || 80;
    } catch {
      return 80;
    }
  },
};
