/** What the lanes of a bench write first: everything that is known before it measures. */
import {
  BASE_STORE,
  type BenchmarkRecord,
  type PlanLine,
  type SessionRecord,
  type TargetRecord,
  variantName,
} from "../result/mod.ts";
import { CALIBRATION_NAMES, calibrationStore, storeKind } from "../store/mod.ts";
import { LEAST_RUNS } from "../stats/mod.ts";
import { needsEtcd } from "../workload/mod.ts";
import {
  calibrationOf,
  DUET_PROFILES,
  planBenchmarks,
  type Suite,
  suiteRecord,
} from "../suite/mod.ts";
import { COUNTING } from "./counting.ts";
import { RunError } from "./error.ts";
import { playedBy } from "./order.ts";
import { withOwnRuns } from "./own_runs.ts";
import { pluginOf } from "./plugins.ts";
import { type LanePlace, onlyPlace, placesOfSides } from "./places.ts";
import type { BenchRequest } from "./request.ts";
import { benchId } from "./session.ts";

/** A lane that is to be. */
export interface PlannedLane extends LanePlace {
  plan: PlanLine;
}

/**
 * The lanes of a bench: one, or one for each side where there are two.
 *
 * @param begun Its first session.
 * @throws {RunError} Where the sides have not the same benchmarks, or loads alone.
 * @throws {SuiteError} Where nothing is to be measured.
 */
export function planLanes(request: BenchRequest, begun: SessionRecord): PlannedLane[] {
  const { other, directory, suite } = request;
  const id = benchId(suite.name, new Date(begun.startedAt));
  if (other === undefined) {
    const plan = planLine(request, begun, id);
    // Of groups that take turns throughout there is one number of runs.
    if (request.together) return [{ ...onlyPlace(directory), plan: inGroups(plan, request) }];
    const rivals = withRatioTurns({ ...plan, benchmarks: withOwnRuns(plan.benchmarks, request) });
    return [{
      ...onlyPlace(directory),
      plan: request.control ? withControl(rivals, request) : rivals,
    }];
  }
  const { differs, stores = request.stores, storeOptions = request.storeOptions } = other;
  const { role: differing = "candidate" } = other;
  const lanes = placesOfSides(directory).map((place) => {
    const { plugins = request.plugins } = other;
    const own = place.role === differing ? { ...request, stores, storeOptions, plugins } : request;
    const side = {
      session: id,
      role: place.role,
      duet: { batchMs: BATCH_MS },
      differs,
      ...(differing === "base" && { differing }),
    };
    const plan = withoutLoads(planLine(own, begun, `${id}-${place.role}`, side));
    return { ...place, plan: { ...plan, benchmarks: plan.benchmarks.map(inBatches(request)) } };
  });
  requireSameBenchmarks(lanes.map(({ plan }) => plan.benchmarks));
  return lanes;
}

/**
 * A plan of a side, without the suite's loads, and what is said of these.
 *
 * @throws {RunError} Where nothing is left.
 */
function withoutLoads(plan: PlanLine): PlanLine {
  const out = plan.benchmarks.filter(({ kind, store }) =>
    kind === "load" && !CALIBRATION_NAMES.has(store)
  );
  const benchmarks = plan.benchmarks.filter(({ kind }) => kind !== "load");
  if (benchmarks.length === 0) throw noTurns("in turns");
  const left = out.map(({ id }) =>
    `The load ${id} is not measured in turns: it has threads of its own.`
  );
  return { ...plan, benchmarks, warnings: [...plan.warnings, ...left] };
}

/** Time that a batch of a duet is to take, ms: less than a slice of the scheduler's. */
const BATCH_MS = 1.5;
/** Pairs of batches below which the middle of their ratios says little. */
const LEAST_BATCHES = 10;

