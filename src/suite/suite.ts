/** What a suite is: benchmarks over stores, with targets, claims, published figures and prose. */
import * as v from "valibot";
import {
  type BenchmarkRecord,
  type ClaimRecord,
  FigureRecord,
  type SuiteRecord,
  type TargetRecord,
} from "../result/mod.ts";
import { KEY_BYTES } from "../workload/mod.ts";
import { SuiteError } from "./error.ts";

/** One benchmark of a suite, for every store of the suite. */
export interface BenchmarkSpec {
  /** Reads like criterion's ids, e.g. `write_throughput/10000`. */
  name: string;
  /** `throughput`: batches timed as a whole. `latency`: single operations timed as well. */
  kind: "throughput" | "latency";
  /** What one operation does. */
  operation: "put" | "get" | "scan";
  /** Samples of a run. */
  samples: number;
  /** Operations in an iteration. @default 1 */
  elements?: number;
  /** Keys in the database, or in one round of writing. */
  keys: number;
  /** Bytes of a value. */
  valueBytes: number;
  /** Iterations of the samples: all the same, or growing. @default "flat" */
  sampling?: "flat" | "linear";
}

/** A suite, as a file in `suites/` defines it. */
export interface Suite {
  /** The name on the command line. */
  name: string;
  /** The report's title. */
  title: string;
  /** One or two sentences on what the suite is for. */
  summary: string;
  /** Stores that are measured unless others are asked for. */
  stores: readonly string[];
  benchmarks: readonly BenchmarkSpec[];
  targets: readonly TargetRecord[];
  claims: readonly ClaimRecord[];
  figures: readonly FigureRecord[];
  /** What to do after the report, in whole sentences. */
  nextSteps: readonly string[];
}

/**
 * Checks a suite and gives it back.
 *
 * @throws {SuiteError} Where names repeat, numbers make no sense, or a target or claim names a
 * benchmark or figure that is not there.
 */
export function defineSuite(suite: Suite): Suite {
  const wrong = (what: string) =>
    new SuiteError(`Cannot define the suite ${JSON.stringify(suite.name)}: ${what}`);
  const names = new Set<string>();
  for (const benchmark of suite.benchmarks) {
    const { name, kind, operation, samples, elements = 1, keys, valueBytes } = benchmark;
    if (names.has(name)) throw wrong(`the benchmark ${name} is there twice`);
    names.add(name);
    for (const [what, value] of Object.entries({ samples, elements, keys, valueBytes })) {
      if (!Number.isSafeInteger(value) || value < 1) {
        throw wrong(`${name} has ${value} as ${what}; it takes a positive whole number`);
      }
    }
    if (kind === "latency" && operation === "scan") {
      throw wrong(`${name} times single scans; make it a throughput`);
    }
    if (kind === "latency" && elements !== 1) {
      throw wrong(`${name} is a latency of ${elements} operations; leave elements out`);
    }
    if (operation === "scan" && elements > keys) {
      throw wrong(`${name} scans ${elements} of ${keys} keys; have as many keys`);
    }
  }
  const figures = new Set(suite.figures.map((figure) => figure.id));
  for (const target of suite.targets) {
    if (!names.has(target.benchmark)) throw wrong(`a target is for ${target.benchmark}, unknown`);
  }
  for (const { benchmark, figures: ids } of suite.claims.flatMap((claim) => claim.evidence)) {
    if (!names.has(benchmark)) throw wrong(`a claim's evidence is ${benchmark}, unknown`);
    const unknown = ids.find((id) => !figures.has(id));
    if (unknown !== undefined) throw wrong(`a claim's evidence is the figure ${unknown}, unknown`);
  }
  return suite;
}

/** What of a suite goes into the result, so that it can be judged and rendered without the suite. */
export function suiteRecord(suite: Suite): SuiteRecord {
  const { name, title, summary, targets, claims, figures, nextSteps } = suite;
  return {
    name,
    title,
    summary,
    targets: [...targets],
    claims: [...claims],
    figures: [...figures],
    nextSteps: [...nextSteps],
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
      order: "sequential",
      clients: 1,
    },
  };
}

/**
 * Checks published figures that a suite takes from a JSON file.
 *
 * @throws {SuiteError} Where one lacks a field; the message has its path.
 */
export function parseFigures(data: unknown): FigureRecord[] {
  const parsed = v.safeParse(v.looseObject({ figures: v.array(FigureRecord) }), data);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new SuiteError(
      `Cannot take the published figures: ${v.getDotPath(issue) ?? "file"}: ${issue.message}`,
    );
  }
  return parsed.output.figures;
}
