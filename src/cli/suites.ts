/** Finds suites: the project's own by name, others by file. */
import type { Suite } from "../suite/mod.ts";
import { listWithSuggestion } from "./suggest.ts";
import { UsageError } from "./usage_error.ts";

const DIRECTORY = new URL("../../suites/", import.meta.url);

/** Names of the project's suites. */
export function suiteNames(): string[] {
  return [...Deno.readDirSync(DIRECTORY)].map((entry) => entry.name)
    .filter((name) => /^[a-z0-9_]+\.ts$/.test(name) && !name.endsWith("_test.ts"))
    .map((name) => name.slice(0, -".ts".length)).sort();
}

/**
 * Loads a suite.
 *
 * @param name One of {@linkcode suiteNames}, or the path of a file that ends in `.ts`.
 * @throws {UsageError} Where there is no such suite, or the file defines none.
 */
export async function loadSuite(name: string): Promise<Suite> {
  if (!name.endsWith(".ts")) {
    const names = suiteNames();
    if (!names.includes(name)) {
      throw new UsageError(
        `Unknown suite ${JSON.stringify(name)}: ${listWithSuggestion(name, names)}`,
      );
    }
    return (await import(new URL(`${name}.ts`, DIRECTORY).href)).default;
  }
  let url: string;
  try {
    url = `file://${Deno.realPathSync(name)}`;
  } catch {
    throw new UsageError(`Unknown suite ${JSON.stringify(name)}: there is no such file`);
  }
  const suite: unknown = (await import(url)).default;
  if (typeof suite !== "object" || suite === null || !("benchmarks" in suite)) {
    throw new UsageError(
      `Cannot use ${name} as a suite: its default export is not what defineSuite returns`,
    );
  }
  return suite as Suite;
}
