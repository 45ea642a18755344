/** What the configuration and the runs take away from the numbers' meaning. */
import { LEAST_RUNS } from "../stats/mod.ts";
import { type BenchmarkRecord, kindOfStore } from "../result/mod.ts";
import { KEY_ORDER_NAMES, KEY_ORDERS, OPERATIONS } from "../workload/mod.ts";
import { estimateOf } from "./estimate_of.ts";
import { type FindingContext, nameBenchmarks, type TellCaveat } from "./findings/context.ts";
import {
  formatBytes,
  formatCount,
  formatPercent,
  formatPercentBound,
  formatSecond,
  joinWords,
  plural,
} from "../format/mod.ts";
import { type Remark, tellAll } from "../remark/mod.ts";
import type { CaveatTopic } from "./model.ts";
import { ownOption } from "./stores.ts";
import { factOf, largestPressure } from "./run_conditions.ts";
import { operationsPerIteration } from "./run_use.ts";
import { METRIC_WORDS } from "./words.ts";

/** The caveats that apply. */
export function collectCaveats(context: FindingContext): Remark<CaveatTopic>[] {
  return tellAll(TELLERS, context);
}

/** Distinct values of something, sorted. */
function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)].toSorted((a, b) => a < b ? -1 : a > b ? 1 : 0);
}

const workloads = ({ measured }: FindingContext) => measured.map(({ record }) => record.workload);

/** What takes the place of the machine's state where another tool measured. */
const importedMachine: TellCaveat = ({ result }) => {
  if (result.imported === undefined) return null;
  return {
    id: "imported-machine",
    topic: "environment",
    severity: "warn",
    about: [],
    condition: "another tool measured",
    numbers: {},
    text:
      `The output of ${result.imported.tool} does not say in what state the machine was: governor, ` +
      "turbo, virtual machine and load are not known.",
  };
};

const virtualMachine: TellCaveat = ({ result }) => {
  const { virtual } = result.environment.cpu;
  if (virtual === false || result.imported !== undefined) return null;
  return {
    id: "virtual-machine",
    topic: "environment",
    severity: "info",
    about: [],
    condition: "the machine is a virtual one, or may be",
    numbers: {},
    text: virtual
      ? "It ran in a virtual machine: what its neighbours do is in the numbers."
      : "Whether it ran in a virtual machine could not be found out.",
  };
};

const governor: TellCaveat = ({ result }) => {
  const { governor } = result.environment.cpu;
  if (governor === "performance" || result.imported !== undefined) return null;
  return {
    id: "governor",
    topic: "environment",
    severity: governor === null ? "info" : "warn",
    about: [],
    condition: "the processor's frequency governor is not performance, or could not be read",
    numbers: {},
    text: governor === null
      ? "The processor's frequency governor could not be read, so its clock may have changed while " +
        "it was measured."
      : `The processor's frequency governor was ${governor}, not performance: its clock may have ` +
        "changed while it was measured.",
  };
};

const turbo: TellCaveat = ({ result }) => {
  if (result.environment.cpu.turbo !== true) return null;
  return {
    id: "turbo",
    topic: "environment",
    severity: "warn",
    about: [],
    condition: "the processor's turbo is on",
    numbers: {},
    text: "Turbo was on: speed depends on temperature and on what the other cores do.",
  };
};

const oneMachine: TellCaveat = ({ result }) => {
  const { host } = result.environment;
  if (host === null) return null;
  return {
    id: "one-machine",
    topic: "environment",
    severity: "info",
    about: [],
    condition: "the result names its machine",
    numbers: {},
    text: `All of it ran on one machine (${host}); another one has other numbers.`,
  };
};

const clients: TellCaveat = (context) => {
  const counts = distinct(workloads(context).map(({ clients }) => clients));
  const [count] = counts;
  if (counts.length !== 1 || count === undefined || count === null) return null;
  return {
    id: "clients",
    topic: "workload",
    severity: "info",
    about: [],
    condition: "all benchmarks had as many clients",
    numbers: { clients: count },
    text: count === 1
      ? "One thread did one operation after the other: nothing here tells of contention" +
        (context.measured.some(({ record }) => hasPace(record, "open")) ? "." : " or queues.")
      : `All benchmarks had ${plural(count, "client")}: nothing here tells of other loads.`,
  };
};

