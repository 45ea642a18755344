/** The searches that a suite asks for, when everything else of it has been measured. */
import { isThere, REPORT_MARKDOWN_FILE } from "../../../disk/mod.ts";
import { type BenchmarkRecord, kindOfStore, type Result } from "../../../result/mod.ts";
import type { LaneResult, PluginPlace, Plugins } from "../../../run/mod.ts";
import { LEAST_RUNS } from "../../../stats/mod.ts";
import { storeKind, type StoreSettings } from "../../../store/mod.ts";
import type { LoadBenchmarkSpec } from "../../../suite/mod.ts";
import { EXIT } from "../../exit_code.ts";
import { searchedLoads } from "../../searched_loads.ts";
import { VERSION } from "../../version.ts";
import { type Searched, searchLoad } from "./find_rate.ts";
import type { BenchSession } from "./session.ts";

/**
 * Searches the rates that a bench's suite asks for, those that are not found yet.
 *
 * @param lanes As the bench ended; nothing is searched where it is not complete, or compares.
 * @param plugins The files of its stores that are plug-ins.
 * @returns The code to end with.
 */
export async function findRates(
  directory: string,
  lanes: readonly LaneResult[],
  plugins: Plugins | undefined,
  session: BenchSession,
): Promise<number> {
  const { flags, streams, signal, command } = session;
  const [{ result }, ...others] = lanes as [LaneResult, ...LaneResult[]];
  if (!result.complete || others.length > 0) return EXIT.fine;
  let code: number = EXIT.fine;
  for (const searched of searchesLeft(directory, result)) {
    if (signal.aborted) return EXIT.failed;
    if (result.profile.runs < LEAST_RUNS) {
      streams.error(
        `note: the highest rate of ${searched.id} is not searched by a bench of fewer than ` +
          `${LEAST_RUNS} runs, as one of the profile ${result.profile.name}\n`,
      );
      continue;
    }
    const { store, id } = searched;
    if (storeKind(store).libraryIsNamed && plugins?.[store] === undefined) {
      streams.error(
        `note: the highest rate of ${id} is not searched: name its plug-in again by --store\n`,
      );
      continue;
    }
    const { variant } = result.benchmarks.find((benchmark) => benchmark.id === id)!;
    const found = await searchLoad(searched, {
      profile: result.profile,
      plugins,
      storeOptions: { ...result.storeOptions, ...variant } as StoreSettings,
      memory: result.memory,
      runLimitMs: flags.runLimit,
      seed: result.seed,
      command,
      warnings: [],
      version: VERSION,
    }, session);
    code = Math.max(code, found);
  }
  return code;
}

/** Which of some files each plug-in of a result was, by the digests that its runs have. */
export function pluginsOf({ runs }: Pick<Result, "runs">, files: readonly PluginPlace[]): Plugins {
  const plugins: Record<string, PluginPlace> = {};
  for (const { store } of runs) {
    const file = files.find(({ sha256 }) => sha256 === store?.release?.sha256);
    if (store !== null && file !== undefined) plugins[plainStore(store.store)] = file;
  }
  return plugins;
}

/** A store without what is another in a variant of it; a plug-in's own name is a part of it. */
function plainStore(store: string): string {
  return storeKind(store).libraryIsNamed ? store.split("@", 2).join("@") : kindOfStore(store);
}

/** The searches that a bench's suite asks for and that have no report yet. */
export function searchesLeft(
  directory: string,
  { benchmarks }: Pick<Result, "benchmarks">,
): Searched[] {
  return searchedLoads(benchmarks).map((benchmark) => searchedOf(directory, benchmark))
    .filter(({ directory }) => !isThere(`${directory}/${REPORT_MARKDOWN_FILE}`));
}

function searchedOf(directory: string, benchmark: BenchmarkRecord): Searched {
  const { id, store, name, workload: { load, shape }, measureMs, findRate } = benchmark;
  return {
    id,
    store: plainStore(store),
    load: {
      kind: "load",
      name,
      load: load as LoadBenchmarkSpec["load"],
      ...(shape !== undefined && { shape }),
      ...(measureMs !== undefined && { seconds: measureMs / 1000 }),
    },
    mostP99: findRate!.mostP99,
    directory: `${directory}/rate-${id.replaceAll("/", "-")}`,
  };
}
