/**
 * Stores as a call names them: by their names, and plug-ins by their paths or by a suite's names for
 * them. A plug-in is checked before anything of it is measured: a wrong engine must not produce a
 * number.
 */
import { cachedLibrary, isFileRelease, isPath, requireMachine } from "../engine/mod.ts";
import { isFile } from "../disk/mod.ts";
import { checkPlugin } from "../plugin/mod.ts";
import type { PluginPlace } from "../run/mod.ts";
import { SERVERS, STORES } from "../store/mod.ts";
import { type PluginDescription, type PluginFile, pluginFile } from "../store/plugin/mod.ts";
import type { Suite } from "../suite/mod.ts";
import { oneOf } from "./options/values.ts";
import type { Streams } from "./streams.ts";
import { UsageError } from "./usage_error.ts";

/** The names of the stores that have one by themselves. */
export const STORE_NAMES: readonly string[] = [...STORES, ...SERVERS].map(({ name }) => name);

/** The plug-ins of a side, by the store's name. */
type Files = Record<string, PluginPlace>;

/** A plug-in as a call names it. */
export interface PluginReference {
  /** The name that its results are to have; its own otherwise. */
  name?: string;
  /** A file's path, or the name under which a file is kept, as a node is given it. */
  file: string;
}

/** Where a name is given to a plug-in: `mine=./libmine.so`. */
const NAMED = /^([a-z0-9][a-z0-9_-]{0,39})=(.*)$/s;

/** The plug-in that a text names; `undefined` where it is another kind of store's name. */
export function pluginReference(text: string): PluginReference | undefined {
  const [, name, named] = NAMED.exec(text) ?? [];
  const file = named ?? text;
  if (!isPath(file) && !isFileRelease(file)) return undefined;
  return { ...(name !== undefined && { name }), file };
}

/**
 * The path of a plug-in's file.
 *
 * @throws {UsageError} Where it is not kept here.
 * @throws {EngineError} Where what is kept is damaged.
 */
function pathOf({ file }: PluginReference): string {
  if (!isFileRelease(file)) return file;
  const kept = cachedLibrary(file, requireMachine());
  if (kept !== undefined) return kept.path;
  throw new UsageError(`Cannot measure ${file}: no file of that name is kept here; name its path`);
}

/** What a call names. */
interface NamedStores {
  store?: string[] | undefined;
  interleave?: string[] | undefined;
}

/** What it means. */
export interface SettledStores {
  /** As the call names them; absent where it names none. */
  store?: string[];
  interleave?: string[];
  /** The suite, with its own stores by their names in results. */
  suite: Suite;
  plugins: Files;
  /** The plug-ins of what is measured in turns with it. */
  otherPlugins: Files;
  /** What of the suite's own stores is not there, in sentences. */
  warnings: string[];
}

/** Where `--interleave` names a store. */
const STORE_SETTING = "store=";

/**
 * Finds out which stores a call means, and checks the plug-ins among them.
 *
 * @throws {UsageError} Where there is no such store, or a plug-in is not to be measured.
 * @throws {StoreError} Where a file is no plug-in for this machine.
 */
export async function settleStores(
  { store, interleave }: NamedStores,
  suite: Suite,
  streams: Streams,
  signal: AbortSignal,
): Promise<SettledStores> {
  const { plugins: table = {} } = suite;
  const [plugins, otherPlugins]: [Files, Files] = [{}, {}];
  const names = [...STORE_NAMES, ...Object.keys(table)];
  const named = async (text: string, files: Files): Promise<string> => {
    const isSuites = Object.hasOwn(table, text);
    const plugin = isSuites ? { name: text, file: table[text]! } : pluginReference(text);
    if (plugin === undefined) return oneOf("store", names)(text);
    const file = pluginFile(pathOf(plugin));
    const { name: own, api } = await checked(file, plugin.file, streams, signal);
    const name = `plugin@${plugin.name ?? own}`;
    const before = files[name];
    if (before !== undefined && before.path !== file.path) {
      throw new UsageError(
        `Cannot measure ${file.name} as ${name}: another file has that name too; give one of them ` +
          `another name, as with --store other=${plugin.file}`,
      );
    }
    files[name] = { path: file.path, sha256: file.sha256, api };
    return name;
  };
  const all = async (texts: readonly string[], files: Files) => {
    const settled: string[] = [];
    for (const text of texts) settled.push(await named(text, files));
    return settled;
  };
  const warnings: string[] = [];
  const there = suite.stores.filter((name) => {
    const path = Object.hasOwn(table, name) ? table[name]! : undefined;
    if (path === undefined || store !== undefined || isFile(path)) return true;
    warnings.push(`The store ${name} is not measured. There is no file ${path}.`);
    return false;
  });
  const settled = store && await all(store, plugins);
  const own = store === undefined ? await all(there, plugins) : suite.stores;
  if (store === undefined && own.length === 0) {
    throw new UsageError(
      `Cannot measure any store of the suite ${suite.name}: ${warnings.join(" ")}`.slice(0, -1),
    );
  }
  const turns: string[] = [];
  for (const setting of interleave ?? []) {
    if (!setting.startsWith(STORE_SETTING)) turns.push(setting);
    else {
      const name = await named(setting.slice(STORE_SETTING.length), otherPlugins);
      turns.push(STORE_SETTING + name);
    }
  }
  return {
    ...(settled !== undefined && { store: settled }),
    ...(interleave !== undefined && { interleave: turns }),
    suite: { ...suite, stores: own },
    plugins,
    otherPlugins,
    warnings,
  };
}

/** What was checked in this process, by path and digest. */
const known = new Map<string, PluginDescription>();

/**
 * Checks a plug-in as far as a bench has to.
 *
 * @returns What it says it is.
 */
async function checked(
  { path, sha256 }: PluginFile,
  called: string,
  streams: Streams,
  signal: AbortSignal,
): Promise<PluginDescription> {
  const key = `${sha256} ${path}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  streams.error(`Checking ${called}\n`);
  const { plugin, refused, verdicts } = await checkPlugin(path, { core: true, signal });
  if (refused !== null) throw new UsageError(refused);
  const wrong = verdicts.find(({ state }) => state === "fails");
  if (wrong !== undefined) {
    throw new UsageError(
      `Cannot measure ${called}: it does not hold that ${wrong.name}: ${wrong.detail}; ` +
        `deno task plugin check ${called} says more`,
    );
  }
  if (plugin === null || signal.aborted) throw new UsageError(`Cannot measure ${called}: ended`);
  known.set(key, plugin.description);
  return plugin.description;
}

/**
 * Files of plug-ins that are named again by who goes on with a bench.
 *
 * @throws {UsageError} Where something else is named.
 * @throws {StoreError} Where a file is no library for this machine.
 */
export function pluginsNamed(stores: readonly string[]): PluginFile[] {
  return stores.map((text) => {
    const plugin = pluginReference(text);
    if (plugin !== undefined) return pluginFile(pathOf(plugin));
    throw new UsageError(
      "Cannot take --store for an interrupted bench, which goes on as it was planned, but for a " +
        "file, which names its plug-in again",
    );
  });
}