/** Whether a load has measured clients of a closed loop, or of a schedule, in which queues are in response times. */
function hasPace({ workload }: BenchmarkRecord, loop: "open" | "closed"): boolean {
  return workload.load?.groups.some(({ counted, pace }) => counted && pace.loop === loop) === true;
}

const closedLoop: TellCaveat = ({ result, measured }) => {
  const all = measured.filter(({ record }) => record.kind !== "throughput");
  const timed = all.filter(({ record }) => record.kind === "latency" || hasPace(record, "closed"));
  if (timed.length === 0) return null;
  const tool = result.imported?.tool;
  return {
    id: tool === undefined ? "closed-loop" : "loop-unknown",
    topic: "workload",
    severity: "info",
    about: timed.map(({ record }) => record.id),
    condition: tool === undefined
      ? "latencies were measured in a loop of this program"
      : "latencies were measured by another tool",
    numbers: {},
    text: tool === undefined
      ? "Latencies are service times in a closed loop: an operation waits for the one before it, and " +
        "that wait is in no latency." +
        (timed.length === all.length
          ? ""
          : ` It is so in ${timed.length} of the ${all.length} benchmarks that have latencies.`)
      : `The output of ${tool} does not say whether an operation waits for the one ` +
        "before it, nor whether that wait is in the latencies.",
  };
};

const smallData: TellCaveat = (context) => {
  const sizes = workloads(context).flatMap(({ keys, keyBytes, valueBytes }) =>
    keys === null || keyBytes === null || valueBytes === null ? [] : keys * (keyBytes + valueBytes)
  );
  if (sizes.length === 0) return null;
  const written = mostWritten(context);
  const live = Math.max(...sizes);
  // What is written again stays where revisions are kept, and until a compaction elsewhere.
  const largest = Math.max(live, written?.bytes ?? 0);
  const { memoryBytes } = context.result.environment;
  const known = memoryBytes !== null && memoryBytes > 0;
  if (known && largest > memoryBytes / 2) return null;
  const size = formatBytes(live);
  const share = known ? `, ${formatPercent(live / memoryBytes)} of memory` : "";
  const again = written === null || written.puts <= written.keys
    ? ""
    : ` ${writtenInWords(written)}`;
  return {
    id: "data-size",
    topic: "workload",
    severity: "info",
    about: [],
    condition: "all that a run writes is at most half as large as memory, or memory is not known",
    numbers: {
      bytes: live,
      writtenBytes: largest,
      ...(known && { share: live / memoryBytes }),
    },
    text: `The keys of the largest data set and one value of each are ${size}${share}.${again} ` +
      (known
        ? "All of it fits into the page cache, and none of it need come from the device."
        : "How much memory there is could not be found out."),
  };
};

/** What the run that puts most has put. */
interface Written {
  puts: number;
  keys: number;
  bytes: number;
  /** Stores that overwrite, and stores that keep each put as a revision. */
  overwriting: string[];
  keeping: string[];
}

/** The store that keeps revisions. */
const KEEPS_REVISIONS = "kvstore";

/** The run that puts most, by its samples, its single operations and its warm-up. */
function mostWritten({ measured, result }: FindingContext): Written | null {
  // How often another tool put is not known.
  if (result.imported !== undefined) return null;
  let most: Omit<Written, "overwriting" | "keeping"> | null = null;
  const stores = new Set<string>();
  for (const { record, runs } of measured) {
    const { operation, keys, keyBytes, valueBytes } = record.workload;
    if (operation === null || !OPERATIONS[operation].writes) continue;
    if (keys === null || keyBytes === null || valueBytes === null) continue;
    stores.add(record.store);
    for (const run of runs) {
      const iterations = run.samples.reduce((sum, sample) => sum + sample.iterations, 0) +
        (run.warmup?.iterations ?? 0);
      const puts = iterations * operationsPerIteration(record) + (run.latency?.count ?? 0);
      const bytes = puts * (keyBytes + valueBytes);
      if (most === null || bytes > most.bytes) most = { puts, keys, bytes };
    }
  }
  if (most === null) return null;
  const keeping = [...stores].filter((store) => kindOfStore(store) === KEEPS_REVISIONS);
  return { ...most, keeping, overwriting: [...stores].filter((store) => !keeping.includes(store)) };
}

