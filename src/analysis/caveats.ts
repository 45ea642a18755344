/** What the configuration and the runs take away from the numbers' meaning. */
import { LEAST_RUNS } from "../stats/mod.ts";
import { estimateOf } from "./estimate_of.ts";
import { type FindingContext, nameBenchmarks } from "./findings/context.ts";
import {
  formatBytes,
  formatCount,
  formatPercent,
  formatPercentBound,
  joinWords,
  plural,
} from "../format/mod.ts";
import type { Caveat } from "./model.ts";
import { largestPressure, numericProperty } from "./run_conditions.ts";

type Topic = Caveat["topic"];
type Tell = (context: FindingContext) => [id: string, text: string] | null;

/** The caveats that apply. */
export function collectCaveats(context: FindingContext): Caveat[] {
  return (Object.entries(TELLERS) as [Topic, Tell[]][]).flatMap(([topic, tellers]) =>
    tellers.flatMap((tell) => {
      const told = tell(context);
      return told === null ? [] : [{ id: told[0], topic, text: told[1] }];
    })
  );
}

/** Distinct values of something, sorted. */
function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)].toSorted((a, b) => a < b ? -1 : a > b ? 1 : 0);
}

const workloads = ({ measured }: FindingContext) => measured.map(({ record }) => record.workload);

/** What takes the place of the machine's state where another tool measured. */
const importedMachine: Tell = ({ result }) => {
  if (result.imported === undefined) return null;
  return [
    "imported-machine",
    `The output of ${result.imported.tool} does not say in what state the machine was: governor, ` +
    "turbo, virtual machine and load are not known.",
  ];
};

const virtualMachine: Tell = ({ result }) => {
  const { virtual } = result.environment.cpu;
  if (virtual === false || result.imported !== undefined) return null;
  return virtual
    ? ["virtual-machine", "It ran in a virtual machine: what its neighbours do is in the numbers."]
    : ["virtual-machine", "Whether it ran in a virtual machine could not be found out."];
};

const governor: Tell = ({ result }) => {
  const { governor } = result.environment.cpu;
  if (governor === "performance" || result.imported !== undefined) return null;
  return [
    "governor",
    governor === null
      ? "The processor's frequency governor could not be read, so its clock may have changed while " +
        "it was measured."
      : `The processor's frequency governor was ${governor}, not performance: its clock may have ` +
        "changed while it was measured.",
  ];
};

const turbo: Tell = ({ result }) => {
  if (result.environment.cpu.turbo !== true) return null;
  return ["turbo", "Turbo was on: speed depends on temperature and on what the other cores do."];
};

const otherMachine: Tell = ({ result }) => {
  const { host } = result.environment;
  if (host === null) return null;
  return [
    "one-machine",
    `All of it ran on one machine (${host}); another one has other numbers.`,
  ];
};

const clients: Tell = (context) => {
  const counts = distinct(workloads(context).map(({ clients }) => clients));
  const [count] = counts;
  if (counts.length !== 1 || count === undefined || count === null) return null;
  return [
    "clients",
    count === 1
      ? "One thread did one operation after the other: nothing here tells of contention or queues."
      : `All benchmarks had ${plural(count, "client")}: nothing here tells of other loads.`,
  ];
};

const closedLoop: Tell = ({ result, measured }) => {
  if (!measured.some(({ record }) => record.kind === "latency")) return null;
  if (result.imported !== undefined) {
    return [
      "loop-unknown",
      `The output of ${result.imported.tool} does not say whether an operation waits for the one ` +
      "before it, nor whether that wait is in the latencies.",
    ];
  }
  return [
    "closed-loop",
    "Latencies are service times in a closed loop: an operation waits for the one before it, and " +
    "that wait is in no latency.",
  ];
};

const smallData: Tell = (context) => {
  const sizes = workloads(context).flatMap(({ keys, keyBytes, valueBytes }) =>
    keys === null || keyBytes === null || valueBytes === null ? [] : keys * (keyBytes + valueBytes)
  );
  if (sizes.length === 0) return null;
  const largest = Math.max(...sizes);
  const { memoryBytes } = context.result.environment;
  if (memoryBytes === null || memoryBytes === 0) {
    return [
      "data-size",
      `The largest data set is ${
        formatBytes(largest)
      }; how much memory there is could not be found out.`,
    ];
  }
  if (largest > memoryBytes / 2) return null;
  return [
    "data-size",
    `The largest data set is ${formatBytes(largest)}, ${
      formatPercent(largest / memoryBytes)
    } of memory: it fits into the page cache, and none of it need come from the device.`,
  ];
};

