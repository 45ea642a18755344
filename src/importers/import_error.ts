/** What importers say of a file that they cannot take. */
import { printable } from "../format/mod.ts";
import { ResultError } from "../result/mod.ts";

/** What else is known of a refusal. */
interface RefusalOptions extends ErrorOptions {
  /** The line in the file, from 1. */
  line?: number;
}

/**
 * The error for a file that cannot be imported: one line whatever the file holds, since all that
 * comes from outside passes through {@linkcode shown} in it.
 *
 * @param path The file or directory.
 * @param reason What is wrong and how to mend it, as `<what>; <mend>`.
 */
export function cannotImport(
  path: string,
  reason: string,
  { line, cause }: RefusalOptions = {},
): ResultError {
  const where = line === undefined ? "" : `line ${line}: `;
  return new ResultError(`${refusalOf(path)}${where}${reason}`, {
    path,
    ...(line === undefined ? {} : { line }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** What is wrong with a file, where and how to mend it, without the words that it is refused. */
export function reasonOf({ message, path }: ResultError): string {
  const before = refusalOf(path ?? "");
  return message.startsWith(before) ? message.slice(before.length) : message;
}

function refusalOf(path: string): string {
  return `Cannot import ${shownPath(path)}: `;
}

/** Text from outside in quotes, shortened, with nothing in it that a terminal would act on. */
export function shown(text: string): string {
  const short = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return `"${printable(short)}"`;
}

/** A path with nothing in it that a terminal would act on. */
function shownPath(path: string): string {
  return printable(path);
}
