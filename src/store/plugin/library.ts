/** Loads a plug-in's library, which is known by the path that a person named. */
import { type LibraryContent, libraryContent } from "../../engine/kept.ts";
import { fileNameOf, fileReason, readRegularFile } from "../../disk/mod.ts";
import { loaderReason } from "../../native/mod.ts";
import { StoreError } from "../error.ts";
import { parseDescription, type PluginDescription } from "./description.ts";
import { textFrom } from "./text.ts";
import { ABI, type PluginSymbols, probe, symbolsOf } from "./symbols.ts";

/** The largest library that is read. */
const MOST_BYTES = 1024 ** 3;

/** What a library's file is. */
export interface PluginFile {
  /** With links followed. */
  path: string;
  /** The file's own name, which is recorded instead of the path. */
  name: string;
  sha256: string;
  /** The compiler that the file names; `null` where it names none. */
  compiler: string | null;
}

/** A loaded plug-in. */
export interface PluginLibrary extends PluginFile {
  symbols: PluginSymbols;
  /** What it says it is. */
  description: PluginDescription;
  /** The optional functions that it has, without their prefix. */
  has: readonly string[];
}

/**
 * Looks at a file; nothing of it is run.
 *
 * @throws {StoreError} Where it cannot be read, or is no library for this machine.
 */
export function pluginFile(path: string): PluginFile {
  let real: string;
  let content: LibraryContent;
  try {
    real = Deno.realPathSync(path);
    content = libraryContent(real, () => readRegularFile(real, MOST_BYTES).bytes);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw refused(path, `it cannot be read: ${fileReason(error)}`);
  }
  const { file, sha256 } = content;
  if (file === null) throw refused(path, "it is no shared library");
  if (file.arch !== Deno.build.arch) {
    throw refused(path, `it is for ${file.arch}, and this machine is ${Deno.build.arch}`);
  }
  return {
    path: real,
    name: fileNameOf(real),
    sha256,
    compiler: file.compiler,
  };
}

const loaded = new Map<string, PluginLibrary>();

/**
 * Loads a plug-in, for as long as the process lives.
 *
 * @throws {StoreError} Where it is none, or speaks another version of the interface.
 */
export function loadPlugin(path: string): PluginLibrary {
  const before = loaded.get(path);
  if (before !== undefined) return before;
  const file = pluginFile(path);
  const { missing, has, torn } = loading(path, () => probe(file.path));
  if (missing.includes("tidemark_abi")) {
    throw refused(path, "it has none of the functions of a plug-in (tidemark_abi, …)");
  }
  const symbols = missing.length === 0
    ? loading(path, () => symbolsOf(file.path))
    // Which version it speaks says more than what it lacks of ours.
    : loading(
      path,
      () => Deno.dlopen(file.path, { tidemark_abi: { parameters: [], result: "u32" } }).symbols,
    );
  const abi = symbols.tidemark_abi();
  if (abi !== ABI) {
    throw refused(path, `it speaks version ${abi} of the interface, and Tidemark version ${ABI}`);
  }
  if (missing.length > 0) throw refused(path, `it lacks ${missing.join(", ")}`);
  if (torn !== undefined) throw refused(path, `it has ${torn}`);
  const description = described(path, symbols as PluginSymbols);
  if (description.api === "async" && !has.includes("submit")) {
    throw refused(path, "it says that it is async, and has no tidemark_submit");
  }
  const library: PluginLibrary = { ...file, symbols: symbols as PluginSymbols, description, has };
  loaded.set(path, library);
  return library;
}

function described(path: string, symbols: PluginSymbols): PluginDescription {
  const text = textFrom((buffer, capacity, length) =>
    symbols.tidemark_describe(0n, buffer, capacity, length)
  );
  if (typeof text === "number") throw refused(path, `tidemark_describe returned ${text}`);
  return loading(path, () => parseDescription(text));
}

/** What Deno says of a library that the system's loader refuses. */
const OF_LOADER = /^(Could not open library|Failed to register symbol)/;

/** @throws {StoreError} What it ended with. */
function loading<T>(path: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    const text = (error as Error).message.split("\n")[0]!;
    throw refused(path, OF_LOADER.test(text) ? loaderReason(error) : text);
  }
}

function refused(path: string, reason: string): StoreError {
  return new StoreError(
    `Cannot use ${path} as a plug-in: ${reason}; deno task plugin check says what it is to be`,
    "load",
    "usage",
  );
}
