/**
 * The plug-ins of a bench on nodes: files of this machine, which are kept under names made of their
 * content, and sent. What a node is told has such a name in the path's place.
 */
import { basename } from "node:path";
import { ClusterError, type NodeEngine } from "../cluster/mod.ts";
import { isFile } from "../disk/mod.ts";
import { addFile, isFor, isPath, type Machine, type Parcel, parcelOf } from "../engine/mod.ts";
import { findStoreKind } from "../store/mod.ts";
import type { Suite } from "../suite/mod.ts";
import { libraryToSend } from "./library_to_send.ts";
import { oneOf } from "./options/values.ts";
import { pluginReference, STORE_NAMES } from "./plugins.ts";
import type { Streams } from "./streams.ts";

/** What is sent of each, by the names under which they are kept. */
export class NodePlugins {
  readonly #files = new Map<string, { path: string; library: ReturnType<typeof libraryToSend> }>();

  /**
   * Keeps a file.
   *
   * @returns The name under which it is kept.
   * @throws {UsageError} Where it is no library.
   * @throws {EngineError} Where it cannot be kept.
   */
  async add(path: string): Promise<string> {
    const library = libraryToSend(path);
    const { release } = await addFile(path, { machine: library.machine });
    this.#files.set(release, { path, library });
    return release;
  }

  /**
   * What a node is to be given.
   *
   * @throws {ClusterError} Where one is for another kind of machine.
   */
  async parcelsFor({ machine, kept }: NodeEngine): Promise<Parcel[]> {
    const parcels = [];
    for (const [release, { path, library }] of this.#files) {
      if (machine === null || !isFor(machine as Machine, library.file)) {
        const { system, arch } = library.file;
        const name = basename(path);
        const own = machine ?? "of another kind";
        throw new ClusterError(
          `Cannot give it the plug-in ${name}: that is for ${system} on ${arch}, and it is ${own}; ` +
            "name one that was built for it",
          "node",
          { lasting: true },
        );
      }
      if (kept.includes(release)) continue;
      const own = { machine: machine as Machine };
      parcels.push(parcelOf(await addFile(path, own), own.machine));
    }
    return parcels;
  }
}

/**
 * The stores of a bench on nodes, as the nodes are told them.
 *
 * @param store As the call names them; a suite with plug-ins names its own otherwise.
 * @param suite The suite, where it can be told here.
 * @param plugins Keeps the files.
 * @returns `undefined` where the nodes choose among the suite's.
 * @throws {UsageError} Where there is no such store, or a file is no library.
 * @throws {EngineError} Where a file cannot be kept.
 */
export async function nodeStores(
  store: readonly string[] | undefined,
  suite: Suite | undefined,
  plugins: NodePlugins,
  streams: Streams,
): Promise<string[] | undefined> {
  const table = suite?.plugins ?? {};
  if (store === undefined && Object.keys(table).length === 0) return undefined;
  const told: string[] = [];
  for (const text of store ?? suite!.stores) {
    const own = Object.hasOwn(table, text);
    const plugin = own ? { name: text, file: table[text]! } : pluginReference(text);
    if (plugin === undefined) {
      if (findStoreKind(text) === undefined) {
        oneOf("store", [...STORE_NAMES, ...Object.keys(table)])(text);
      }
      told.push(text);
      continue;
    }
    const { name, file } = plugin;
    if (store === undefined && !isFile(file)) {
      streams.error(`note: The store ${text} is not measured. There is no file ${file}.\n`);
      continue;
    }
    const release = isPath(file) ? await plugins.add(file) : file;
    told.push(name === undefined ? release : `${name}=${release}`);
  }
  return told;
}
