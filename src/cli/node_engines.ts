/**
 * The engines that nodes need: the releases that a bench on them is to measure with, or the default
 * one where none is asked for and nothing is installed. They are got here, each for the kind of machine
 * that a node is, and sent.
 */
import { ClusterError, type EngineSupply, type NodeEngine, type Supplies } from "../cluster/mod.ts";
import {
  addFile,
  EngineError,
  isCached,
  isFileRelease,
  isPath,
  isReleaseName,
  type Machine,
  MACHINE_NAMES,
  type Parcel,
  parcelOf,
} from "../engine/mod.ts";
import { findStoreKind, SYSTEM } from "../store/mod.ts";
import type { Suite } from "../suite/mod.ts";
import { mapReleases, obtainWithProgress, releasesIn } from "./engine_step.ts";
import { settingsOf } from "./ladder.ts";
import { libraryToSend } from "./library_to_send.ts";
import { NodePlugins, nodeStores } from "./node_plugins.ts";
import type { MeasuringFlags } from "./options/measuring.ts";
import { PROJECT } from "./places.ts";
import type { Streams } from "./streams.ts";
import { loadSuite } from "./suites.ts";
import { UsageError } from "./usage_error.ts";

/**
 * The settings of a bench on nodes: a library's file here is kept under a name made of its content,
 * which stands in its path's place, and under which it is sent.
 *
 * @throws {UsageError} Where a file is no library.
 * @throws {EngineError} Where it cannot be kept.
 */
async function settleNodeReleases(set: readonly string[]): Promise<string[]> {
  return await mapReleases(set, async (text) => {
    if (!isPath(text)) return text;
    const { machine } = libraryToSend(text);
    return (await addFile(text, { machine })).release;
  });
}

/** What a bench on nodes asks for. */
interface NodeBench {
  /** The suite, where it can be told here. */
  suite: Suite | undefined;
  flags: MeasuringFlags;
  plugins: NodePlugins;
  /** Releases that every node is given, whatever is asked for. */
  always?: readonly string[];
}

/**
 * Loads the suite of a bench on nodes.
 *
 * @returns `undefined` of a file that the pushed project has and this folder has not: a node says what
 * is wrong with it.
 * @throws {UsageError} Where there is no suite of the name.
 */
async function nodeSuite(name: string): Promise<Suite | undefined> {
  if (!name.endsWith(".ts")) return await loadSuite(name);
  for (const path of [`${PROJECT}/${name}`, name]) {
    try {
      Deno.statSync(path);
    } catch {
      continue;
    }
    return await loadSuite(path);
  }
  return undefined;
}

/** How releases are got. */
interface GettingOptions {
  streams: Streams;
  signal: AbortSignal;
  /** Whether what a node has already is held against what is got here. @default false */
  thorough?: boolean;
}

/** Finds what nodes need. One is got once, for however many nodes. */
class NodeEngines implements EngineSupply {
  readonly #bench: NodeBench;
  readonly #options: GettingOptions;
  readonly #parcels = new Map<string, Promise<Parcel>>();

  /** @throws {UsageError} Where what is asked for is no ladder, or names no release. */
  constructor(bench: NodeBench, options: GettingOptions) {
    this.#bench = bench;
    this.#options = options;
    // What is wrong is found at once.
    this.#asked(undefined);
  }

  /** As the contract says. */
  async suppliesFor(node: NodeEngine): Promise<Supplies> {
    const plugins = await this.#bench.plugins.parcelsFor(node);
    const { parcels, note } = await this.#releasesFor(node);
    return { parcels: [...parcels, ...plugins], note };
  }

