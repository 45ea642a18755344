/** A load in a suite: several clients at a time, measured by windows. */
import * as v from "valibot";
import { parseDuration } from "../format/mod.ts";
import { BenchmarkRecord, LoadSpecRecord, WorkloadRecord } from "../result/mod.ts";
import { type LoadSource, readLoad } from "./load_source.ts";
import { OwnRuns } from "./runs.ts";
import { clientsOf, KEY_FORMS, type LoadSpec, type ShapeName } from "../workload/mod.ts";

/** A load of a suite, for every store of it, as its file may write it. */
export interface LoadBenchmarkSource {
  /** Reads like criterion's ids, e.g. `mixed/90-10`. */
  name: string;
  /** Who does what to which keys, and when. */
  load: LoadSource;
  /** The shape of the store's tree before measuring. @default "ingested" */
  shape?: ShapeName;
  /** Time that a run measures, s. @default the profile's */
  seconds?: number;
  /** Runs of it at least, as of a benchmark of single operations. @default the profile's */
  runs?: number;
  /** Kinds of stores that it is not measured over. @default none */
  without?: readonly string[];
  /**
   * That the highest rate is searched that it is kept at, when all has been measured; by profiles of
   * three runs and more, since a search takes minutes. @default it is not
   */
  findRate?: FindRateSource;
}

/** Which rate is searched: with nothing in it, the capacity. */
interface FindRateSource {
  /** Bound of the response's p99, e.g. `2ms`, or ns. @default none */
  mostP99?: number | string;
}

/** A load of a suite with nothing left open. */
export interface LoadBenchmarkSpec extends Omit<LoadBenchmarkSource, "load" | "findRate"> {
  kind: "load";
  load: LoadSpec;
  findRate?: BenchmarkRecord["findRate"];
}

/** The fields of a load as a suite's file may have them. */
export const LoadSourceShape = v.object({
  name: BenchmarkRecord.entries.name,
  kind: v.optional(v.literal("load")),
  load: v.unknown(),
  shape: WorkloadRecord.entries.shape,
  seconds: v.optional(v.pipe(v.number(), v.finite(), v.gtValue(0))),
  runs: v.optional(OwnRuns),
  findRate: v.optional(v.object({ mostP99: v.optional(v.union([v.number(), v.string()])) })),
  without: v.optional(v.array(v.string())),
});

/** The same with the load as it has been read. */
export const LoadShape = v.object({
  ...LoadSourceShape.entries,
  kind: v.literal("load"),
  load: LoadSpecRecord,
  findRate: BenchmarkRecord.entries.findRate,
});

/**
 * The suite with its loads read.
 *
 * @throws {RangeError} Where one makes no sense; the message begins with the field.
 */
export function readLoads<
  S extends { loads?: readonly (LoadBenchmarkSource | LoadBenchmarkSpec)[] },
>(
  suite: S,
): Omit<S, "loads"> & { loads?: readonly LoadBenchmarkSpec[] } {
  // What is none of a list of objects is told with all else.
  const sources: unknown = Object(suite).loads;
  if (!Array.isArray(sources)) return suite as Omit<S, "loads">;
  const loads = sources.map((source, place) => {
    if (typeof source !== "object" || source === null || isRead(source)) return source;
    const { findRate, ...plain } = source;
    try {
      return {
        ...plain,
        kind: "load",
        load: readLoad(source.load),
        ...(findRate !== undefined && { findRate: readFindRate(findRate, `loads.${place}`) }),
      };
    } catch (error) {
      if (!(error instanceof RangeError) || error.message.startsWith("loads.")) throw error;
      throw new RangeError(`loads.${place}.load.${error.message}`);
    }
  });
  return { ...suite, loads };
}

/** @throws {RangeError} Where it makes no sense; the message begins with the field. */
function readFindRate(source: unknown, where: string): BenchmarkRecord["findRate"] {
  if (typeof source !== "object" || source === null) {
    throw new RangeError(
      `${where}.findRate: it is ${JSON.stringify(source)}; give {} for the capacity, or ` +
        '{ mostP99: "2ms" }',
    );
  }
  const { mostP99 } = source as FindRateSource;
  if (mostP99 === undefined) return { mostP99: null };
  const ns = typeof mostP99 === "string" ? parseDuration(mostP99) : mostP99;
  if (typeof ns === "number" && ns > 0 && ns < Infinity) return { mostP99: ns };
  throw new RangeError(
    `${where}.findRate.mostP99: it is ${JSON.stringify(mostP99)}; give a time such as 2ms, or ` +
      "nanoseconds",
  );
}

/** Whether a load was read already: it says what each group of clients does. */
function isRead({ kind, load }: Partial<LoadBenchmarkSpec>): boolean {
  return kind === "load" && Object(load).groups !== undefined;
}

/** What makes no sense in a load whose fields are of their types. */
export function complainOfLoad({ name, load, shape }: LoadBenchmarkSpec): string | undefined {
  if (shape !== undefined && !load.filled) {
    return `${name} begins with an empty store, which has no shape; leave shape out`;
  }
  return undefined;
}

/** Windows of a run, where its time is too short for as many whole seconds. */
const LEAST_WINDOWS = 10;

/** A load of the suite, for one store. */
export function loadBenchmarkRecord(store: string, spec: LoadBenchmarkSpec): BenchmarkRecord {
  const { name, load, shape, seconds, findRate } = spec;
  return {
    id: `${store}/${name}`,
    store,
    name,
    kind: "load",
    sampling: "flat",
    samples: Math.max(LEAST_WINDOWS, Math.ceil(seconds ?? 0)),
    elements: 1,
    ...(seconds !== undefined && { measureMs: seconds * 1000 }),
    ...(findRate !== undefined && { findRate }),
    workload: {
      operation: null,
      keys: load.keys,
      keyBytes: KEY_FORMS[load.keyForm].bytes,
      valueBytes: load.valueSize.kind === "fixed" ? load.valueSize.size : null,
      order: null,
      ...(shape !== undefined && { shape }),
      clients: clientsOf(load),
      load: load as LoadSpecRecord,
    },
  };
}
