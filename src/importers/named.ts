/** Names that outputs give their benchmarks. */
import { hasUnseen, joinWords } from "../format/mod.ts";
import { cannotImport, shown } from "./import_error.ts";

/**
 * The name of a benchmark, where it can be one.
 *
 * @param what Whose name it is, e.g. `a job`.
 * @throws {ResultError} Where it has characters that are not seen, or none.
 */
export function requireName(name: string, what: string, path: string): string {
  if (name !== "" && !hasUnseen(name)) return name;
  throw cannotImport(path, `${what} cannot have the name ${shown(name)}; name it anew`);
}

/** Above it a sentence counts names instead of saying them. */
const MOST_NAMES = 4;

/** Names in a sentence: `a, b and 7 more`. */
export function namesText(names: readonly string[]): string {
  const some = names.slice(0, MOST_NAMES);
  const more = names.length - some.length;
  return joinWords(more === 0 ? some : [...some, `${more} more`]);
}