  async #releasesFor(node: NodeEngine): Promise<Supplies> {
    const machine = MACHINE_NAMES.find((name) => name === node.machine);
    const asked = this.#asked(machine);
    if (asked.length === 0) return await this.#default(node, machine);
    if (machine === undefined) {
      throw new ClusterError(`Cannot give it the release ${asked[0]}: ${NO_LIBRARY}`, "node", {
        lasting: true,
      });
    }
    const parcels = [];
    for (const release of asked) {
      // Whatever is loaded is held against its digest there as well.
      const isThere = node.kept.includes(release) && !this.#options.thorough &&
        !isCached(release, machine);
      if (!isThere) parcels.push(await this.#parcel(release, machine));
    }
    return { parcels, note: null };
  }

  /** Releases that are asked for on a kind of machine. */
  #asked(machine: Machine | undefined): string[] {
    const { suite, flags, always = [] } = this.#bench;
    const settings = suite === undefined ? flags.set : settingsOf(suite, flags, machine);
    const asked: string[] = [...always];
    asked.push(...releasesIn(settings ?? []), ...releasesIn(flags.control ?? []));
    const wrong = asked.find((name) =>
      name !== SYSTEM && !isReleaseName(name) && !isFileRelease(name)
    );
    if (wrong !== undefined) {
      const name = JSON.stringify(wrong);
      throw new UsageError(
        `Cannot give nodes the release ${name}: it is none; deno task engine list says which ` +
          "there are",
      );
    }
    return [...new Set(asked)].filter((name) => name !== SYSTEM);
  }

  /** The default release, for a node that has nothing; it can be measured without, if not well. */
  async #default(node: NodeEngine, machine: Machine | undefined): Promise<Supplies> {
    const { suite, flags } = this.#bench;
    const stores = flags.store ?? suite?.stores ?? [];
    const uses = stores.some((store) => findStoreKind(store)?.libraryVariable !== undefined);
    const { kept, installed, default: release } = node;
    if (!uses || installed.length > 0) return { parcels: [], note: null };
    if (machine === undefined) return { parcels: [], note: `note: ${NO_LIBRARY}` };
    if (kept.includes(release) && !this.#options.thorough) return { parcels: [], note: null };
    try {
      return { parcels: [await this.#parcel(release, machine)], note: null };
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      return { parcels: [], note: `note: ${error.message}` };
    }
  }

  #parcel(release: string, machine: Machine): Promise<Parcel> {
    const key = `${release} ${machine}`;
    const parcel = this.#parcels.get(key) ?? this.#get(release, machine);
    this.#parcels.set(key, parcel);
    return parcel;
  }

  async #get(release: string, machine: Machine): Promise<Parcel> {
    const { streams, signal } = this.#options;
    try {
      return parcelOf(await obtainWithProgress(release, streams, { machine, signal }), machine);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      throw new ClusterError(error.message, "node", { lasting: true });
    }
  }
}

/** What nodes are given for a bench. */
export interface NodeSupply {
  engines: EngineSupply;
  /** The bench's options as they are told to the nodes. */
  flags: MeasuringFlags;
  /** The suite, where it can be told here. */
  suite: Suite | undefined;
}

/**
 * Says what nodes need for a bench of a suite.
 *
 * @throws {UsageError} Where it asks for what there is not.
 * @throws {EngineError} Where a file cannot be kept.
 */
export async function nodeSupply(
  suite: string,
  flags: MeasuringFlags,
  { always = [], ...options }: GettingOptions & Pick<NodeBench, "always">,
): Promise<NodeSupply> {
  const settled = {
    ...flags,
    ...(flags.set && { set: await settleNodeReleases(flags.set) }),
    ...(flags.control && { control: await settleNodeReleases(flags.control) }),
  };
  const known = await nodeSuite(suite);
  const plugins = new NodePlugins();
  const store = await nodeStores(flags.store, known, plugins, options.streams);
  const told = { ...settled, ...(store !== undefined && { store }) };
  const bench = { suite: known, flags: told, plugins, always };
  return { engines: new NodeEngines(bench, options), flags: told, suite: known };
}

const NO_LIBRARY = "no release has a library for its kind of machine";