function writtenInWords({ puts, keys, bytes, overwriting, keeping }: Written): string {
  const again = formatPercent((puts - keys) / puts);
  const [many, all] = [formatCount(puts), formatCount(keys)];
  const size = formatBytes(bytes);
  const clauses = [
    ...(overwriting.length === 0 ? [] : [
      `${joinWords(overwriting)} ${overwriting.length === 1 ? "overwrites" : "overwrite"} them`,
    ]),
    ...(keeping.length === 0 ? [] : [`${joinWords(keeping)} keeps each as a revision`]),
  ];
  return `A run puts up to ${many} values (${size}) over ${all} keys, so ${again} of the puts are ` +
    `of a key that is there: ${joinWords(clauses)}.`;
}

/** Values are made as db_bench makes them. */
const compressible: TellCaveat = ({ measured, result }) => {
  if (measured.length === 0 || result.imported !== undefined) return null;
  return {
    id: "compressible-values",
    topic: "workload",
    severity: "info",
    about: [],
    condition: "this program made the values",
    numbers: {},
    text:
      "A value's second half repeats its first, so that compression halves it, as db_bench's: " +
      "files hold about half of the bytes that are written.",
  };
};

/** What each order of keys takes away. */
const orders = KEY_ORDER_NAMES.map((order): TellCaveat => ({ measured }) => {
  const own = measured.filter(({ record }) => record.workload.order === order);
  const { caveat } = KEY_ORDERS[order];
  if (own.length === 0 || caveat === null) return null;
  const where = own.length === measured.length
    ? ""
    : ` It is so in ${own.length} of ${measured.length} benchmarks.`;
  return {
    id: `${order}-keys`,
    topic: "workload",
    severity: "info",
    about: own.map(({ record }) => record.id),
    condition: `a benchmark takes its keys in ${order} order`,
    numbers: {},
    text: caveat + where,
  };
});

const valueSize: TellCaveat = (context) => {
  const sizes = distinct(workloads(context).map(({ valueBytes }) => valueBytes));
  const [size] = sizes;
  if (sizes.length !== 1 || size === undefined || size === null) return null;
  return {
    id: "value-size",
    topic: "workload",
    severity: "info",
    about: [],
    condition: "the values of all benchmarks are of one size",
    numbers: { bytes: size },
    text: `All values are of one size, ${formatBytes(size)}.`,
  };
};

const workloadUnknown: TellCaveat = ({ result, measured, stores }) => {
  const unknown = measured.filter(({ record: { workload } }) =>
    // A load says of each group of clients what it does.
    workload.load === undefined && Object.values(workload).includes(null)
  ).map(({ record }) => record.id);
  if (unknown.length === 0) return null;
  const tool = result.imported?.tool ?? "the tool";
  return {
    id: "workload-unknown",
    topic: "workload",
    severity: "info",
    about: unknown,
    condition: "a part of a benchmark's workload is not known",
    numbers: {},
    text: `The output of ${tool} does not say all of the workload of ` +
      `${nameBenchmarks(unknown, stores)}: operation, keys, sizes, order or clients.`,
  };
};

/** Whether a benchmark's clients do several kinds of operations, each its own or all of them. */
function isMixed({ record: { workload } }: FindingContext["measured"][number]): boolean {
  const kinds = workload.load?.groups.flatMap(({ mix }) => Object.keys(mix)) ?? [];
  return new Set(kinds).size > 1;
}

const unmixed: TellCaveat = ({ result, measured }) => {
  // Another tool's reads may have been those of a mix.
  if (measured.length === 0 || result.imported !== undefined || measured.some(isMixed)) return null;
  return {
    id: "unmixed",
    topic: "workload",
    severity: "info",
    about: [],
    condition: "no benchmark mixes operations",
    numbers: {},
    text: "Every benchmark does one kind of operation: reads and writes do not disturb each other.",
  };
};

/** What a log that is less than synced does, in the order in which it is told. */
const WEAK_DURABILITY = {
  buffered: "not synced to the device before a write is acknowledged (buffered)",
  off: "off",
  none: "none, as nothing is kept",
} as const;