/** A benchmark as a duet measures it: in as many batches as there is time for, all alike. */
function inBatches({ profile }: BenchRequest): (benchmark: BenchmarkRecord) => BenchmarkRecord {
  const batches = profile.measureMs / BATCH_MS;
  return (benchmark) => ({
    ...benchmark,
    // Of latencies, half of the time goes to operations that are timed one by one.
    samples: Math.max(
      LEAST_BATCHES,
      Math.round(benchmark.kind === "latency" ? batches / 2 : batches),
    ),
    sampling: "flat",
  });
}

/** Share of a run's measuring that its turns with other stores take. */
const RATIO_SHARE = 1 / 4;
/** Time that they take at most, ms: a hundred rounds say what a process has to say. */
const MOST_RATIO_MS = 250;
/** Time of a batch, with what is run before it to fill caches and the way from side to side, ms. */
const TURN_MS = 2.5;

/**
 * A plan whose stores take turns when each has been measured, so that what the machine does falls on
 * both and cancels in their ratio. The time of the turns is taken from the measuring before them.
 */
function withRatioTurns(plan: PlanLine): PlanLine {
  const { profile, benchmarks } = plan;
  const groups = rivalsOf(benchmarks);
  // Of fewer processes no ratio has an interval of its own.
  if (profile.runs < LEAST_RUNS || groups.length === 0) return plan;
  const turnsMs = Math.min(MOST_RATIO_MS, RATIO_SHARE * profile.measureMs);
  const plays = new Set(groups.flat());
  return {
    ...plan,
    ratioTurns: {
      batchMs: BATCH_MS,
      rounds: Math.max(LEAST_BATCHES, Math.round(turnsMs / TURN_MS)),
      groups: groups.map((group) => group.map(({ id }) => id)),
    },
    benchmarks: benchmarks.map((benchmark) =>
      plays.has(benchmark)
        ? { ...benchmark, measureMs: (benchmark.measureMs ?? profile.measureMs) - turnsMs }
        : benchmark
    ),
  };
}

/**
 * The benchmarks that are held against each other: of one name, over the store that all others are
 * held against and some of these. Loads have threads of their own and no turns; variants of a store
 * take turns run by run.
 */
function rivalsOf(benchmarks: readonly BenchmarkRecord[]): BenchmarkRecord[][] {
  const single = benchmarks.filter(({ store, variant, kind }) =>
    kind !== "load" && variant === undefined && !CALIBRATION_NAMES.has(store)
  );
  return [...Map.groupBy(single, ({ name }) => name).values()]
    .filter((group) => group.length > 1 && group.some(({ store }) => store === BASE_STORE));
}

/** Pairs of a control: the spread of their mean is then a quarter of that between two processes. */
const MOST_CONTROL_PAIRS = 20;

/** A plan whose stores take turns in groups: each has as many runs as groups in which it plays. */
function inGroups(
  plan: PlanLine,
  request: BenchRequest,
  groups: string[][] = groupsOf(request),
): PlanLine {
  const times = new Map<BenchmarkRecord, number>();
  for (const benchmark of playedBy(plan.benchmarks, groups).flat()) {
    times.set(benchmark, (times.get(benchmark) ?? 0) + 1);
  }
  const batched = inBatches(request);
  const { runs, warmupMs } = request.profile;
  const isProfiles = runs === plan.profile.runs && warmupMs === plan.profile.warmupMs;
  const own = isProfiles ? {} : { runs, warmupMs };
  return {
    ...plan,
    turns: {
      batchMs: BATCH_MS,
      ...own,
      groups,
    },
    benchmarks: plan.benchmarks.map((benchmark) => {
      const plays = times.get(benchmark);
      if (plays === undefined) return benchmark;
      const isOwn = plays > 1 || runs !== plan.profile.runs;
      return { ...batched(benchmark), ...(isOwn && { runs: plays * runs }) };
    }),
  };
}

/** Groups of a bench whose variants take turns. */
function groupsOf({ stores, together = [] }: BenchRequest): string[][] {
  return stores.flatMap((store) =>
    together.map((names) => names.map((name) => variantName(store, name)))
  );
}

/** Why loads are not measured so. @param how As the end of `Cannot measure loads`. */
function noTurns(how: string): RunError {
  return new RunError(
    `Cannot measure loads ${how}: they have threads of their own and no turns; leave that out, or ` +
      "filter by benchmarks of single operations",
    "usage",
  );
}

