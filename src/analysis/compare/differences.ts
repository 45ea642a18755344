/** What was not the same on the two sides of a comparison, besides the numbers. */
import { type Result, type StoreRecord, WorkloadRecord } from "../../result/mod.ts";
import { formatBytes } from "../../format/mod.ts";
import { otherRunsInWords } from "../planned_runs.ts";
import { releaseInWords } from "../release.ts";
import { CALIBRATION_STORES, ownOption } from "../stores.ts";
import type { Difference } from "./model.ts";

type Topic = Difference["topic"];

/** Every difference in machine, stores, profile, suite, program and seed, in that order. */
export function findDifferences(base: Result, candidate: Result): Difference[] {
  const found: Difference[] = [];
  const compare = (topic: Topic, what: string, read: (result: Result) => unknown) => {
    const [a, b] = [shown(read(base)), shown(read(candidate))];
    if (a !== b) found.push({ topic, what, base: a, candidate: b });
  };
  for (const [what, read] of MACHINE) compare("machine", what, read);
  compare("store", "stores", ({ benchmarks }) =>
    [...new Set(benchmarks.map(({ store }) => store))]
      .filter((store) => !CALIBRATION_STORES.includes(store)).join(", "));
  const stores = new Set(
    [...base.runs, ...candidate.runs].flatMap(({ store }) => store === null ? [] : [store.store]),
  );
  for (const store of stores) {
    const [a, b] = [descriptionOf(base, store), descriptionOf(candidate, store)];
    // A store that one side did not run has no rows either.
    if (a === null || b === null) continue;
    for (const field of STORE_FIELDS) {
      compareStores(found, `${field} of ${store}`, a[field], b[field]);
    }
    compareStores(found, `release of ${store}`, releaseInWords(a), releaseInWords(b));
    const options = new Set([...Object.keys(a.options), ...Object.keys(b.options)]);
    for (const option of [...options].toSorted()) {
      const [own, other] = [a, b].map(({ options }) => ownOption(options, option));
      compareStores(found, `option ${option} of ${store}`, own, other);
    }
  }
  compare("profile", "profile", ({ profile }) => profile.name);
  compare("profile", "runs of the profile", ({ profile }) => profile.runs);
  compare("profile", "benchmarks with other numbers of runs", otherRunsInWords);
  compare("profile", "warm-up, ms", ({ profile }) => profile.warmupMs);
  compare("profile", "measuring time of a run, ms", ({ profile }) => profile.measureMs);
  compare("plan", "suite", ({ suite }) => suite.name);
  compare("program", "version of Tidemark", ({ tool }) => tool.version);
  compare("program", "commit of Tidemark", ({ tool }) => tool.commit);
  compare("seed", "seed", ({ seed }) => seed);
  return found;
}

const MACHINE: [what: string, read: (result: Result) => unknown][] = [
  ["host", ({ environment }) => environment.host],
  ["operating system", ({ environment }) => environment.os],
  ["kernel", ({ environment }) => environment.kernel],
  ["architecture", ({ environment }) => environment.arch],
  ["processor", ({ environment }) => environment.cpu.model],
  ["logical processors", ({ environment }) => environment.cpu.logical],
  ["usable processors", ({ environment }) => environment.cpu.usable],
  ["frequency governor", ({ environment }) => environment.cpu.governor],
  ["turbo", ({ environment }) => environment.cpu.turbo],
  [
    "memory",
    ({ environment }) =>
      environment.memoryBytes === null ? null : formatBytes(environment.memoryBytes),
  ],
  ["file system of the data", ({ environment }) => environment.data.filesystem],
  ["device of the data", ({ environment }) => environment.data.device],
  ["transparent huge pages", ({ environment }) => environment.transparentHugePages],
  ["clock source", ({ environment }) => environment.clocksource],
  ["battery", ({ environment }) => environment.onBattery],
  ["Deno", ({ environment }) => environment.runtime?.deno ?? null],
];

const STORE_FIELDS = ["engine", "version", "library", "api", "durability", "network"] as const;

/** A store as the first run that recorded one described it. */
function descriptionOf(result: Result, store: string): StoreRecord | null {
  return result.runs.find((run) => run.store?.store === store)?.store ?? null;
}

function compareStores(found: Difference[], what: string, base: unknown, candidate: unknown): void {
  const [a, b] = [shown(base), shown(candidate)];
  if (a !== b) found.push({ topic: "store", what, base: a, candidate: b });
}

/** A value in words. */
function shown(value: unknown): string {
  return value === null || value === undefined ? "not known" : String(value);
}

/** The fields of a workload, which make two benchmarks of one id two different ones. */
const WORKLOAD_FIELDS = Object.keys(
  WorkloadRecord.entries,
) as (keyof typeof WorkloadRecord.entries)[];

/** Why two benchmarks of one id are not the same benchmark, as a clause; `null` where they are. */
export function whyAnother(
  base: Result["benchmarks"][number],
  candidate: Result["benchmarks"][number],
): string | null {
  const [was, is] = [base, candidate].map(({ estimator }) => `${estimator ?? "mean"}s`);
  if (was !== is) {
    return `the two are of different estimators: the base's times are ${was}, the candidate's ${is}`;
  }
  const differing = [
    ...(["kind", "elements"] as const).map((field) => [field, base[field], candidate[field]]),
    ...WORKLOAD_FIELDS.map((field) => [field, base.workload[field], candidate.workload[field]]),
  ].find(([, a, b]) => a !== b);
  if (differing === undefined) return null;
  const [field, a, b] = differing;
  return `the two are not the same benchmark: ${field} is ${a} in the base and ${b} in the candidate`;
}
