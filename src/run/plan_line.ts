/** What a bench writes first: everything that is known before it measures. */
import { checkoutCommit, collectEnvironment, hideHome } from "../environment/mod.ts";
import type { InterleavedRecord, PlanLine, ProfileRecord } from "../result/mod.ts";
import { calibrationStore, storeKind, type StoreSettings } from "../store/mod.ts";
import { calibrationOf, planBenchmarks, type Suite, suiteRecord } from "../suite/mod.ts";

/** Where databases are made unless another place is named. */
export const DATA = "data";

/** What to bench. */
export interface BenchRequest {
  suite: Suite;
  profile: ProfileRecord;
  /** Stores, in the report's order; each can be opened here. */
  stores: readonly string[];
  /** Text that a benchmark's id must contain. */
  filter?: string | undefined;
  /** Sampling of all benchmarks, where not the suite's own. */
  sampling?: "flat" | "linear" | undefined;
  storeOptions: StoreSettings;
  /** Determines the order of the runs, the values and, later, the resamples. */
  seed: number;
  /** The bench's directory: absent or empty. */
  directory: string;
  /** Where databases are made: absent or empty. @default `data` in the bench's directory */
  dataDirectory?: string | undefined;
  /** The command line, to be recorded. */
  command: readonly string[];
  /** What was noticed before, to be recorded. */
  warnings: readonly string[];
  /** Tidemark's version. */
  version: string;
}

/** What the plan says of a bench that is one side of an interleaved one. */
export type Side = InterleavedRecord;

/**
 * The plan of a bench.
 *
 * @param side Which side of an interleaved bench it is, if any.
 */
export function planLine(request: BenchRequest, side?: Side): PlanLine {
  const { suite, profile, stores, seed } = request;
  const measured = planBenchmarks(suite, request);
  const forms = new Set(stores.map((store) => storeKind(store).api()));
  const calibration = [...forms].flatMap((api) =>
    calibrationOf(
      measured.filter((benchmark) => storeKind(benchmark.store).api() === api),
      calibrationStore(api),
    )
  );
  const startedAt = new Date().toISOString();
  const { burn } = request.storeOptions;
  return {
    kind: "plan",
    schema: "tidemark.journal",
    version: 1,
    id: side === undefined
      ? benchId(suite.name, new Date(startedAt))
      : `${side.session}-${side.role}`,
    startedAt,
    tool: toolRecord(request.version),
    command: request.command.map(withoutHome),
    seed,
    profile,
    storeOptions: { ...request.storeOptions },
    ...(side !== undefined && { interleaved: side }),
    suite: suiteRecord(suite),
    environment: collectEnvironment(request.dataDirectory ?? `${request.directory}/${DATA}`),
    benchmarks: [...measured, ...calibration],
    warnings: [
      ...request.warnings,
      ...(burn === undefined || burn === 0 ? [] : [
        `Every operation was made longer on purpose, by ${Number((burn * 100).toPrecision(6))}% ` +
        "of its own time (option burn): the figures test the comparison and say nothing of a store.",
      ]),
    ],
  };
}

/** A bench's id: sorts by time, and can be a file's name. */
export function benchId(suite: string, startedAt: Date): string {
  return `${startedAt.toISOString().slice(0, 19).replaceAll(":", "")}Z-${suite}`;
}

/** The program, as a result records it. */
export function toolRecord(version: string): PlanLine["tool"] {
  return { version, commit: checkoutCommit(`${import.meta.dirname}/../..`) };
}

/** A text without the user's name, which is in the home directory's path, wherever that stands. */
export function withoutHome(text: string): string {
  return text.replace(/[^\s=,:;'"]+/g, (word) => hideHome(word));
}