const order: Tell = (context) => {
  if (!workloads(context).some(({ order }) => order === "sequential")) return null;
  return [
    "sequential-keys",
    "Keys come in sequential order, the best case for an ordered store: random or skewed access " +
    "costs more.",
  ];
};

const valueSize: Tell = (context) => {
  const sizes = distinct(workloads(context).map(({ valueBytes }) => valueBytes));
  const [size] = sizes;
  if (sizes.length !== 1 || size === undefined || size === null) return null;
  return ["value-size", `All values are of one size, ${formatBytes(size)}.`];
};

const workloadUnknown: Tell = ({ result, measured, stores }) => {
  const unknown = measured.filter(({ record: { workload } }) =>
    Object.values(workload).includes(null)
  );
  if (unknown.length === 0) return null;
  return [
    "workload-unknown",
    `The output of ${result.imported?.tool ?? "the tool"} does not say all of the workload of ${
      nameBenchmarks(unknown.map(({ record }) => record.id), stores)
    }: operation, keys, sizes, order or clients.`,
  ];
};

const unmixed: Tell = ({ result, measured }) => {
  // Another tool's reads may have been those of a mix.
  if (measured.length === 0 || result.imported !== undefined) return null;

  return [
    "unmixed",
    "Every benchmark does one kind of operation: reads and writes do not disturb each other.",
  ];
};

const durability: Tell = ({ stores }) => {
  const weak = stores.flatMap(({ store, description }) =>
    description !== null && description.durability !== null && description.durability !== "synced"
      ? [{ store, durability: description.durability }]
      : []
  );
  if (weak.length === 0) return null;
  const words = {
    buffered: "not synced to the device before a write is acknowledged (buffered)",
    off: "off",
    none: "none, as nothing is kept",
  };
  return [
    "durability",
    `The write-ahead log is ${
      joinWords(
        (["buffered", "off", "none"] as const).flatMap((durability) => {
          const own = weak.filter((row) => row.durability === durability);
          return own.length === 0
            ? []
            : [`${words[durability]} in ${joinWords(own.map(({ store }) => store))}`];
        }),
      )
    }: a write that survives the machine costs more.`,
  ];
};

const network: Tell = ({ stores }) => {
  const local = stores.filter(({ description }) => description?.network === false);
  if (local.length === 0) return null;
  return [
    "no-network",
    `No network, serialization or replication is in the numbers of ${
      joinWords(local.map(({ store }) => store))
    }: a whole system is slower.`,
  ];
};

const placement: Tell = ({ measured }) => {
  const unknown = distinct(
    measured.filter(({ runs }) =>
      runs.length > 0 &&
      runs.some((run) => numericProperty(run, "rocksdb.live-sst-files-size") === null)
    ).map(({ record }) => record.store),
  );
  if (unknown.length === 0) return null;
  return [
    "placement-unknown",
    `Not all runs of ${
      joinWords(unknown)
    } recorded whether their data was in memtables or in files.`,
  ];
};

const incomplete: Tell = ({ result, measured, stores }) => {
  const short = measured.filter(({ analysis }) => analysis.runs.ended < analysis.runs.planned);
  if (result.complete && short.length === 0) return null;
  const missing = short.reduce(
    (sum, { analysis }) => sum + analysis.runs.planned - analysis.runs.ended,
    0,
  );
  const planned = measured.reduce((sum, { analysis }) => sum + analysis.runs.planned, 0);
  return [
    "incomplete",
    `The result is incomplete: ${
      missing === 0
        ? "not every planned run ended"
        : `${formatCount(missing)} of ${plural(planned, "planned run")} did not end${
          short.length > 0
            ? `, of ${nameBenchmarks(short.map(({ record }) => record.id), stores)}`
            : ""
        }`
    }.`,
  ];
};

