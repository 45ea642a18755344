/** Finds suites: the project's own by name, others by file. */
import { pathToFileURL } from "node:url";
import { fileReason } from "../disk/mod.ts";
import { listWithSuggestion } from "../format/mod.ts";
import { findStoreKind, SERVERS, STORES } from "../store/mod.ts";
import { defineSuite, type Suite, SuiteError } from "../suite/mod.ts";
import { UsageError } from "./usage_error.ts";

/** The suite of `bench` where none is named. */
export const DEFAULT_SUITE = "baseline";

const DIRECTORY = new URL("../../suites/", import.meta.url);

/** Names of the project's suites. */
export function suiteNames(): string[] {
  return [...Deno.readDirSync(DIRECTORY)].map((entry) => entry.name)
    .filter((name) => /^[a-z0-9_-]+\.ts$/.test(name) && !name.endsWith("_test.ts"))
    .map((name) => name.slice(0, -".ts".length)).sort();
}

/**
 * Loads a suite.
 *
 * @param name One of {@linkcode suiteNames}, or the path of a file that ends in `.ts`.
 * @throws {UsageError} Where there is no such suite, or the file cannot be run.
 * @throws {SuiteError} Where what the file exports is no suite that makes sense.
 */
export async function loadSuite(name: string): Promise<Suite> {
  if (name.endsWith(".ts")) return await loadFile(name);
  const names = suiteNames();
  if (!names.includes(name)) {
    throw new UsageError(
      `Unknown suite ${JSON.stringify(name)}: ${listWithSuggestion(name, names)}, ` +
        `or a file that ends in .ts`,
    );
  }
  return (await import(new URL(`${name}.ts`, DIRECTORY).href)).default;
}

async function loadFile(path: string): Promise<Suite> {
  let url: string;
  try {
    url = pathToFileURL(Deno.realPathSync(path)).href;
  } catch (error) {
    throw new UsageError(`Cannot load the suite ${path}: ${fileReason(error)}`);
  }
  let suite: unknown;
  try {
    suite = (await import(url)).default;
  } catch (error) {
    if (error instanceof SuiteError) throw error;
    throw new UsageError(`Cannot load the suite ${path}: ${whyNotLoaded(error)}`);
  }
  if (typeof suite !== "object" || suite === null) {
    throw new UsageError(
      `Cannot load the suite ${path}: its default export is no suite; export defineSuite({…})`,
    );
  }
  const defined = defineSuite(suite as Suite);
  const complaint = complainOfStores(defined);
  if (complaint !== undefined) {
    throw new UsageError(`Cannot define the suite "${defined.name}": ${complaint}`);
  }
  return defined;
}

/**
 * The first store that a target, a claim or a load is limited by and that can be none, with the place
 * that names it: a slip there would judge nothing, and say nothing of it.
 */
function complainOfStores({ targets, claims, loads = [], stores, plugins = {} }: Suite) {
  const places: { place: string; named?: readonly string[] | undefined }[] = [
    ...targets.map(({ stores: named }, at) => ({ place: `targets.${at}.stores`, named })),
    ...claims.flatMap(({ evidence }, claim) =>
      evidence.map(({ stores: named }, at) => ({
        place: `claims.${claim}.evidence.${at}.stores`,
        named,
      }))
    ),
    ...loads.map(({ without: named }, at) => ({ place: `loads.${at}.without`, named })),
  ];
  const own = [...stores, ...Object.keys(plugins)];
  for (const { place, named = [] } of places) {
    const unknown = named.find((name) => !own.includes(name) && findStoreKind(name) === undefined);
    if (unknown !== undefined) {
      const names = new Set([...own, ...[...STORES, ...SERVERS].map(({ name }) => name)]);
      const rest = listWithSuggestion(unknown, [...names]);
      return `${place}: there is no store ${JSON.stringify(unknown)}; ${rest}`;
    }
  }
  return undefined;
}

/** Why a module was not loaded, and how to mend it, as the end of a sentence. */
function whyNotLoaded(error: unknown): string {
  const text = String(error instanceof Error ? error.message : error);
  if (error instanceof Deno.errors.NotCapable) {
    return `it needs what Tidemark may not do (${text.split("\n")[0]}); mend the file`;
  }
  const place = /at file:\S*?:(\d+):(\d+)/.exec(text);
  if (error instanceof SyntaxError || /could not be parsed|^SyntaxError: /.test(text)) {
    const at = place === null ? "" : `, at line ${place[1]}, letter ${place[2]}`;
    return `it is no TypeScript${at}; mend the file`;
  }
  const [, specifier] = /^Module not found "([^"]*)"/.exec(text) ??
    /^Import "([^"]*)" not a dependency/.exec(text) ?? [];
  if (specifier !== undefined) {
    return `it imports ${specifier}, which is not there; name a file beside it, or tidemark's own`;
  }
  // What the file itself throws.
  return `${text.split("\n")[0] || "it throws nothing that says why"}; mend the file`;
}
