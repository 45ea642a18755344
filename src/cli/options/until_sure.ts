/** How long a bench goes on: to its plan's end, or until what was asked is decided. */
import { Option } from "commander";
import { parseDuration } from "../../format/mod.ts";
import { wrongValue } from "./values.ts";

/** The options that say so. */
export interface UntilSureFlags {
  untilSure?: boolean;
  /** Time after which it begins nothing more, ms. */
  atMost?: number;
}

/** How long a bench goes on where nothing else is asked for, ms. */
export const DEFAULT_AT_MOST_MS = 15 * 60_000;
/** What can be asked for, ms: from a second to a week. */
const [LEAST_MS, MOST_MS] = [1000, 7 * 86_400_000];

/** Declares them. */
export function untilSureOptions(): Option[] {
  const atMost = new Option(
    "--at-most <time>",
    "with --until-sure: begin nothing more after this, counted from the start, e.g. 1h " +
      "(default: 15min)",
  );
  return [
    new Option(
      "--until-sure",
      "go on, run by run, until everything asked is decided; the looks at it share the error rate",
    ),
    atMost.argParser((text: string) => {
      const ms = (parseDuration(text) ?? NaN) / 1e6;
      if (ms >= LEAST_MS && ms <= MOST_MS) return ms;
      throw wrongValue(atMost.long!, text, "a time from a second to a week, e.g. 15min or 2h");
    }),
  ];
}
