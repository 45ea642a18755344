/** `--strict`: what stays inconclusive fails, for gates that let nothing by unseen. */
import { Option } from "commander";
import { EXIT } from "./exit_code.ts";
import { joinWords } from "../format/mod.ts";
import type { Streams } from "./streams.ts";

/** Of more than these a line names the first, and counts the rest. */
const MOST_NAMED = 5;

/** Declares the option. */
export function strictOption(): Option {
  return new Option("--strict", "end with 1 too where something asked stays inconclusive");
}

/** The first of some names, and how many more there are. */
export function firstNames(names: readonly string[]): string[] {
  const more = names.length - MOST_NAMED;
  return [...names.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])];
}

/**
 * The code to end with where nothing was missed and nothing regressed, and what is told of it.
 *
 * @param open What is inconclusive, by name.
 */
export function strictCode(
  strict: boolean | undefined,
  open: readonly string[],
  streams: Streams,
): number {
  if (strict !== true || open.length === 0) return EXIT.fine;
  streams.error(`Strict: inconclusive is ${joinWords(firstNames(open))}\n`);
  return EXIT.missed;
}
