import { formatBytes, formatCount, joinWords, plural } from "../../format/mod.ts";
import {
  type Analysis,
  mixInWords,
  operationWord,
  orderInWords,
  paceInWords,
  releaseInWords,
  sizeInWords,
  storeTitle,
} from "../../analysis/mod.ts";
import type { BenchmarkRecord, EnvironmentRecord, Result } from "../../result/mod.ts";
import {
  type Block,
  code,
  heading,
  list,
  paragraph,
  strong,
  table,
  type Words,
} from "../document.ts";

const NOT_KNOWN = "not known";

/** What was measured with what, store by store, and on what machine. */
export function configuration(result: Result, analysis: Analysis): Block[] {
  return [
    heading(2, "Test configuration"),
    ...analysis.stores.flatMap((store) => [
      heading(3, storeTitle(store)),
      list(
        store.description === null
          ? ["No run of this store recorded what it is."]
          : describe(store.description),
      ),
      ...(store.differences.length > 0
        ? [paragraph(
          "Not the same in all runs, and shown here as the first run had it: " +
            `${joinWords(store.differences)}.`,
        )]
        : []),
    ]),
    heading(3, "Workloads"),
    workloads(
      result,
      result.benchmarks.filter(({ store }) => analysis.stores.some((each) => each.store === store)),
    ),
    heading(3, "Machine"),
    table(["Property", "Value"], machineRows(result.environment)),
  ];
}

type StoreDescription = NonNullable<Analysis["stores"][number]["description"]>;

function describe(store: StoreDescription): Words[] {
  const options = Object.entries(store.options);
  return [
    [strong("Engine:"), ` ${store.engine} ${store.version}, reached through ${store.library}`],
    ...(store.release === undefined ? [] : [[
      strong("Release:"),
      ` ${releaseInWords(store)}`,
    ]]),
    [
      strong("Interface:"),
      store.api === "sync" ? " synchronous" : " asynchronous",
      ", ",
      store.network ? "over a network" : "in process",
    ],
    [
      strong("Durability:"),
      ` ${durabilityOf(store)}`,
    ],
    ...(store.acknowledgement === undefined ? [] : [[
      strong("An acknowledgement means:"),
      ` ${store.acknowledgement}`,
    ]]),
    ...(options.length === 0 ? [] : [[
      strong("Options:"),
      " ",
      ...options.flatMap(([name, value], index) => [
        ...(index > 0 ? [", "] : []),
        code(`${name}=${value}`),
      ]),
    ]]),
  ];
}

/** What an acknowledged write survives; of a store that says it itself, what was asked. */
function durabilityOf({ durability, acknowledgement }: StoreDescription): string {
  if (durability === null) return NOT_KNOWN;
  return acknowledgement !== undefined && durability === "synced"
    ? "synced, as the engine understands it"
    : DURABILITY[durability];
}

/** What an acknowledged write survives, where the store says no more. */
const DURABILITY = {
  synced: "synced: a write is on the device before it is acknowledged",
  buffered:
    "buffered: a write is in the operating system, so it survives the process, not the machine",
  off: "off: there is no write-ahead log, so a write survives neither",
  none: "none: nothing is kept",
} as const;

/** A row for each benchmark, with the stores that ran it; one that differs by store has several. */
function workloads(result: Result, benchmarks: readonly BenchmarkRecord[]): Block {
  const stores = new Map<string, { cells: Words[]; stores: string[] }>();
  for (const benchmark of benchmarks) {
    const cells = workloadCells(benchmark, result.imported === undefined);
    const key = JSON.stringify(cells);
    const row = stores.get(key) ?? { cells, stores: [] };
    row.stores.push(benchmark.store);
    stores.set(key, row);
  }
  return table(
    [
      "Benchmark",
      "Operation",
      ">Keys",
      ">Key",
      ">Value",
      "Order",
      ">Clients",
      "Samples of a run",
      "Stores",
    ],
    [...stores.values()].map(({ cells, stores }) => [
      ...cells,
      stores.flatMap((store, index) => [...(index > 0 ? [", "] : []), code(store)]),
    ]),
  );
}

