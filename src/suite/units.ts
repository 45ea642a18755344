/** Numbers of a suite that are written with their unit: `64MiB`, `5ms`, `20k`. */
import { parseBytes, parseCount, parseDuration } from "../format/mod.ts";
import type { TargetRecord } from "../result/mod.ts";
import type { LoadBenchmarkSource, LoadBenchmarkSpec } from "./load.ts";
import type { BenchmarkSpec, Suite } from "./suite.ts";

/** A benchmark as a suite's file may write it: counts such as `20k`, sizes such as `64KiB`. */
export type BenchmarkSource =
  & Omit<BenchmarkSpec, Count | Size>
  & { [name in keyof Pick<BenchmarkSpec, Count | Size>]: BenchmarkSpec[name] | string };
type Count = "samples" | "elements" | "keys";
type Size = "valueBytes";

/** A target as a suite's file may write it: a time such as `5ms`, or operations a second such as `50k`. */
export type TargetSource = Omit<TargetRecord, "value"> & { value: number | string };

/** The lists of a suite that are empty where its file says nothing of them. */
type List = "claims" | "figures" | "nextSteps";

/** A suite as its file may write it. Lists that would be empty may be left out. */
export type SuiteSource =
  & Omit<Suite, "benchmarks" | "loads" | "targets" | List>
  & Partial<Pick<Suite, List>>
  & {
    benchmarks?: readonly BenchmarkSource[];
    /** Those that were read already stay as they are. */
    loads?: readonly (LoadBenchmarkSource | LoadBenchmarkSpec)[];
    targets?: readonly TargetSource[];
  };

/** What a suite has that its file leaves out. */
const LEFT_OUT = { benchmarks: [], targets: [], claims: [], figures: [], nextSteps: [] } as const;

/** A suite whose loads are still as its file has them. */
export type PlainSuite = Omit<Suite, "loads"> & Pick<SuiteSource, "loads">;

/** How one field is read, and what to write there. */
interface Unit {
  parse: (text: string) => number | undefined;
  wanted: string;
}

const COUNT: Unit = { parse: parseCount, wanted: "a count such as 20000 or 20k" };
const SIZE: Unit = { parse: parseBytes, wanted: "a size such as 1024 or 1KiB" };
const TIME: Unit = { parse: parseDuration, wanted: "a time such as 5ms, or nanoseconds" };
const RATE: Unit = { parse: parseCount, wanted: "operations a second such as 50000 or 50k" };

const OF_BENCHMARK: Readonly<Record<Count | Size, Unit>> = {
  samples: COUNT,
  elements: COUNT,
  keys: COUNT,
  valueBytes: SIZE,
};

/**
 * The suite with all its lists and with plain numbers: counts, bytes, operations a second and
 * nanoseconds. What is no text stays as it is, to be checked with all else.
 *
 * @throws {RangeError} Where a text is no number with a unit of its field's kind; it names the field.
 */
export function withPlainNumbers(source: SuiteSource): PlainSuite {
  if (typeof source !== "object" || source === null) return source;
  const isWhole = Object.keys(LEFT_OUT).every((list) => Object.hasOwn(source, list));
  const whole = isWhole ? source as Suite : { ...LEFT_OUT, ...source };
  const benchmarks = changed(whole.benchmarks, "benchmarks", () => OF_BENCHMARK);
  const targets = changed(
    whole.targets,
    "targets",
    ({ metric }) => ({ value: metric === "throughput" ? RATE : TIME }),
  );
  return benchmarks === whole.benchmarks && targets === whole.targets
    ? whole as PlainSuite
    : { ...whole, benchmarks, targets } as PlainSuite;
}

/** A list of objects with their texts read; the same list where there is none. */
function changed<T>(
  list: readonly T[],
  where: string,
  unitsOf: (item: T) => Readonly<Record<string, Unit>>,
): readonly T[] {
  if (!Array.isArray(list)) return list;
  const read = list.map((item: T, place) => {
    if (typeof item !== "object" || item === null) return item;
    const fields = Object.entries(unitsOf(item)).flatMap(([name, { parse, wanted }]) => {
      const text = (item as Record<string, unknown>)[name];
      if (typeof text !== "string") return [];
      const value = parse(text);
      if (value !== undefined) return [[name, value]];
      throw new RangeError(
        `${where}.${place}.${name}: it is ${JSON.stringify(text)}, and has to be ${wanted}`,
      );
    });
    return fields.length === 0 ? item : { ...item, ...Object.fromEntries(fields) };
  });
  return read.every((item, place) => item === list[place]) ? list : read;
}
