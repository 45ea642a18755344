/** What the history keeps of a result. */
import { createHash } from "node:crypto";
import {
  type BenchmarkRecord,
  type MetricName,
  NIGHT_VERSION,
  type NightControl,
  type NightMetric,
  type NightRecord,
  type Result,
  type StoreRecord,
} from "../../result/mod.ts";
import { BETTER } from "../compare/verdict.ts";
import { controlInWords, type ControlRow } from "../control.ts";
import { engineAndRelease } from "../release.ts";
import type { Analysis, BenchmarkAnalysis, MetricEstimate } from "../model.ts";

/** A scalar that a value depends on; `null` where it is not known. */
type Condition = NightRecord["machine"][string];

/** Where a result belongs. */
interface NightPlace {
  /** `YYYY-MM-DD`. @default the day on which the result was begun, UTC */
  night?: string | undefined;
  /** @default the result's host */
  node?: string | undefined;
}

/**
 * Makes the history's record of a result: every metric of every measured benchmark as the analysis
 * has it, and digests of what the values depend on.
 *
 * @param analysis What `analyse` made of the result.
 * @returns Plain data. The night and the node are taken as they are given; the history checks them.
 * @throws {RangeError} Where no node is given, and the result does not say what host it is of; where no
 * night is given, and only the files' times of an imported result are known, which are not when it was
 * measured.
 */
export function nightRecord(
  result: Result,
  analysis: Analysis,
  place: NightPlace = {},
): NightRecord {
  const node = place.node ?? result.environment.host;
  if (node === null) {
    throw new RangeError(
      `Cannot say which node ${result.id} is of: the result names no host; name the node`,
    );
  }
  if (place.night === undefined && result.imported?.times === "files") {
    throw new RangeError(
      `Cannot say which night ${result.id} is of: when it was measured is not known, only when its ` +
        "files were last changed; name the night",
    );
  }
  const machine = machineOf(result);
  const control = controlInWords(result);
  const stores = analysis.stores.map(({ store, description }) => ({
    store,
    library: description === null ? null : engineAndRelease(description),
    description,
  }));
  const descriptions = new Map(stores.map(({ store, description }) => [store, description]));
  const planned = new Map(result.benchmarks.map((benchmark) => [benchmark.id, benchmark]));
  return {
    schema: "tidemark.night",
    version: NIGHT_VERSION,
    night: place.night ?? new Date(result.startedAt).toISOString().slice(0, 10),
    node,
    result: result.id,
    digest: sha256(JSON.stringify(result)),
    startedAt: result.startedAt,
    endedAt: result.endedAt,
    ...(result.imported?.times === "files" && { times: "files" as const }),
    complete: result.complete,
    suite: result.suite.name,
    profile: result.profile.name,
    commit: commitOf(result),
    ...(control !== null && { control }),
    machine,
    stores,
    benchmarks: analysis.benchmarks.map((benchmark) => ({
      id: benchmark.id,
      ...estimatorOf(planned.get(benchmark.id)!),
      store: benchmark.store,
      conditions: conditionsOf(
        result,
        machine,
        planned.get(benchmark.id)!,
        descriptions.get(benchmark.store) ?? null,
      ),
      metrics: benchmark.metrics.map((metric) => ({
        ...nightMetric(metric, benchmark),
        ...controlOf(analysis, benchmark.id, metric.metric),
      })),
    })),
  };
}

function estimatorOf({ estimator }: BenchmarkRecord): Pick<BenchmarkRecord, "estimator"> {
  return estimator === undefined ? {} : { estimator };
}

function nightMetric(
  { metric, estimate, point, reason }: MetricEstimate,
  { runs }: BenchmarkAnalysis,
): NightMetric {
  const value = estimate?.value ?? point ?? null;
  return {
    metric,
    better: BETTER[metric],
    value,
    low: estimate?.low ?? null,
    high: estimate?.high ?? null,
    method: estimate?.method ?? null,
    runs: value === null ? 0 : runs.used.length,
    reason: value === null ? reason ?? "it was not measured" : null,
  };
}

/** How a metric stands to the control, where there was one. */
function controlOf(
  { controls }: Analysis,
  benchmark: string,
  metric: MetricName,
): { control?: NightControl } {
  const own = controls?.filter(({ id }) => id === benchmark) ?? [];
  const row = own.find((each) => each.metric === metric);
  if (row !== undefined) return { control: nightControl(row, (ratio) => ratio) };
  // The mean time of a rate is its inverse, and so is its ratio.
  const rate = metric === "mean" ? own.find((each) => each.metric === "throughput") : undefined;
  return rate === undefined ? {} : { control: nightControl(rate, (ratio) => 1 / ratio) };
}

/** A row as a night keeps it. @param of Makes the metric's ratio of the row's. */
function nightControl(
  { ratio, pairs, reason }: ControlRow,
  of: (ratio: number) => number,
): NightControl {
  if (ratio === null) return { ratio: null, low: null, high: null, pairs, reason };
  const ends = [of(ratio.low), of(ratio.high)];
  return { ratio: of(ratio.value), low: Math.min(...ends), high: Math.max(...ends), pairs, reason };
}

/** What another tool measured has no commit: the tool of the result is then what imported it. */
function commitOf(result: Result): string | null {
  if (result.imported !== undefined) return null;
  const { commit } = result.tool;
  const same = (result.sessions ?? []).every(({ tool }) => tool.commit === commit);
  return same ? commit : null;
}

/** What of the machine a value depends on, and what does not change from boot to boot by itself. */
function machineOf({ environment, imported, tool }: Result): Record<string, Condition> {
  const { cpu, data, runtime } = environment;
  return {
    os: environment.os,
    kernel: environment.kernel,
    arch: environment.arch,
    cpu: cpu.model,
    logicalProcessors: cpu.logical,
    usableProcessors: cpu.usable ?? null,
    governor: cpu.governor,
    turbo: cpu.turbo,
    virtual: cpu.virtual,
    memoryBytes: environment.memoryBytes,
    filesystem: data.filesystem,
    mountOptions: data.mountOptions,
    rotational: data.rotational,
    scheduler: data.scheduler,
    transparentHugePages: environment.transparentHugePages,
    clocksource: environment.clocksource ?? null,
    tool: imported === undefined
      ? `tidemark ${tool.version}`
      : [imported.tool, imported.toolVersion].filter((part) => part !== null).join(" "),
    runtime: runtime === null ? null : `deno ${runtime.deno}, v8 ${runtime.v8}`,
  };
}

/**
 * A digest of what one benchmark's values depend on beside commit and library, which are told apart
 * from it. The number of runs is not in it: it changes the interval, and not what is measured.
 */
function conditionsOf(
  result: Result,
  machine: Record<string, Condition>,
  benchmark: BenchmarkRecord,
  description: StoreRecord | null,
): string {
  const { runs: _, ...planned } = benchmark;
  const { name, warmupMs, measureMs } = result.profile;
  const { api, durability, network, options } = description ?? {};
  const suite = result.suite.name;
  return sha256(canonical({
    machine,
    suite,
    planned,
    profile: { name, warmupMs, measureMs },
    store: { api, durability, network, options: options ?? result.storeOptions },
  })).slice(0, 16);
}

/** JSON with the keys of every object in order, so that equal data are equal text. */
function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_, part) =>
      part !== null && typeof part === "object" && !Array.isArray(part)
        ? Object.fromEntries(
          Object.entries(part).toSorted(([a], [b]) => a < b ? -1 : a > b ? 1 : 0),
        )
        : part,
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