const failures: Tell = ({ measured }) => {
  const failed = measured.flatMap(({ analysis }) =>
    analysis.failures.map(({ run, error }) => `run ${run} of ${analysis.id} (${error})`)
  );
  if (failed.length === 0) return null;
  return ["failed-runs", `Failed and not in the numbers: ${failed.join("; ")}.`];
};

const noInterval: Tell = ({ measured, stores }) => {
  const alone = measured.filter(({ analysis }) =>
    analysis.metrics.some(({ point }) => point !== undefined)
  );
  if (alone.length === 0) return null;
  return [
    "no-interval",
    `Values of ${
      nameBenchmarks(alone.map(({ record }) => record.id), stores)
    } stand without an interval, since there is nothing to make one of: how sure they are is not known.`,
  ];
};

const fewRuns: Tell = ({ result, measured }) => {
  const counts = measured.filter(({ analysis }) => estimateOf(analysis, "mean") !== null)
    .map(({ runs }) => runs.length);
  if (counts.length === 0) return null;
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const inside = counts.filter((count) => count < LEAST_RUNS).length;
  if (inside > 0) {
    return [
      "few-runs",
      `${
        inside === counts.length
          ? counts.length === 1 ? "The one measured benchmark has" : "All measured benchmarks have"
          : `${inside} of ${counts.length} measured benchmarks ${inside === 1 ? "has" : "have"}`
      } fewer than ${LEAST_RUNS} runs: their intervals come from inside runs, and say nothing of ` +
      "the next process.",
    ];
  }
  return [
    "runs",
    `The intervals of means and rates come from ${
      least === most ? plural(least, "run") : `${least} to ${most} runs`
    } of each benchmark${result.imported === undefined ? " on one day" : ""}.`,
  ];
};

const family: Tell = ({ measured, options }) => {
  const intervals = measured.reduce(
    (sum, { analysis }) =>
      sum + analysis.metrics.filter(({ metric }) => estimateOf(analysis, metric) !== null).length,
    0,
  );
  if (intervals < 2) return null;
  return [
    "many-intervals",
    `Each of the ${intervals} intervals is at ${
      formatPercentBound(options.confidence)
    } confidence on its ` +
    `own: some of so many may not hold the true value.`,
  ];
};

const differences: Tell = ({ stores }) => {
  const differing = stores.filter(({ differences }) => differences.length > 0);
  if (differing.length === 0) return null;
  return [
    "differing-stores",
    `Runs of one store were not alike: ${
      differing.map(({ store, differences }) => `${store} differs in ${joinWords(differences)}`)
        .join("; ")
    }.`,
  ];
};

const versions: Tell = ({ stores }) => {
  const engines = stores.flatMap(({ store, description }) =>
    description === null ? [] : [{ store, engine: `${description.engine} ${description.version}` }]
  );
  if (new Set(engines.map(({ engine }) => engine)).size < 2) return null;
  return [
    "engine-versions",
    `The stores do not share one engine: ${
      joinWords(engines.map(({ store, engine }) => `${store} has ${engine}`))
    }.`,
  ];
};

const calibration: Tell = ({ harness, stores }) => {
  const without = harness.filter(({ share }) => share === null);
  if (without.length === 0) return null;
  return [
    "no-calibration",
    `What the harness itself takes is not known for ${
      nameBenchmarks(without.map(({ benchmark }) => benchmark), stores)
    }.`,
  ];
};

const pressure: Tell = ({ measured }) => {
  const runs = measured.flatMap((benchmark) => benchmark.runs);
  const unknown = (["steal", "busyOthers"] as const).filter((field) =>
    largestPressure(runs, field) === null
  );
  if (runs.length === 0 || unknown.length === 0) return null;
  const words = { steal: "what the hypervisor took", busyOthers: "what other processes took" };
  return [
    "pressure-unknown",
    `No run recorded ${
      joinWords(unknown.map((field) => words[field]), "or")
    } of the processors' time.`,
  ];
};

const TELLERS: Record<Topic, Tell[]> = {
  environment: [otherMachine, importedMachine, virtualMachine, governor, turbo],
  workload: [
    clients,
    closedLoop,
    smallData,
    order,
    valueSize,
    unmixed,
    workloadUnknown,
    durability,
    network,
    versions,
  ],
  measurement: [
    incomplete,
    failures,
    noInterval,
    fewRuns,
    family,
    differences,
    placement,
    calibration,
    pressure,
  ],
};
