/** One run of a load: fill, settle, warm up, measure by windows, with a thread a client, or one for all. */
import {
  type EngineEvent,
  readFacts,
  type ServerProbe,
  type Store,
  type StoreKind,
  type StoreOptions,
} from "../../store/mod.ts";
import {
  LOAD_OPERATION_NAMES,
  type LoadSpec,
  needsEtcd,
  type ShapeName,
} from "../../workload/mod.ts";
import type { SystemClock } from "../../native/mod.ts";
import { type EncodedLatency, LatencyHistogram } from "../latency.ts";
import type { Sample, Warmup } from "../sampler.ts";
import { type ServersOutcome, watchServers } from "../servers.ts";
import { Activities } from "./activity.ts";
import { type CachedFiles, DatabaseFiles } from "./cached_files.ts";
import { type Client, type ClientOptions, type Clients, startClients } from "./clients.ts";
import { countedBetween, type EngineCounts, engineCounts } from "./engine_counts.ts";
import { type EngineEvents, EventTally, longest } from "./engine_events.ts";
import { fill, rest, settle } from "./fill.ts";
import { type Hiccups, startSleeper } from "./hiccups.ts";
import { InFlightClients } from "./in_flight_clients.ts";
import {
  type Counts,
  mostOf,
  mostOfSlot,
  quantileOf,
  spreadOf,
  sumOf,
  totalOf,
} from "./histogram.ts";
import { Place } from "./memory.ts";
import { between, countingOf, emptyReading, read, type Reading } from "./reading.ts";
import type { LoadBegins, LoadOutcome, LoadWindow, SlowWindow, Tail } from "./outcome.ts";
import type { LoopKind } from "./spec.ts";
import { SlowTally } from "./slow_tally.ts";
import { TreeWatch } from "./tree_watch.ts";

/** What to measure. */
export interface LoadPlan {
  load: LoadSpec;
  /** The shape of the store's tree before measuring. */
  shape: ShapeName;
  warmupMs: number;
  /** How the store comes to hold what the load begins with. @default "own" */
  begins?: LoadBegins;
  /** Whether the page cache has nothing of the files when the clients begin. @default as filling leaves it */
  cold?: boolean;
  /** Time that is measured, ms. */
  measureMs: number;
  /** Windows that it is divided into. */
  windows: number;
  /** Determines what clients draw, and the values. */
  seed: number;
  /** What clients' closed loops are of, where they are threads. @default "native", where that can be */
  loop?: LoopKind;
}

/** Where a run's measurements go as they are made. */
export interface LoadSink {
  /** In what it is, as the end of a sentence. */
  doing(what: string): void;
  sample(sample: Sample): void;
  window(window: LoadWindow): void;
  /** Service times of what is measured so far. */
  latency(latency: EncodedLatency): void;
  /** Everything else so far; a later one takes its place. */
  load(outcome: LoadOutcome): void;
  /** Where the time went, of a store that is a server. @default nobody asks */
  servers?(servers: ServersOutcome): void;
}

/** What is measured, and how it is reached. */
export interface LoadedStore {
  store: Store;
  kind: StoreKind;
  options: StoreOptions;
  /** Properties of the engine that are above 0 while it works in the background. */
  busy: readonly string[];
  /** Files that a client's thread has to read to find the engine's library. */
  libraries: readonly string[];
  /** The database's folder; absent of a store without files. */
  folder?: string;
}

/** How often histograms are told, ms: what a killed process loses at most. */
const TOLD_EVERY_MS = 10_000;
/** How often it is looked what goes on, ms: each look takes a processor from a client for some 0.2 ms. */
const LOOK_EVERY_MS = 20;
/** How many looks there are to one turn of the event loop, which costs as much as half of one. */
const LOOKS_A_TURN = 5;

/**
 * Measures a load on an open, empty store.
 *
 * @throws {ClientError} Where a client does not do what it is to. Where one may still be in a call, the
 * store must not be closed; the process has to end.
 */
