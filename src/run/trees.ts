/**
 * What several runs of loads begin with: loaded and settled once, by a process of its own, and kept as a
 * checkpoint. Each run gets a database of links to its files, so that all begin with the same tree.
 */
import { fileReason, isFolder, makeFolder, removeIfThere } from "../disk/mod.ts";
import type { LoadBegins } from "../measure/mod.ts";
import type { BenchmarkRecord, PlanLine } from "../result/mod.ts";
import { derive } from "../stats/mod.ts";
import { CALIBRATION_NAMES, findStoreKind } from "../store/mod.ts";
import { SHAPES } from "../workload/mod.ts";
import type { RunOutcome } from "./process.ts";
import type { RunSpec } from "./spec.ts";
import type { World } from "./world.ts";

/** What a plan says of its runs. */
type Planned = Pick<PlanLine, "benchmarks" | "profile">;

/**
 * What distinguishes the tree that a load begins with from others, as text: what is put into which store.
 * What its clients do then is none of it.
 *
 * @returns `undefined` of what begins with no tree.
 */
export function treeKey({ store, workload }: BenchmarkRecord): string | undefined {
  const { load, shape = "ingested" } = workload;
  if (load === undefined || !load.filled) return undefined;
  const { keys, keyForm, valueSize, compressibility } = load;
  return JSON.stringify({ store, shape, keys, keyForm, valueSize, compressibility });
}

/** How many runs of a plan begin with each tree. */
export function treeRuns({ benchmarks, profile }: Planned): Map<string, number> {
  const runs = new Map<string, number>();
  for (const benchmark of benchmarks) {
    const key = treeKey(benchmark);
    if (key === undefined) continue;
    runs.set(key, (runs.get(key) ?? 0) + (benchmark.runs ?? profile.runs));
  }
  return runs;
}

/** How the runs of a load come to hold what it begins with, where so many runs begin with the same. */
export function beginsWith(
  { store, workload: { shape = "ingested" } }: BenchmarkRecord,
  runs: number,
): LoadBegins {
  if (runs < 2 || CALIBRATION_NAMES.has(store)) return "own";
  if (!findStoreKind(store)?.checkpoints) return "noCheckpoint";
  // What a checkpoint keeps is in files.
  return SHAPES[shape].settles || SHAPES[shape].rewritten ? "checkpoint" : "inMemory";
}

/** The trees of a bench. */
export class Trees {
  readonly #runs: ReadonlyMap<string, number>;
  readonly #pathOf: (name: string) => string;

  /**
   * @param plans Those of the lanes.
   * @param pathOf Where a tree of a name is kept.
   * @param lasting Whether other benches begin with the same ones.
   */
  constructor(plans: readonly Planned[], pathOf: (name: string) => string, lasting = false) {
    const runs = new Map<string, number>();
    for (const plan of plans) {
      for (const [key, count] of treeRuns(plan)) {
        runs.set(key, lasting ? Infinity : (runs.get(key) ?? 0) + count);
      }
    }
    this.#runs = runs;
    this.#pathOf = pathOf;
  }

  /**
   * Gets a run's database ready, as far as that is done before its process.
   *
   * @param planSeed Determines the values, of all runs alike.
   * @param load Runs the process that loads, where none has yet.
   * @returns What the run's process is to do then, or how the load ended that it cannot do without.
   */
  async prepare(
    benchmark: BenchmarkRecord,
    spec: RunSpec,
    planSeed: number,
    load: (spec: RunSpec) => ReturnType<World["runProcess"]>,
  ): Promise<RunSpec | Exclude<RunOutcome, { state: "ended" }>> {
    const key = treeKey(benchmark);
    if (key === undefined || spec.load === undefined) return spec;
    const begins = beginsWith(benchmark, this.#runs.get(key) ?? 0);
    if (begins !== "checkpoint") return { ...spec, load: { ...spec.load, begins } };
    const { options, library = null } = spec;
    const name = derive(planSeed, key, JSON.stringify({ options, library })).toString(36);
    const tree = this.#pathOf(name);
    try {
      if (!isFolder(tree)) {
        const loading = `${tree}.load`;
        removeIfThere(loading, { recursive: true });
        const seed = derive(planSeed, "tree", key);
        // What runs may have is no matter of what they begin with.
        const { memoryGroup: _, ...free } = spec;
        const outcome = await load({
          ...free,
          database: loading,
          keep: tree,
          load: { ...spec.load, seed },
        });
        if (outcome.state !== "ended") return withoutPath(outcome, tree, benchmark.id);
        removeIfThere(loading, { recursive: true });
      }
      linkTree(tree, spec.database);
    } catch (error) {
      return {
        state: "failed",
        error: `Cannot begin ${benchmark.id} with its checkpoint: ${fileReason(error)}`,
      };
    }
    return { ...spec, load: { ...spec.load, begins } };
  }
}

/** An outcome whose words name no path. */
function withoutPath<O extends RunOutcome>(outcome: O, path: string, name: string): O {
  return outcome.state === "failed"
    ? { ...outcome, error: outcome.error.replaceAll(`${path}.load`, name).replaceAll(path, name) }
    : outcome;
}

/** Files of RocksDB's that never change once they are written. */
const UNCHANGING = /\.(?:sst|blob)$/;

/** Makes a database of a checkpoint's files: links of what never changes, copies of the rest. */
function linkTree(tree: string, database: string): void {
  makeFolder(database);
  for (const { name } of Deno.readDirSync(tree)) {
    const [from, to] = [`${tree}/${name}`, `${database}/${name}`];
    if (!UNCHANGING.test(name) || !isLinked(from, to)) Deno.copyFileSync(from, to);
  }
}

/** Links a file, where the file system can. */
function isLinked(from: string, to: string): boolean {
  try {
    Deno.linkSync(from, to);
    return true;
  } catch {
    return false;
  }
}
