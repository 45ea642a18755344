/** What a suite is: benchmarks over stores, with targets, claims, published figures and prose. */
import * as v from "valibot";
import {
  BenchmarkRecord,
  type ClaimRecord,
  FigureRecord,
  FIRST_ISSUE,
  issueText,
  ProfileRecord,
  SuiteRecord,
  type TargetRecord,
  type VariantRecord,
  WorkloadRecord,
} from "../result/mod.ts";
import {
  KEY_BYTES,
  type KeyOrderName,
  type OperationName,
  OPERATIONS,
  type ShapeName,
  SHAPES,
} from "../workload/mod.ts";
import { listWithSuggestion } from "../format/mod.ts";
import { SuiteError } from "./error.ts";
import { unknownField } from "./fields.ts";
import {
  complainOfLoad,
  type LoadBenchmarkSpec,
  LoadShape,
  LoadSourceShape,
  readLoads,
} from "./load.ts";
import { OwnRuns } from "./runs.ts";
import { type SuiteSource, withPlainNumbers } from "./units.ts";

/** One benchmark of a suite, for every store of the suite: one operation after the other. */
export interface BenchmarkSpec {
  /** Reads like criterion's ids, e.g. `write_throughput/10000`. */
  name: string;
  /** `throughput`: batches timed as a whole. `latency`: single operations timed as well. */
  kind: "throughput" | "latency";
  /** What one operation does. */
  operation: OperationName;
  /** Samples of a run. */
  samples: number;
  /** Operations in an iteration. @default 1 */
  elements?: number;
  /** Keys in the database, or in one round of writing. */
  keys: number;
  /** Bytes of a value. */
  valueBytes: number;
  /** In which order keys are taken. @default "sequential" */
  order?: KeyOrderName;
  /** The shape of the store's tree before measuring. @default "ingested" */
  shape?: ShapeName;
  /** Operations in flight, of stores that answer through promises. @default 1 */
  clients?: number;
  /** Iterations of the samples: all the same, or growing. @default "flat" */
  sampling?: "flat" | "linear";
  /**
   * Runs of it at least, 1 to 1,000, where what it measures differs more from run to run than the
   * others do. Profiles of fewer than three runs, a call's own number, and pairs that take turns are the
   * same for all benchmarks. @default the profile's
   */
  runs?: number;
}

/** How much of a ladder is measured. */
export interface LadderProfile extends Pick<ProfileRecord, "runs" | "warmupMs" | "measureMs"> {
  /** Releases, spread evenly from the first to the last; `null` for all that there are. */
  rungs: number | null;
  /** Whether steps are measured again with the older release's options. */
  explains: boolean;
}

/** A store that a suite measures with other options, beside others of its kind. */
export interface StoreVariant {
  /** One of the suite's. */
  store: string;
  /** What is another in it. */
  options: VariantRecord;
  /** The benchmarks that it is measured in, by name. @default all */
  benchmarks?: readonly string[];
  /**
   * Those of them that only profiles of three runs and more measure, or a filter asks for: what a look
   * has no time for. @default none
   */
  thorough?: readonly string[];
}

/** That a suite is measured over releases of an engine, each against its neighbour and the first. */
export interface LadderSpec {
  /** Options of the stores on every rung, but for the release. */
  storeOptions: VariantRecord;
  /** The first release where none is named. */
  from: string;
  /** The last release where none is named. */
  to: string;
  /** By the names that profiles have; each takes that profile's place. */
  profiles: Readonly<Record<string, LadderProfile>>;
}

/**
 * A suite, as a file in `suites/` defines it. Its title, summary, claims and next steps are Markdown of
 * one paragraph: reports show emphasis and code, of a link its text and target, of all else the text.
 */
export interface Suite {
  /** The name on the command line. */
  name: string;
  /** The report's title. */
  title: string;
  /** One or two sentences on what the suite is for. */
  summary: string;
  /** Stores that are measured unless others are asked for: also names of {@linkcode Suite.plugins}. */
  stores: readonly string[];
  /**
   * Names for plug-ins, and their libraries' paths: absolute, or from the working directory. Results
   * have the names, and never the paths. @default none
   */
  plugins?: Readonly<Record<string, string>>;
  /** Options that the stores are opened with unless `--set` has others. @default none */
  storeOptions?: VariantRecord;
  /** Stores that are measured several times, each time with other options. @default none */
  variants?: readonly StoreVariant[];
  benchmarks: readonly BenchmarkSpec[];
  /** Benchmarks of several clients at a time, after the others. @default none */
  loads?: readonly LoadBenchmarkSpec[];
  /** How it is measured over releases of an engine. @default on one */
  ladder?: LadderSpec;
  targets: readonly TargetRecord[];
  claims: readonly ClaimRecord[];
  figures: readonly FigureRecord[];
  /** What to do after the report, in whole sentences. */
  nextSteps: readonly string[];
}