export async function measureLoad(
  loaded: LoadedStore,
  plan: LoadPlan,
  clock: SystemClock,
  sink: LoadSink,
): Promise<Warmup> {
  const { store, kind, options, busy, libraries } = loaded;
  const { load, seed } = plan;
  const atRest = !load.filled ||
    await (plan.begins === "checkpoint"
      ? rest(store, plan.shape, busy, sink.doing)
      : fillAndSettle(loaded, plan, sink.doing));
  if (plan.cold && loaded.folder !== undefined) {
    sink.doing("letting go of the files' pages");
    new DatabaseFiles(loaded.folder).drop();
  }
  sink.doing("the start of the clients");
  using sleeper = startSleeper(clock);
  const clients = clientsOver(store, libraries, {
    store: kind.name,
    options,
    load,
    phases: 2,
    seed,
    clock,
    ...(plan.loop !== undefined && { loop: plan.loop }),
  });
  try {
    await clients.ready();
    sink.doing("the warm-up");
    const warmup = await warmUp(clients, plan.warmupMs, clock);
    const probe = serversOf(loaded, plan, sink);
    if (probe !== undefined) sink.doing("the servers' metrics");
    const watch = probe && await watchServers(probe, clock);
    sink.doing("the load");
    const beside = { atRest, hiccups: sleeper.hiccups };
    const outcome = await new Measuring(loaded, plan, clients, clock, sink, beside).measure();
    if (watch !== undefined) sink.servers!(await watch.end(inSum(outcome)));
    return warmup;
  } catch (error) {
    await clients.abandon();
    throw error;
  }
}

/** The servers that can be watched: they count the requests of all, so that all are to be measured. */
function serversOf(
  { store }: LoadedStore,
  { load }: LoadPlan,
  { servers }: LoadSink,
): ServerProbe | undefined {
  const all = load.groups.every(({ counted }) => counted);
  return store.api === "async" && servers !== undefined && all ? store.servers : undefined;
}

/** The mean operation of a load. */
function inSum({ clients, meanNs }: LoadOutcome) {
  const operations = clients.reduce((sum, { operations }) => sum + operations, 0);
  return { operations, meanNs: meanNs ?? 0, inFlight: clients.length };
}

/** @returns Whether the engine had come to rest, where the shape is one of rest. */
async function fillAndSettle(
  { store, busy }: Pick<LoadedStore, "store" | "busy">,
  { load, shape, seed }: Pick<LoadPlan, "load" | "shape" | "seed">,
  doing: LoadSink["doing"],
): Promise<boolean> {
  await fill(store, load, shape, seed, doing);
  return await settle(store, shape, busy, doing);
}

/**
 * Brings an open, empty store into the shape that a load begins with, and keeps it as a checkpoint that
 * any number of runs can begin with.
 *
 * @param path The checkpoint's directory; nothing is there yet.
 * @throws {TypeError} Where the store keeps none.
 */
export async function keepTree(
  loaded: Pick<LoadedStore, "store" | "busy">,
  plan: Pick<LoadPlan, "load" | "shape" | "seed">,
  path: string,
  doing: LoadSink["doing"],
): Promise<void> {
  const { store } = loaded;
  if (store.api !== "sync" || store.checkpoint === undefined) {
    throw new TypeError("Cannot keep a checkpoint: the store has no call for it");
  }
  await fillAndSettle(loaded, plan, doing);
  doing("the checkpoint of what was loaded");
  store.checkpoint(path);
}

/** What this file asks of clients, be they threads or operations in flight. */
type LoadClients = Pick<
  Clients,
  "all" | "ready" | "begin" | "requireAlive" | "stopped" | "abandon"
>;

/** A thread each, or an operation in flight each where all are of one thread. */
function clientsOver(
  store: Store,
  libraries: readonly string[],
  options: ClientOptions,
): LoadClients {
  if (needsEtcd(options.load) && (store.api === "sync" || store.etcdApi === undefined)) {
    throw new TypeError(`Cannot load ${options.store} so: it serves none of etcd's requests`);
  }
  if (store.api === "async") return new InFlightClients(store, options);
  if (store.share === undefined) {
    throw new TypeError(`Cannot load ${options.store} with several threads: it is one by nature`);
  }
  return startClients(store.share(), libraries, options);
}