/** What those that play against a control are called beside their stores. */
const PARTS = ["tonight", "control"] as const;

/**
 * A plan with duets beside everything else: each store, as it is tonight, against its control, in short
 * runs of which only the ratio counts.
 */
function withControl(plan: PlanLine, request: BenchRequest): PlanLine {
  const { suite, filter, stores, profile } = request;
  const { store: only, options, differs } = request.control!;
  const kindOf = (store: string) => only ?? store;
  const duet = DUET_PROFILES[profile.name] ?? DUET_PROFILES.baseline!;
  // A night's own estimate needs no more pairs, whatever time the rest of it takes.
  const own = { ...duet, runs: Math.min(duet.runs, MOST_CONTROL_PAIRS) };
  const records = PARTS.flatMap((part) => {
    const variant = { name: part, options: part === "control" ? options : {} };
    const measured = part === "control" ? [...new Set(stores.map(kindOf))] : stores;
    // A filter may name the store, which a control need not have in its id.
    return planBenchmarks(suite, { stores: measured, variants: [variant] })
      .filter(({ kind, name }) =>
        kind !== "load" && plan.benchmarks.some((planned) => planned.name === name)
      )
      .map((benchmark) => ({ ...benchmark, part }));
  }).filter(({ part, store, name }) => {
    const planned = plan.benchmarks.filter((own) => own.name === name).map(({ store }) => store);
    return filter === undefined ||
      planned.some((own) => store === variantName(part === "control" ? kindOf(own) : own, part));
  });
  if (records.length === 0) throw noTurns("with a control");
  const groups = stores.map((store) => [
    variantName(store, "tonight"),
    variantName(kindOf(store), "control"),
  ]);
  return {
    ...inGroups({ ...plan, benchmarks: [...plan.benchmarks, ...records] }, {
      ...request,
      profile: own,
    }, groups),
    control: { differs },
  };
}

/** @param side What the plan says of a lane that is one side of an interleaved bench. */
function planLine(
  request: BenchRequest,
  begun: SessionRecord,
  id: string,
  side?: PlanLine["interleaved"],
): PlanLine {
  const { suite, profile, storeOptions, seed } = request;
  const pluginApi = (store: string) => pluginOf(request.plugins ?? {}, store)?.api;
  const { measured, left } = withoutLeftOut(planBenchmarks(suite, request), suite);
  const floorOf = ({ store, variant, kind: of }: BenchmarkRecord) => {
    const kind = storeKind(store);
    const isInFlight = of === "load" && kind.inFlight === true;
    const api = isInFlight
      ? "async"
      : pluginApi(store) ?? kind.api({ ...storeOptions, ...variant });
    return kind.calibration ?? calibrationStore(api);
  };
  // Stores that do nothing tell no watcher anything.
  const floored = measured.filter(({ workload: { load } }) => !load || !needsEtcd(load));
  const calibration = [...new Set(floored.map(floorOf))].flatMap((floor) =>
    calibrationOf(floored.filter((benchmark) => floorOf(benchmark) === floor), floor)
  );
  const { burn } = storeOptions;
  const stores = [...new Set(measured.map(({ store }) => store))];
  const informational = [
    ...new Set(
      measured.filter(({ store, variant }) =>
        storeKind(store).informational({ ...storeOptions, ...variant })
      ).map(({ store }) => store),
    ),
  ];
  const judged = stores.filter((store) => !informational.includes(store));
  return {
    kind: "plan",
    schema: "tidemark.journal",
    version: 1,
    id,
    startedAt: begun.startedAt,
    tool: begun.tool,
    command: begun.command,
    seed,
    profile,
    storeOptions: { ...request.storeOptions },
    ...(request.memory !== undefined && { memory: request.memory }),
    ...(side !== undefined && { interleaved: side }),
    ...(request.counting !== undefined && { counting: { tool: request.counting, ...COUNTING } }),
    ...(request.untilSure !== undefined && {
      untilSure: { atMostMs: request.untilSure.atMostMs },
    }),
    suite: { ...suiteRecord(suite), targets: targetsFor(suite.targets, informational, judged) },
    environment: begun.environment,
    benchmarks: [...measured, ...calibration],
    warnings: [
      ...request.warnings,
      ...left,
      ...(informational.length === 0 || suite.targets.every(({ stores }) => stores) ? [] : [
        `What npm:rocksdb's asynchronous interface costs is information: no target is held against ` +
        `${informational.join(" and ")}.`,
      ]),
      ...(burn === undefined || burn === 0 ? [] : [
        `Every operation was made longer on purpose, by ${Number((burn * 100).toPrecision(6))}% ` +
        "of its own time (option burn): the figures test the comparison and say nothing of a store.",
      ]),
    ],
  };
}