/** What can be a directory's name and part of a benchmark's id on any system. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/** What a plug-in may be called, as in its own description. */
const PLUGIN_NAME = /^[a-z0-9][a-z0-9_-]{0,39}$/;

/** The most letters of a suite's name: a night's folder has it beside a date and a node's name. */
const MOST_NAME = 100;

/**
 * Checks a suite and gives it back, with plain numbers where it has texts such as `1KiB`, `5ms` and
 * `20k`. A file's suite may come from a program that no type checker saw, so that types are checked as
 * well.
 *
 * @throws {SuiteError} Where a field lacks, is of another type or is not known, names repeat or cannot be a
 * file's, numbers make no sense, or a target or claim names what is not there.
 */
export function defineSuite(source: SuiteSource): Suite {
  const wrong = (what: string) => new SuiteError(`Cannot define ${inWords(source)}: ${what}`);
  const slip = unknownField(WrittenByHand, source);
  if (slip !== undefined) throw wrong(slip);
  let suite: Suite;
  try {
    suite = readLoads(withPlainNumbers(source));
  } catch (error) {
    throw error instanceof RangeError ? wrong(error.message) : error;
  }
  const checked = v.safeParse(SuiteShape, suite, FIRST_ISSUE);
  if (!checked.success) throw wrong(issueText(checked.issues));
  if (!NAME.test(suite.name)) {
    throw wrong("name it with letters, digits, dots, dashes and underscores");
  }
  if (suite.name.length > MOST_NAME) {
    const { length } = suite.name;
    throw new SuiteError(
      `Cannot define the suite: its name has ${length} letters; give it at most ${MOST_NAME}, since ` +
        "it becomes a folder's",
    );
  }
  const repeated = suite.stores.find((store, i) => suite.stores.indexOf(store) !== i);
  if (repeated !== undefined) throw wrong(`the store ${repeated} is there twice`);
  const benchmarks = new Map<string, BenchmarkSpec | LoadBenchmarkSpec>();
  const all = [...suite.benchmarks, ...suite.loads ?? []];
  if (all.length === 0) throw wrong("define a benchmark");
  for (const benchmark of all) {
    const complaint = complainOfName(benchmark.name) ??
      (benchmark.kind === "load" ? complainOfLoad(benchmark) : complainOf(benchmark));
    if (complaint !== undefined) throw wrong(complaint);
    if (benchmarks.has(benchmark.name)) {
      throw wrong(`the benchmark ${benchmark.name} is there twice`);
    }
    benchmarks.set(benchmark.name, benchmark);
  }
  for (const { store, benchmarks: named = [], thorough = [] } of suite.variants ?? []) {
    if (!suite.stores.includes(store)) {
      throw wrong(unknownName(`a variant is of the store ${store}`, store, suite.stores));
    }
    const unknown = [...named, ...thorough].find((name) => !benchmarks.has(name));
    if (unknown !== undefined) {
      const what = `a variant is for the benchmark ${unknown}`;
      throw wrong(unknownName(what, unknown, [...benchmarks.keys()]));
    }
  }
  const evidence = suite.claims.flatMap((claim) => claim.evidence);
  const named = [
    ...suite.targets.map((target) => ({ what: "a target", ...target })),
    ...evidence.map((piece) => ({ what: "a claim's evidence", ...piece })),
  ];
  for (const { what, benchmark, metric } of named) {
    const kind = benchmarks.get(benchmark)?.kind;
    if (kind === undefined) {
      const where = `${what} is for the benchmark ${benchmark}`;
      throw wrong(unknownName(where, benchmark, [...benchmarks.keys()]));
    }
    if (kind === "throughput" && QUANTILES.has(metric)) {
      throw wrong(`${what} is the ${metric} of ${benchmark}; make that benchmark a latency`);
    }
    if (RESPONSES.has(metric) && !hasRate(benchmarks.get(benchmark)!)) {
      throw wrong(
        `${what} is the ${metric} of ${benchmark}, and only loads with a rate have responses; give ` +
          `a load of that name a rate, or write ${QUANTILE_OF_RESPONSE[metric]}`,
      );
    }
  }
  suite.targets.forEach((target, index) => {
    const complaint = complainOfTarget(target, suite.targets.slice(0, index));
    if (complaint !== undefined) throw wrong(`targets.${index}${complaint}`);
  });
  const figures = new Set(suite.figures.map((figure) => figure.id));
  const unknown = evidence.flatMap((piece) => piece.figures).find((id) => !figures.has(id));
  if (unknown !== undefined) {
    const named = suite.figures.flatMap(({ id }) => id ?? []);
    throw wrong(unknownName(`a claim's evidence is the figure ${unknown}`, unknown, named));
  }
  try {
    JSON.stringify(suiteRecord(suite));
  } catch {
    throw wrong("it holds what no JSON can, such as a circle or a BigInt; leave that out");
  }
  return suite;
}