async function warmUp(clients: LoadClients, ms: number, clock: SystemClock): Promise<Warmup> {
  const counted = clients.all.filter(({ counted }) => counted);
  const begin = clients.begin(ms * 1e6);
  await clients.ready();
  return { iterations: sumOver(counted, Place.operations), ns: clock.now() - begin };
}

/** One of the numbers of some clients, all together. */
function sumOver(clients: readonly Client[], place: Place): number {
  return clients.reduce((sum, { memory }) => sum + memory.numbers[place]!, 0);
}

/** The measured phase. */
class Measuring {
  readonly #loaded: LoadedStore;
  readonly #plan: LoadPlan;
  readonly #clients: LoadClients;
  readonly #clock: SystemClock;
  readonly #sink: LoadSink;
  readonly #atRest: boolean;
  readonly #counted;
  /** Whether any of the counted clients has a schedule. */
  readonly #scheduled: boolean;
  /** What process and engine had written and read before. */
  #before: EngineCounts = {};
  /** Its files, of which the page cache has so much as the measuring begins. */
  readonly #files: DatabaseFiles | undefined;
  #cached: CachedFiles | undefined;
  /** What the engine tells of what it does beside the operations. */
  #events: EventTally | undefined;
  /** Has a file open until all is measured. */
  readonly #activities: Activities;
  /** What the files of the engine's levels tell of it, and the longest since the last window. */
  readonly #tree: TreeWatch;
  #ended: EngineEvent[] = [];
  readonly #slow: SlowTally;
  /** The sample that a stretch without an operation would be a part of. */
  #pending: Sample | undefined;
  /** Time before the first operation ended, ns. */
  #idle = 0;
  /** Nothing wakes who waits for it. */
  readonly #never = new Int32Array(new SharedArrayBuffer(4));

  constructor(
    loaded: LoadedStore,
    plan: LoadPlan,
    clients: LoadClients,
    clock: SystemClock,
    sink: LoadSink,
    { atRest, hiccups }: { atRest: boolean; hiccups: Hiccups },
  ) {
    this.#loaded = loaded;
    this.#plan = plan;
    this.#clients = clients;
    this.#clock = clock;
    this.#sink = sink;
    this.#atRest = atRest;
    this.#counted = clients.all.filter(({ counted }) => counted);
    this.#files = loaded.folder === undefined ? undefined : new DatabaseFiles(loaded.folder);
    this.#activities = new Activities(loaded.store);
    this.#tree = new TreeWatch(loaded.store, clock.now());
    const synced = loaded.store.describe().durability === "synced";
    this.#slow = new SlowTally(this.#counted, synced, hiccups);
    this.#scheduled = plan.load.groups.some(({ counted, pace }) => counted && pace.loop === "open");
  }