const durability: TellCaveat = ({ stores }) => {
  const kinds = Object.keys(WEAK_DURABILITY) as (keyof typeof WEAK_DURABILITY)[];
  const weak = kinds.flatMap((durability) =>
    stores.filter(({ description }) => description?.durability === durability)
      .map(({ store }) => ({ store, durability }))
  );
  if (weak.length === 0) return null;
  const how = joinWords(kinds.flatMap((durability) => {
    const own = weak.filter((row) => row.durability === durability).map(({ store }) => store);
    return own.length === 0 ? [] : [`${WEAK_DURABILITY[durability]} in ${joinWords(own)}`];
  }));
  return {
    id: "durability",
    topic: "workload",
    severity: "info",
    about: weak.map(({ store }) => store),
    condition: "a store acknowledges writes that it has not synced",
    numbers: {},
    text: `The write-ahead log is ${how}: a write that survives the machine costs more.`,
  };
};

const network: TellCaveat = ({ stores }) => {
  const local = stores.filter(({ description }) => description?.network === false)
    .map(({ store }) => store);
  if (local.length === 0) return null;
  return {
    id: "no-network",
    topic: "workload",
    severity: "info",
    about: local,
    condition: "a store runs in the measuring process",
    numbers: {},
    text: `No network, serialization or replication is in the numbers of ${joinWords(local)}: ` +
      "a whole system is slower.",
  };
};

/** A server that only speaks like the one that it stands for says so in its store's options. */
const double: TellCaveat = ({ stores }) => {
  const doubles = stores.filter(({ description }) =>
    ownOption(description?.options ?? {}, "double") === true
  ).map(({ store }) => store);
  if (doubles.length === 0) return null;
  return {
    id: "double",
    topic: "workload",
    severity: "warn",
    about: doubles,
    condition: "a store's servers say that they are a double",
    numbers: {},
    text:
      `The servers of ${joinWords(doubles)} are a double: they speak as the real ones do, and ` +
      "keep everything in memory. Their numbers say nothing of the system that they stand for.",
  };
};

const placement: TellCaveat = ({ measured }) => {
  const unknown = distinct(
    measured.filter(({ runs }) =>
      runs.length > 0 &&
      runs.some((run) => factOf(run, "liveFileBytes") === null)
    ).map(({ record }) => record.store),
  );
  if (unknown.length === 0) return null;
  return {
    id: "placement-unknown",
    topic: "measurement",
    severity: "info",
    about: unknown,
    condition: "a run did not record the size of the store's files",
    numbers: {},
    text: `Not all runs of ${joinWords(unknown)} recorded whether their data was in memtables or ` +
      "in files.",
  };
};

const incomplete: TellCaveat = ({ result, measured, stores }) => {
  const short = measured.filter(({ analysis }) => analysis.runs.ended < analysis.runs.planned);
  if (result.complete && short.length === 0) return null;
  const missing = short.reduce(
    (sum, { analysis }) => sum + analysis.runs.planned - analysis.runs.ended,
    0,
  );
  const planned = measured.reduce((sum, { analysis }) => sum + analysis.runs.planned, 0);
  const about = short.map(({ record }) => record.id);
  const where = short.length > 0 ? `, of ${nameBenchmarks(about, stores)}` : "";
  // Their runs count, which had been measured before.
  const turns = (result.ratios ?? []).filter(({ state }) => state !== "ended").length;
  const rounds = turns === 1
    ? "the turns of stores after 1 run"
    : `the turns of stores after ${formatCount(turns)} runs`;
  const what = missing === 0
    ? turns === 0 ? "not every planned run ended" : `${rounds} were not played to their end`
    : `${formatCount(missing)} of ${plural(planned, "planned run")} did not end${where}`;
  return {
    id: "incomplete",
    topic: "measurement",
    severity: "warn",
    about,
    condition: "a planned run did not end, or the turns after it",
    numbers: { missing, planned, turns },
    text: `The result is incomplete: ${what}.`,
  };
};

const failures: TellCaveat = ({ measured }) => {
  const failed = measured.flatMap(({ analysis: { id, failures } }) =>
    failures.map(({ run, error }) => ({ id, clause: `run ${run} of ${id} (${error})` }))
  );
  if (failed.length === 0) return null;
  const clauses = failed.map(({ clause }) => clause).join("; ");
  return {
    id: "failed-runs",
    topic: "measurement",
    severity: "warn",
    about: [...new Set(failed.map(({ id }) => id))],
    condition: "a run failed",
    numbers: { runs: failed.length },
    text: `Failed and not in the numbers: ${clauses}.`,
  };
};