/** @param timed Whether single operations were timed beside the samples, as Tidemark itself does. */
function workloadCells(
  { name, kind, samples, sampling, elements, workload }: BenchmarkRecord,
  timed: boolean,
) {
  const { operation, keys, keyBytes, valueBytes, order, clients, load } = workload;
  if (load !== undefined) return loadCells(name, workload, load, samples);
  return [
    [code(name)],
    operation === null ? NOT_KNOWN : operationWord(operation),
    keys === null ? NOT_KNOWN : formatCount(keys),
    keyBytes === null ? NOT_KNOWN : formatBytes(keyBytes),
    valueBytes === null ? NOT_KNOWN : formatBytes(valueBytes),
    order ?? NOT_KNOWN,
    clients === null ? NOT_KNOWN : formatCount(clients),
    `${formatCount(samples)}, ${sampling}` +
    (kind === "throughput"
      ? `, ${plural(elements, "operation")} an iteration`
      : timed
      ? "; as many operations again timed one by one"
      : ""),
  ];
}

function loadCells(
  name: string,
  { keys, keyBytes, valueBytes, clients }: BenchmarkRecord["workload"],
  load: NonNullable<BenchmarkRecord["workload"]["load"]>,
  windows: number,
) {
  const counted = load.groups.filter((group) => group.counted);
  return [
    [code(name)],
    joinWords([...new Set(counted.map(mixInWords))]),
    keys === null ? NOT_KNOWN : formatCount(keys),
    keyBytes === null ? NOT_KNOWN : formatBytes(keyBytes),
    valueBytes === null ? sizeInWords(load.valueSize) : formatBytes(valueBytes),
    joinWords([...new Set(counted.map(({ keyDistribution }) => orderInWords(keyDistribution)))]),
    clients === null ? NOT_KNOWN : formatCount(clients),
    `${plural(windows, "window")}; ` +
    joinWords([...new Set(counted.map(({ pace }) => paceInWords(pace)))]),
  ];
}

function machineRows(environment: EnvironmentRecord): Words[][] {
  const { cpu, data, runtime } = environment;
  const known = (value: string | null) => value ?? NOT_KNOWN;
  const yesNo = (value: boolean | null, yes: string, no: string) =>
    value === null ? NOT_KNOWN : value ? yes : no;
  return [
    ["Host", known(environment.host)],
    [
      "Processor",
      known(cpu.model) +
      (cpu.logical === null ? "" : `, ${plural(cpu.logical, "logical processor")}`),
    ],
    ["Virtual machine", yesNo(cpu.virtual, "yes", "no")],
    ["Frequency governor", known(cpu.governor)],
    ["Turbo", yesNo(cpu.turbo, "on", "off")],
    [
      "Memory",
      environment.memoryBytes === null ? NOT_KNOWN : formatBytes(environment.memoryBytes),
    ],
    ["Swap", environment.swapBytes === null ? NOT_KNOWN : formatBytes(environment.swapBytes)],
    ["Transparent huge pages", known(environment.transparentHugePages)],
    [
      "Operating system",
      `${known(environment.os)}, kernel ${known(environment.kernel)}, ${known(environment.arch)}`,
    ],
    [
      "Data directory",
      data.filesystem === null && data.device === null
        ? NOT_KNOWN
        : `${known(data.filesystem)} on ${known(data.device)}`,
    ],
    ["Mount options", known(data.mountOptions)],
    [
      "Device",
      // A hypervisor marks its disks as it likes.
      (cpu.virtual && data.rotational !== null ? "virtual, marked as " : "") +
      yesNo(data.rotational, "rotating disk", "no rotating disk"),
    ],
    ["I/O scheduler", known(data.scheduler)],
    ["Free space", data.freeBytes === null ? NOT_KNOWN : formatBytes(data.freeBytes)],
    ...(runtime === null
      ? []
      : [["Runtime", `Deno ${runtime.deno}, V8 ${runtime.v8}, TypeScript ${runtime.typescript}`]]),
  ];
}