  /** @returns All of it. */
  async measure(): Promise<LoadOutcome> {
    const { measureMs, windows } = this.#plan;
    const { store } = this.#loaded;
    const windowNs = measureMs * 1e6 / windows;
    const all = this.#clients.all;
    const firstOfAll = all.map(({ memory }) => memory.numbers[Place.operations]!);
    const counting = countingOf(this.#plan.load);
    const fresh = () => emptyReading(0, counting);
    const first = read(this.#counted, 0, fresh());
    const firstPut = sumOver(all, Place.bytesPut);
    this.#before = engineCounts(store);
    this.#cached = this.#files?.cached();
    this.#slow.setFloor(first);
    const begin = this.#clients.begin(measureMs * 1e6);
    this.#slow.begin(begin, measureMs * 1e6);
    this.#events = new EventTally(store, this.#clock.origin * 1e9 + begin);
    first.at = begin;
    // Written over in turn: what each window would leave of its own lies in memory until V8 collects it.
    const readings = [fresh(), fresh()];
    const [inWindow, done] = [fresh(), fresh()];
    using _open = this.#activities;
    let before = first;
    let told = begin;
    let outcome: LoadOutcome | undefined;
    for (let window = 1; window <= windows; window++) {
      const last = window === windows;
      await this.#sleepUntil(begin + window * windowNs);
      // Until every client has done its last operation.
      if (last) await this.#clients.stopped();
      // A thread that is woken too late for a window makes one of two.
      if (!last && this.#clock.now() > begin + (window + 0.5) * windowNs) continue;
      this.#clients.requireAlive();
      const at = last ? this.#end(begin + measureMs * 1e6) : this.#clock.now();
      const now = read(this.#counted, at, readings.shift());
      readings.push(now);
      const events = this.#events.totals();
      between(before, now, inWindow);
      this.#look();
      const slow = this.#slow.take();
      this.#tellWindow(inWindow, begin, before.at, last, { events, slow });
      this.#slow.setFloor(inWindow);
      before = now;
      if (last || at - told > TOLD_EVERY_MS * 1e6) {
        told = at;
        between(first, now, done);
        this.#sink.latency(await encodeCounts(done.service));
        outcome = await this.#outcome(done, {
          ns: at - begin,
          bytesPut: sumOver(all, Place.bytesPut) - firstPut,
          shares: all.map(({ memory }, i) => memory.numbers[Place.operations]! - firstOfAll[i]!),
          counts: countedBetween(this.#before, engineCounts(store)),
          events,
        });
        this.#sink.load(outcome);
      }
    }
    return outcome!;
  }

  /** When the last client was done, at least the planned end. */
  #end(planned: number): number {
    return Math.max(
      planned,
      ...this.#counted.map(({ memory }) => memory.numbers[Place.ended]!),
    );
  }

  /** Looks what goes on meanwhile. */
  async #sleepUntil(moment: number): Promise<void> {
    const inThisThread = this.#loaded.store.api === "async";
    for (let look = 1;; look++) {
      const ms = Math.min((moment - this.#clock.now()) / 1e6, LOOK_EVERY_MS);
      if (ms <= 0) return;
      if (inThisThread || look % LOOKS_A_TURN === 0) {
        await new Promise((resolve) => setTimeout(resolve, ms));
      } else Atomics.wait(this.#never, 0, 0, ms);
      this.#look();
    }
  }

  #look(): void {
    const now = this.#clock.now();
    this.#slow.look(now, this.#activities.look());
    const ended = this.#tree.look(now);
    if (this.#tree.sees) this.#slow.compacted(ended);
    this.#ended = longest([...this.#ended, ...ended]);
  }

  /** What went on in the background and has ended since the window before, as far as it is known. */
  #background(
    begin: number,
    events: EngineEvents | undefined,
  ): NonNullable<LoadWindow["background"]> {
    const ofTree = this.#ended;
    this.#ended = [];
    const origin = this.#clock.origin * 1e9;
    const told = events === undefined ? ofTree : this.#events!.takeEnded().map((event) => ({
      ...event,
      beginNs: event.beginNs - origin,
      endNs: event.endNs - origin,
    }));
    return told.flatMap(({ kind, beginNs, endNs, bytes, levels }) => {
      const from = Math.max(begin, beginNs);
      return kind === "lost" || endNs <= begin ? [] : [{
        kind,
        atNs: from - begin,
        ns: endNs - from,
        bytes,
        ...(levels !== undefined && { levels }),
      }];
    });
  }