const noInterval: TellCaveat = ({ measured, stores }) => {
  const points = measured.map(({ record, analysis: { metrics } }) => ({
    id: record.id,
    alone: metrics.filter(({ point }) => point !== undefined).map(({ metric }) => metric),
    others: metrics.some(({ estimate }) => estimate !== null),
  })).filter(({ alone }) => alone.length > 0);
  if (points.length === 0) return null;
  const whole = points.filter(({ others }) => !others).map(({ id }) => id);
  // A log of one interval has quantiles with intervals beside a mean without one.
  const part = points.filter(({ others }) => others).map(({ id, alone }) =>
    `${id} (${joinWords(alone.map((metric) => METRIC_WORDS[metric]))})`
  );
  const which = [...(whole.length === 0 ? [] : [nameBenchmarks(whole, stores)]), ...part];
  return {
    id: "no-interval",
    topic: "measurement",
    severity: "warn",
    about: points.map(({ id }) => id),
    condition: "a value was measured or stated without what an interval is made of",
    numbers: {},
    text:
      `Values of ${joinWords(which)} stand without an interval, since there is nothing or too ` +
      "little to make one of: how sure they are is not known.",
  };
};

const fewRuns: TellCaveat = ({ result, measured }) => {
  const estimated = measured.filter(({ analysis: { metrics } }) =>
    metrics.some(({ estimate }) => estimate !== null)
  );
  if (estimated.length === 0) return null;
  const counts = estimated.map(({ runs }) => runs.length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const inside = estimated.filter(({ runs }) => runs.length < LEAST_RUNS);
  if (inside.length > 0) {
    const some = inside.length === 1 ? "has" : "have";
    const all = counts.length === 1
      ? "The one measured benchmark has"
      : "All measured benchmarks have";
    const which = inside.length === counts.length
      ? all
      : `${inside.length} of ${counts.length} measured benchmarks ${some}`;
    return {
      id: "few-runs",
      topic: "measurement",
      severity: "warn",
      about: inside.map(({ record }) => record.id),
      condition: `a measured benchmark has fewer than ${LEAST_RUNS} runs`,
      numbers: { least, most, benchmarks: inside.length, of: counts.length },
      text: `${which} fewer than ${LEAST_RUNS} runs: what intervals there are come from inside ` +
        "runs, and say nothing of the next process.",
    };
  }
  const runs = least === most
    ? `${plural(least, "run")} of each benchmark`
    : `${least} to ${most} runs of a benchmark`;
  const when = result.imported === undefined ? " on one day" : "";
  return {
    id: "runs",
    topic: "measurement",
    severity: "info",
    about: [],
    condition: `every measured benchmark has ${LEAST_RUNS} runs or more`,
    numbers: { least, most },
    text: `The intervals come from ${runs}${when}.`,
  };
};

const family: TellCaveat = ({ measured, options }) => {
  const intervals = measured.reduce(
    (sum, { analysis }) =>
      sum + analysis.metrics.filter(({ metric }) => estimateOf(analysis, metric) !== null).length,
    0,
  );
  if (intervals < 2) return null;
  const confidence = formatPercentBound(options.confidence);
  return {
    id: "many-intervals",
    topic: "measurement",
    severity: "info",
    about: [],
    condition: "there is more than one interval",
    numbers: { intervals, confidence: options.confidence },
    text:
      `Each of the ${intervals} intervals that were computed is at ${confidence} confidence on ` +
      "its own: some of so many may not hold the true value.",
  };
};

const differences: TellCaveat = ({ stores }) => {
  const differing = stores.filter(({ differences }) => differences.length > 0);
  if (differing.length === 0) return null;
  const clauses = differing.map(({ store, differences }) =>
    `${store} differs in ${joinWords(differences)}`
  );
  return {
    id: "differing-stores",
    topic: "measurement",
    severity: "warn",
    about: differing.map(({ store }) => store),
    condition: "what a store says of itself was not the same in all its runs",
    numbers: {},
    text: `Runs of one store were not alike: ${clauses.join("; ")}.`,
  };
};

const otherOptions: TellCaveat = ({ stores }) => {
  const otherwise = stores.flatMap(({ store, description }) =>
    Object.entries(description?.asked ?? {}).map(([option, value]) => ({
      store,
      option,
      value,
      had: ownOption(description?.options ?? {}, option),
    }))
  );
  if (otherwise.length === 0) return null;
  const clauses = otherwise.map(({ store, option, value, had }) =>
    had === undefined
      ? `${store} was asked for ${option}=${value} and has none such`
      : `${store} was asked for ${option}=${value} and ran with ${option}=${had}`
  ).join("; ");
  return {
    id: "options-not-as-asked",
    topic: "workload",
    severity: "warn",
    about: [...new Set(otherwise.map(({ store }) => store))],
    condition: "an option in effect was not the one that was asked for",
    numbers: {},
    text: `By the engine's own word, options were not as they were asked for: ${clauses}.`,
  };
};

const versions: TellCaveat = ({ stores }) => {
  const engines = stores.flatMap(({ store, description }) =>
    description === null ? [] : [{ store, engine: `${description.engine} ${description.version}` }]
  );
  // A layer over an engine is what is compared, not another engine.
  if (new Set(engines.map(({ engine }) => engine.split(" over ").at(-1))).size < 2) return null;
  const clauses = engines.map(({ store, engine }) => `${store} has ${engine}`);
  return {
    id: "engine-versions",
    topic: "workload",
    severity: "info",
    about: engines.map(({ store }) => store),
    condition: "two stores have another engine or version",
    numbers: {},
    text: `The stores do not share one engine: ${joinWords(clauses)}.`,
  };
};

const calibration: TellCaveat = ({ harness, stores }) => {
  const without = harness.filter(({ share }) => share === null).map(({ benchmark }) => benchmark);
  if (without.length === 0) return null;
  return {
    id: "no-calibration",
    topic: "measurement",
    severity: "info",
    about: without,
    condition: "a benchmark did not run over the store that does nothing as well",
    numbers: {},
    text: `What the harness itself takes is not known for ${nameBenchmarks(without, stores)}.`,
  };
};

/** Who takes processor time from the runs. */
const TAKEN = {
  steal: "what the hypervisor took",
  busyOthers: "what other processes took",
} as const;

const pressure: TellCaveat = ({ measured }) => {
  const runs = measured.flatMap((benchmark) => benchmark.runs);
  const unknown = (["steal", "busyOthers"] as const).filter((field) =>
    largestPressure(runs, field) === null
  );
  if (runs.length === 0 || unknown.length === 0) return null;
  const what = joinWords(unknown.map((field) => TAKEN[field]), "or");
  return {
    id: "pressure-unknown",
    topic: "measurement",
    severity: "info",
    about: [],
    condition: "no run recorded what else the machine did",
    numbers: { runs: runs.length },
    text: `No run recorded ${what} of the processors' time.`,
  };
};

/** Other benches on the machine at the same time. */
const company: TellCaveat = ({ result: { company } }) => {
  if (company === undefined) return null;
  const { others, unchecked } = company;
  if (others.length === 0) {
    if (unchecked === null) return null;
    return {
      id: "company-unknown",
      topic: "environment",
      severity: "info",
      about: [],
      condition: "whether other benches ran could not be looked at",
      numbers: {},
      text: `Whether another Tidemark bench ran on this machine was not checked (${unchecked}).`,
    };
  }
  const spans = others.map(({ startedAt, endedAt }) =>
    `from ${formatSecond(startedAt)} ${endedAt === null ? "on" : `to ${formatSecond(endedAt)}`}`
  );
  const which = others.length === 1
    ? "Another Tidemark bench"
    : `${formatCount(others.length)} other Tidemark benches`;
  return {
    id: "company",
    topic: "environment",
    severity: "warn",
    about: [],
    condition: "another bench ran on the machine at the same time",
    numbers: { benches: others.length },
    text: `${which} ran on this machine ${joinWords(spans)}: each is in the other's numbers.`,
  };
};

/** In the order in which they are told; a report groups them by topic. */
const TELLERS: readonly TellCaveat[] = [
  oneMachine,
  importedMachine,
  virtualMachine,
  governor,
  turbo,
  clients,
  closedLoop,
  smallData,
  ...orders,
  valueSize,
  compressible,
  unmixed,
  workloadUnknown,
  durability,
  network,
  double,
  otherOptions,
  versions,
  incomplete,
  failures,
  noInterval,
  fewRuns,
  family,
  differences,
  placement,
  calibration,
  pressure,
  company,
];