/** That something names what is not there, and what there is. */
function unknownName(what: string, name: string, known: readonly string[]): string {
  const there = known.length === 0 ? "there is none" : listWithSuggestion(name, known);
  return `${what}, which is not there; ${there}`;
}

/** A suite by its name, where it has one: nothing of it is checked yet. */
function inWords(suite: unknown): string {
  const name = typeof suite === "object" && suite !== null && "name" in suite ? suite.name : null;
  return typeof name === "string" ? `the suite ${JSON.stringify(name)}` : "the suite";
}

/** Quantiles of times that count from when an operation was due, and the same of service times. */
const QUANTILE_OF_RESPONSE: Readonly<Record<string, string>> = {
  responseP50: "p50",
  responseP90: "p90",
  responseP99: "p99",
  responseP999: "p999",
};

/** Metrics that only operations with a schedule have. */
const RESPONSES: ReadonlySet<string> = new Set(Object.keys(QUANTILE_OF_RESPONSE));

/** Metrics that only single operations have. */
const QUANTILES: ReadonlySet<string> = new Set(Object.entries(QUANTILE_OF_RESPONSE).flat());

/** Whether operations of a benchmark begin by a schedule. */
function hasRate(benchmark: BenchmarkSpec | LoadBenchmarkSpec): boolean {
  return benchmark.kind === "load" &&
    benchmark.load.groups.some(({ counted, pace }) => counted && pace.loop === "open");
}

/**
 * What is wrong with a target by itself, or beside those before it.
 *
 * @returns A field and what to write, behind the target's own place.
 */
function complainOfTarget(
  { benchmark, metric, bound, value, stores }: TargetRecord,
  before: readonly TargetRecord[],
): string | undefined {
  const isRate = metric === "throughput";
  const good = isRate ? "atLeast" : "atMost";
  if (bound !== good) {
    return `.bound: it is "${bound}", and more of a ${isRate ? "rate" : "time"} is ` +
      `${isRate ? "better" : "worse"}; write "${good}"`;
  }
  const twice = before.some((other) =>
    other.benchmark === benchmark && other.metric === metric && other.value === value &&
    (stores === undefined || other.stores === undefined ||
      stores.some((store) => other.stores!.includes(store)))
  );
  return twice
    ? `: the ${metric} of ${benchmark} has the same target already; leave one of them out`
    : undefined;
}

const PositiveWhole = v.pipe(
  v.number(),
  v.check((value) => Number.isSafeInteger(value) && value > 0, "give a positive whole number"),
);

const StoreOptionsShape = v.record(
  v.string(),
  v.union([v.string(), v.number(), v.boolean()]),
);

const LadderShape = v.object({
  storeOptions: StoreOptionsShape,
  from: v.string(),
  to: v.string(),
  profiles: v.record(
    v.string(),
    v.object({
      ...v.omit(ProfileRecord, ["name"]).entries,
      rungs: v.nullable(PositiveWhole),
      explains: v.boolean(),
    }),
  ),
});