  /** @param from When it began, after the measuring did at `begin`. */
  #tellWindow(
    done: Reading,
    begin: number,
    from: number,
    last: boolean,
    { events, slow }: { events: EngineEvents | undefined; slow: SlowWindow },
  ): void {
    const { store, kind } = this.#loaded;
    const { service, times: { response, unhindered } } = done;
    const [atNs, ns] = [from - begin, done.at - from];
    this.#sink.window({
      atNs,
      ns,
      operations: done.operations,
      service: tailOf(service),
      ...(this.#scheduled && {
        response: tailOf(response),
        unhindered: tailOf(unhindered),
        queued: done.queued,
      }),
      rssBytes: Deno.memoryUsage().rss,
      facts: readFacts(store, kind.properties).facts,
      counts: countedBetween(this.#before, engineCounts(store)),
      bytesPut: done.bytesPut,
      ...(events !== undefined && { events }),
      spread: spreadOf(this.#scheduled ? response : service),
      slow,
      on: this.#slow.beside.sharesOf(from, done.at),
      ...((events !== undefined || this.#tree.sees) && {
        background: this.#background(begin, events),
      }),
    });
    this.#tellSample(done.operations, atNs, ns, last);
  }

  /** A stretch in which nothing ended is a part of the sample before it, which took so much longer. */
  #tellSample(operations: number, atNs: number, ns: number, last: boolean): void {
    if (operations === 0 && this.#pending !== undefined) this.#pending.ns += ns;
    else if (operations > 0) {
      if (this.#pending !== undefined) this.#sink.sample(this.#pending);
      this.#pending = { iterations: operations, ns: ns + this.#idle, atNs: atNs - this.#idle };
      this.#idle = 0;
    } else this.#idle += ns;
    if (last && this.#pending !== undefined) this.#sink.sample(this.#pending);
  }

  async #outcome(
    done: Reading,
    { ns, bytesPut, shares, counts, events }: {
      ns: number;
      bytesPut: number;
      shares: readonly number[];
      counts: LoadOutcome["counts"];
      events: EngineEvents | undefined;
    },
  ): Promise<LoadOutcome> {
    const { store } = this.#loaded;
    const { response, lateness, unhindered } = done.times;
    const operations: LoadOutcome["operations"] = [];
    for (const [code, operation] of LOAD_OPERATION_NAMES.entries()) {
      const counts = done.byOperation[code]!;
      if (totalOf(counts) > 0) operations.push({ operation, ...await encodeCounts(counts) });
    }
    return {
      ns,
      clients: this.#clients.all.map(({ group, counted, memory }, i) => ({
        group,
        counted,
        operations: shares[i]!,
        ...(memory.numbers[Place.native] === 1 && { native: true }),
      })),
      operations,
      ...(this.#scheduled && {
        response: await encodeCounts(response),
        lateness: await encodeCounts(lateness),
        unhindered: await encodeCounts(unhindered),
        queued: done.queued,
        unstarted: done.unstarted,
      }),
      meanNs: done.operations === 0 ? null : sumOf(done.service) / done.operations,
      missed: done.missed,
      ...(this.#plan.load.groups.some(({ mix }) => mix.compareAndSwap !== undefined) && {
        conflicts: done.conflicts,
      }),
      bytesPut,
      bytesRead: done.bytesRead,
      keysRead: done.keysRead,
      slow: this.#slow.outcome(),
      counts,
      ...(events !== undefined && { events }),
      ...this.#multiGets(),
      ...this.#pageCache(),
      ...(this.#plan.load.filled && { begins: this.#plan.begins ?? "own" }),
      ...(store.api === "async" && { inFlight: true }),
      atRest: this.#atRest,
    };
  }

  /** What of the files was cached, where there are some and the kernel tells. */
  #pageCache(): Pick<LoadOutcome, "pageCache"> {
    const call = this.#files?.call;
    const [before, after] = [this.#cached, this.#files?.cached()];
    if (call === undefined || before === undefined || after === undefined) return {};
    return after.fileBytes === 0 ? {} : { pageCache: { call, before, after } };
  }

  /** How multi-gets are done, where the load has some. */
  #multiGets(): Pick<LoadOutcome, "multiGet"> {
    const { store } = this.#loaded;
    if (!this.#plan.load.groups.some(({ mix }) => mix.multiGet !== undefined)) return {};
    return { multiGet: store.api === "sync" && store.multiGet !== undefined ? "call" : "gets" };
  }
}

/**
 * The quantiles of a histogram that clients went on with while it was read: of the operations in it, which
 * need not be as many as were counted beside.
 */
function tailOf(counts: Counts): Tail | null {
  const total = totalOf(counts);
  if (total === 0) return null;
  return {
    p50: quantileOf(counts, total, 0.5),
    p99: quantileOf(counts, total, 0.99),
    p999: quantileOf(counts, total, 0.999),
    max: mostOf(counts),
  };
}

/** Times that were counted, as a result keeps them. */
async function encodeCounts(counts: Counts): Promise<EncodedLatency> {
  // A soak makes hundreds of thousands of them.
  using histogram = await LatencyHistogram.create();
  histogram.recordCounts(counts, mostOfSlot);
  return histogram.encode();
}