/**
 * The benchmarks without the loads that the suite leaves out over their stores, and what is said of
 * these.
 *
 * @throws {RunError} Where nothing is left.
 */
function withoutLeftOut(benchmarks: readonly BenchmarkRecord[], suite: Suite) {
  const leftOut = new Map(suite.loads?.map(({ name, without = [] }) => [name, without]));
  const whyOut = ({ name, store, workload: { load } }: BenchmarkRecord) => {
    if (load === undefined) return undefined;
    const kind = storeKind(store);
    if (needsEtcd(load) && !kind.etcdApi) return "its store serves none of etcd's requests";
    return leftOut.get(name)?.includes(kind.name)
      ? `the suite ${suite.name} leaves it out over this store`
      : undefined;
  };
  const out = benchmarks.filter((benchmark) => whyOut(benchmark) !== undefined);
  const left = out.map((benchmark) =>
    `The load ${benchmark.id} is not measured: ${whyOut(benchmark)}.`
  );
  const measured = benchmarks.filter((benchmark) => whyOut(benchmark) === undefined);
  if (measured.length === 0) {
    const [first] = out as [BenchmarkRecord];
    const why = whyOut(first);
    const mend = first.workload.load && needsEtcd(first.workload.load)
      ? "measure kvstore or etcd"
      : "measure another store, such as raw, or a suite of loads, such as mixed";
    throw new RunError(`Cannot measure ${first.id}: ${why}; ${mend}`, "usage");
  }
  return { measured, left };
}

/**
 * The targets as they are held: against stores that tell of the engine, and against others only where
 * they are named.
 *
 * @param judged The stores that tell of the engine.
 */
function targetsFor(
  targets: readonly TargetRecord[],
  informational: readonly string[],
  judged: readonly string[],
): TargetRecord[] {
  if (informational.length === 0) return [...targets];
  return targets.flatMap((target) => {
    if (target.stores !== undefined) return [target];
    return judged.length === 0 ? [] : [{ ...target, stores: [...judged] }];
  });
}

/** Blocks are made of the same benchmark's runs, one of each lane. */
function requireSameBenchmarks(lanes: readonly (readonly BenchmarkRecord[])[]): void {
  const [base, candidate] = lanes.map((benchmarks) => benchmarks.map(({ name }) => name)) as [
    string[],
    string[],
  ];
  if (base.join("\n") === candidate.join("\n")) return;
  const ofBase = firstWithoutPartner(base, candidate);
  const [side, name] = ofBase === undefined
    ? ["candidate", firstWithoutPartner(candidate, base)]
    : ["base", ofBase];
  const why = name === undefined ? "their order is another" : `only the ${side} has ${name}`;
  throw new RunError(
    `Cannot interleave: base and candidate have not the same benchmarks, ${why}; ` +
      "filter by what both have in their ids",
    "usage",
  );
}

/** The first of some names, each of which may be there more than once, that others do not have as often. */
function firstWithoutPartner(
  names: readonly string[],
  others: readonly string[],
): string | undefined {
  const left = [...others];
  return names.find((name) => {
    const place = left.indexOf(name);
    if (place < 0) return true;
    left.splice(place, 1);
    return false;
  });
}