/** A suite's fields as the records have them, and the others' types. */
const SuiteShape = v.object({
  ...SuiteRecord.entries,
  ladder: v.optional(LadderShape),
  stores: v.pipe(v.array(v.string()), v.minLength(1, "name a store")),
  plugins: v.optional(v.record(
    v.pipe(v.string(), v.regex(PLUGIN_NAME, "name plug-ins by a-z, 0-9, - and _, up to 40")),
    v.pipe(v.string(), v.minLength(1)),
  )),
  storeOptions: v.optional(StoreOptionsShape),
  variants: v.optional(v.array(v.object({
    store: v.string(),
    options: StoreOptionsShape,
    benchmarks: v.optional(v.array(v.string())),
    thorough: v.optional(v.array(v.string())),
  }))),
  benchmarks: v.array(v.object({
    name: BenchmarkRecord.entries.name,
    kind: v.picklist(["throughput", "latency"]),
    // Only of an imported benchmark it may not be known.
    operation: v.unwrap(WorkloadRecord.entries.operation),
    samples: PositiveWhole,
    elements: v.optional(PositiveWhole),
    keys: PositiveWhole,
    valueBytes: PositiveWhole,
    order: v.optional(v.unwrap(WorkloadRecord.entries.order)),
    shape: WorkloadRecord.entries.shape,
    clients: v.optional(PositiveWhole),
    sampling: v.optional(BenchmarkRecord.entries.sampling),
    runs: v.optional(OwnRuns),
  })),
  loads: v.optional(v.array(LoadShape)),
});

/** Where no name may be a slip: a published figure has whatever its source says of it. */
const WrittenByHand = v.object({
  ...SuiteShape.entries,
  figures: v.unknown(),
  loads: v.optional(v.array(LoadSourceShape)),
});

/** What is wrong with a benchmark's name, which is a part of its id. */
function complainOfName(name: string): string | undefined {
  if (name.split("/").every((part) => NAME.test(part))) return undefined;
  return `name the benchmark ${JSON.stringify(name)} with letters, digits, dots, dashes, ` +
    `underscores, and slashes in between`;
}

/** Operations in flight at most. */
const MOST_IN_FLIGHT = 4096;

/** What makes no sense in a benchmark whose fields are of their types. */
function complainOf(
  { name, kind, operation, elements = 1, keys, shape, clients = 1 }: BenchmarkSpec,
) {
  const { plural, timed, walks, filled } = OPERATIONS[operation];
  if (kind === "latency" && !timed) {
    return `${name} times single ${plural}; make it a throughput`;
  }
  if (kind === "latency" && elements !== 1) {
    return `${name} is a latency of ${elements} operations; leave elements out`;
  }
  if (walks && elements > keys) {
    return `${name} scans ${elements} of ${keys} keys; have as many keys`;
  }
  if (shape !== undefined && !filled) {
    return `${name} begins with an empty store, which has no shape; leave shape out`;
  }
  if (shape !== undefined && SHAPES[shape].rewritten) {
    return `${name} has the shape ${shape}, which only loads have; write settled or ingested`;
  }
  if (clients > MOST_IN_FLIGHT) {
    return `${name} has ${clients} operations in flight; have at most ${MOST_IN_FLIGHT}`;
  }
  return undefined;
}

/** What of a suite goes into the result, so that it can be judged and rendered without the suite. */
export function suiteRecord(suite: Suite): SuiteRecord {
  const { name, title, summary, ladder, targets, claims, figures, nextSteps } = suite;
  return {
    name,
    title,
    summary,
    targets: [...targets],
    claims: [...claims],
    figures: [...figures],
    nextSteps: [...nextSteps],
    ...(ladder !== undefined && { ladder: true }),
  };
}

/** A benchmark of the suite, for one store. */
export function benchmarkRecord(store: string, spec: BenchmarkSpec): BenchmarkRecord {
  return {
    id: `${store}/${spec.name}`,
    store,
    name: spec.name,
    kind: spec.kind,
    sampling: spec.sampling ?? "flat",
    samples: spec.samples,
    elements: spec.elements ?? 1,
    workload: {
      operation: spec.operation,
      keys: spec.keys,
      keyBytes: KEY_BYTES,
      valueBytes: spec.valueBytes,
      order: spec.order ?? "sequential",
      ...(spec.shape !== undefined && { shape: spec.shape }),
      clients: spec.clients ?? 1,
    },
  };
}

/**
 * Checks published figures that a suite takes from a JSON file.
 *
 * @throws {SuiteError} Where one lacks a field; the message has its path.
 */
export function parseFigures(data: unknown): FigureRecord[] {
  const parsed = v.safeParse(v.looseObject({ figures: v.array(FigureRecord) }), data, FIRST_ISSUE);
  if (!parsed.success) {
    throw new SuiteError(`Cannot take the published figures: ${issueText(parsed.issues)}`);
  }
  return parsed.output.figures;
}
