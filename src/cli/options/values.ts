/**
 * Options whose values are read and checked where they are declared, so that an action gets what is
 * meant. What commander says of a wrong one names neither the likely one nor what may be given; the
 * errors here do, and commander hands them on as they are.
 */
import { type Command, Option } from "commander";
import { listWithSuggestion, parseDuration } from "../../format/mod.ts";
import { UsageError } from "../usage_error.ts";

/** Adds options that several commands have in common. */
export function addOptions(command: Command, options: readonly Option[]): Command {
  for (const option of options) command.addOption(option);
  return command;
}

/** An option that takes a whole number. */
interface WholeNumbers {
  /** @default 0 */
  least?: number;
  /** @default the largest that is exact */
  most?: number;
  /** What is to be given. @default `a whole number from LEAST to MOST` */
  give?: string;
}

/** An option whose value is a whole number. */
export function wholeNumber(
  flags: string,
  description: string,
  { least = 0, most = Number.MAX_SAFE_INTEGER, give }: WholeNumbers = {},
): Option {
  const option = new Option(flags, description);
  return option.argParser((text: string) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw wrongValue(option.long!, text, give ?? `a whole number from ${least} to ${most}`);
  });
}

/** An option whose value is a time in whole seconds: `30`, `30s`, `2min`. */
export function seconds(flags: string, description: string): Option {
  const option = new Option(flags, description);
  return option.argParser((text: string) => {
    const ns = parseDuration(/^\d+$/.test(text) ? `${text}s` : text);
    const value = ns === undefined ? NaN : ns / 1e9;
    if (Number.isInteger(value) && value <= MOST_SECONDS) return value;
    throw wrongValue(option.long!, text, "whole seconds up to a day, e.g. 30, 30s or 2min");
  });
}

/** A day. */
const MOST_SECONDS = 86_400;

/** An option that says how large something may be, GiB. */
export function gibibytes(flags: string, description: string): Option {
  return wholeNumber(flags, description, { most: 2 ** 20 });
}

/** Bytes of an option's GiB; without one there is no bound. */
export function bytesOfGib(gib: number = Infinity): number {
  return gib * 2 ** 30;
}

/** An option that says how many published folders stay. */
export function keptPages(flags: string, description: string): Option {
  const [least, most] = [2, 1000];
  const why = "the pages before the newest ones stay for who is reading them";
  const give = `a whole number from ${least} to ${most}; ${why}`;
  return wholeNumber(flags, description, { least, most, give });
}

/** An option that takes one of several names. */
export function choice(
  flags: string,
  description: string,
  what: string,
  names: readonly string[],
): Option {
  return new Option(flags, description).choices(names).argParser(oneOf(what, names));
}

/** An option that takes several values by commas, and may be given again; none is empty of them. */
export function list(
  flags: string,
  description: string,
  parse: (text: string) => string = (text) => text,
): Option {
  return new Option(flags, description).argParser((text: string, before: string[] = []) => [
    ...before,
    ...text.split(",").map(parse),
  ]);
}

/** An option that may be given again; a comma is a part of its value. */
export function repeated(flags: string, description: string): Option {
  return new Option(flags, description)
    .argParser((text: string, before: string[] = []) => [...before, text]);
}

/** An option whose value is the address that pages will be at; it ends in `/`. */
export function address(flags: string, description: string): Option {
  const option = new Option(flags, description);
  return option.argParser((text: string) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url === null || !["http:", "https:", "file:"].includes(url.protocol)) {
      throw wrongValue(option.long!, text, "an address like https://host/path/");
    }
    if (url.username === "" && url.password === "") return withSlash(url.href);
    // The text is not in the message, which may be logged.
    throw new UsageError(
      `Cannot take ${option.long}: it has a password, which everybody could read then`,
    );
  });
}

/**
 * Reads one of several names.
 *
 * @param what They name, as a message says it.
 */
export function oneOf(what: string, names: readonly string[]): (text: string) => string {
  return (text) => {
    if (names.includes(text)) return text;
    throw new UsageError(
      `Unknown ${what} ${JSON.stringify(text)}: ${listWithSuggestion(text, names)}`,
    );
  };
}

/** The error of a value that an option cannot take. */
export function wrongValue(option: string, text: string, give: string): UsageError {
  return new UsageError(`Cannot take ${JSON.stringify(text)} for ${option}: give ${give}`);
}

/** A link to a folder. */
export function withSlash(link: string): string {
  return link.endsWith("/") ? link : `${link}/`;
}
