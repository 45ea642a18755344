/**
 * The process of one run: opens a fresh database, measures, and prints the journal's lines as it
 * goes. It knows nothing of other runs, so that nothing of them is left in its memory, its
 * compiled code or its database. Of the process that takes turns with it, it knows only that it is
 * told when to work.
 */
import { writeWhole } from "../disk/mod.ts";
import {
  clockCost,
  crossingCost,
  type EncodedLatency,
  type LoadOutcome,
  type LoadPlan,
  measure,
  measureInTurns,
  type Sample,
  type ServersOutcome,
  type TurnAsked,
  type Turns,
  type Warmup,
} from "../measure/mod.ts";
// Most runs are no loads, and each process begins anew.
import defer * as loads from "../measure/load/load.ts";
import type { LoadedStore, LoadSink } from "../measure/load/load.ts";
import {
  callgrindWitness,
  followParent,
  isKernelPath,
  joinMemoryGroup,
  monotonicClock,
  ownStdout,
  processClock,
  readKernelFile,
  type SystemClock,
  threadWitness,
} from "../native/mod.ts";
import type { FactName } from "../result/mod.ts";
import {
  CALIBRATION_NAMES,
  knownLibraries,
  learnLibraries,
  optionsInEffect,
  readFacts,
  Slice,
  type Store,
  StoreError,
  type StoreKind,
  storeKind,
} from "../store/mod.ts";
import { requireNoBackgroundErrors } from "./background_errors.ts";
import { startedSeconds } from "./started_seconds.ts";
import type { ClosingLine, DoingLine, FailureLine, LibrariesLine, RunSpec } from "./spec.ts";

const encoder = new TextEncoder();
const output = ownStdout(Deno.stdout);

/** Writes a line at once: what has been printed survives this process. */
function print(line: unknown): void {
  writeWhole(output, encoder.encode(JSON.stringify(line) + "\n"));
}

/** Says in what this process is: whoever ends it where it hangs names that. */
function doing(what: string): void {
  print({ kind: "doing", what } satisfies DoingLine);
}

/** The largest resident size so far. `getrusage` would count what the parent had when it forked. */
function peakRssBytes(): number {
  const status = isKernelPath("/proc") ? readKernelFile("/proc/self/status") : null;
  const peak = /^VmHWM:\s*(\d+) kB$/m.exec(status ?? "")?.[1];
  return peak === undefined ? Deno.memoryUsage().rss : Number(peak) * 1024;
}

/**
 * How often a process that takes turns reads its clock, and calls what does nothing: there are many of
 * them, each is as short as can be, and their ratio has these costs on both sides.
 */
const BRIEFLY: { readings?: number; rounds?: number } = { readings: 10_000, rounds: 6 };

async function run(spec: RunSpec): Promise<void> {
  learnLibraries(spec.known ?? []);
  if (spec.memoryGroup !== undefined && !joinMemoryGroup(spec.memoryGroup)) {
    throw new Error("Cannot join the memory cgroup of the run: somebody has removed it");
  }
  const clock = monotonicClock();
  const calibrating = spec.inTurns ? BRIEFLY : {};
  const cost = clockCost(clock, calibrating.readings);
  const { burn = 0, ...options } = spec.options;
  const kind = storeKind(spec.store);
  if (spec.looks && kind.requirePrograms !== undefined && !kind.reach?.(options).running) {
    doing("asking its programs");
    await kind.requirePrograms(spec.database);
    return print(nothingMeasured());
  }
  doing("open");
  if (burn > 0 && spec.load !== undefined) {
    throw new StoreError(
      "Cannot burn the time of a load: its clients are threads of their own; leave burn out, or filter " +
        "by benchmarks of single operations",
      "options",
    );
  }
  const store = spec.load !== undefined && kind.openInFlight !== undefined
    ? await kind.openInFlight(spec.database, options)
    : await kind.open(spec.database, options);
  if (spec.looks) return await look(store, kind);
  const plain = store.describe();
  // It knows its kind, and not what else is measured of that.
  const described = {
    ...plain,
    store: spec.store,
    ...(burn > 0 && { options: { ...plain.options, burn } }),
  };
  const every = spec.tellsOptions && !described.network
    ? { engineOptions: optionsInEffect(store, spec.database) }
    : {};
  const crossing = store.cross !== undefined
    ? { crossingNs: crossingCost(clock, (count) => store.cross!(count), calibrating.rounds) }
    : {};
  // What an asynchronous store does is another thread's work, and a load's its clients'.
  const isOwn = store.api === "sync" && spec.load === undefined;
  if (spec.counts !== undefined && !isOwn) {
    throw new Error(
      "Cannot count its instructions: other threads than the one that asks do the work",
    );
  }
  const witness = !isOwn
    ? undefined
    : spec.counts === undefined
    ? threadWitness()
    : callgrindWitness(spec.counts.prefix);
  const uncounted = witness === undefined ? {} : { uncounted: witness.missing };
  print({
    kind: "run-opened",
    store: described,
    clock: cost,
    ...crossing,
    ...uncounted,
    ...every,
  });
  const known = knownLibraries();
  if (JSON.stringify(known) !== JSON.stringify(spec.known ?? [])) {
    print({ kind: "libraries", known } satisfies LibrariesLine);
  }
  const busy = busyProperties(kind);
  if (spec.keep !== undefined) {
    await loads.keepTree({ store, busy }, spec.load!, spec.keep, doing);
    const closing = closingLine(store, kind, { iterations: 0, ns: 0 });
    doing("close");
    await store.close();
    return print(closing);
  }
  const plan = () => ({ ...spec.measure!, burn });
  const sink = {
    sample: (sample: Sample) => print({ kind: "sample", ...sample }),
    latency: (latency: EncodedLatency) => print({ kind: "latency", ...latency }),
    servers: (servers: ServersOutcome) => print({ kind: "servers", ...servers }),
    doing,
  };
  const warmup = spec.load !== undefined
    ? await measureLoad(
      {
        store,
        kind,
        options,
        busy,
        libraries: spec.library === undefined ? [] : [spec.library],
        folder: spec.database,
      },
      spec.load,
      clock,
      sink,
    )
    : spec.counts !== undefined
    ? await countBatches(
      await measureInTurns(store, plan(), clock, busy, doing, witness),
      spec.counts,
    )
    : spec.inTurns
    ? await takeTurns(await measureInTurns(store, plan(), clock, busy, doing, witness))
    : await measure(store, plan(), clock, sink, witness);
  const closing = closingLine(store, kind, warmup);
  if (spec.turnsAfter) {
    print(closing);
    const turns = await measureInTurns(store, plan(), clock, busy, doing, undefined, true);
    await takeTurns(turns);
    requireNoBackgroundErrors(readFacts(store, kind.properties).facts);
  }
  doing("close");
  await store.close();
  print(closing);
}

/**
 * Measures a load. Of a store that does nothing, whose loop is machine code, JavaScript's is measured
 * after it: other stores have that, and a reader wants to know both.
 */
async function measureLoad(
  loaded: LoadedStore,
  plan: LoadPlan,
  clock: SystemClock,
  sink: Omit<LoadSink, "window" | "load">,
): Promise<Warmup> {
  let outcome: LoadOutcome | undefined;
  const warmup = await loads.measureLoad(loaded, plan, clock, {
    ...sink,
    window: (window) => print({ kind: "window", ...window }),
    load: (load) => print({ kind: "load", ...outcome = load }),
  });
  if (!CALIBRATION_NAMES.has(loaded.kind.name) || !outcome?.clients.some(({ native }) => native)) {
    return warmup;
  }
  const nothing = () => {};
  await loads.measureLoad(loaded, { ...plan, loop: "javascript" }, clock, {
    doing: sink.doing,
    sample: nothing,
    window: nothing,
    latency: nothing,
    load: ({ meanNs }) => {
      if (meanNs !== null) print({ kind: "load", ...outcome!, javascriptNs: meanNs });
    },
  });
  return warmup;
}

/** Whether the store does what every run asks of it: a key is put, read, and taken away again. */
async function look(store: Store, kind: StoreKind): Promise<void> {
  const [key, value, into] = [Slice.fromText("look"), Slice.fromText("1"), new Slice(1)];
  doing("put");
  await store.put(key, value);
  doing("get");
  await store.get(key, into);
  doing("delete");
  await store.delete(key);
  const closing = closingLine(store, kind, { iterations: 0, ns: 0 });
  doing("close");
  await store.close();
  print(closing);
}

/** What is known where no store was opened. */
function nothingMeasured(): ClosingLine {
  const warmup = { iterations: 0, ns: 0 };
  const peak = peakRssBytes();
  return { kind: "closing", warmup, facts: {}, properties: {}, peakRssBytes: peak, cpuSeconds: 0 };
}

/** What is known when the last sample has been taken. */
function closingLine(store: Store, kind: StoreKind, warmup: Warmup): ClosingLine {
  doing("its properties");
  const state = readFacts(store, kind.properties);
  requireNoBackgroundErrors(state.facts);
  return {
    kind: "closing",
    warmup,
    ...state,
    peakRssBytes: peakRssBytes(),
    cpuSeconds: processClock().now() / 1e9 + startedSeconds(store),
  };
}

/** What says that an engine works in the background. */
const BUSY: ReadonlySet<FactName> = new Set([
  "immutableMemtables",
  "runningFlushes",
  "runningCompactions",
]);

/** The properties of an engine that are above 0 while it works in the background. */
function busyProperties({ properties }: StoreKind): string[] {
  return Object.keys(properties).filter((name) => BUSY.has(properties[name]!));
}

/** Takes the turns that it is told to, until no more is told. */
async function takeTurns(turns: Turns): Promise<Warmup> {
  const warmup = { iterations: 0, ns: 0 };
  print({ kind: "ready" });
  for (const asked of turnsAsked()) {
    const turn = await turns.take(asked);
    if (!asked.kept) {
      warmup.iterations += turn.iterations;
      warmup.ns += turn.ns;
    }
    print({ kind: "turn", ...turn });
  }
  turns.end();
  const latency = turns.latency();
  if (latency !== undefined) print({ kind: "latency", ...latency });
  // Batches may have parts of an iteration.
  return { iterations: Math.ceil(warmup.iterations), ns: warmup.ns };
}

/**
 * Batches before those that count. V8 has compiled puts, gets and walks for the last time after 28 to 33
 * batches of 2000 operations. The witness, too, has code that has not run before.
 */
const BATCHES_BEFORE = { uncounted: 34, counted: 2 } as const;

/** Runs batches that are always the same, whose instructions are counted. */
async function countBatches(
  turns: Turns,
  { batches, operations }: NonNullable<RunSpec["counts"]>,
): Promise<Warmup> {
  const units = turns.unitsOf(operations);
  const warmup = { iterations: 0, ns: 0 };
  const { uncounted, counted } = BATCHES_BEFORE;
  for (let batch = -uncounted - counted; batch < batches; batch++) {
    const kept = batch >= -counted;
    // Each is progress, where a disk makes them slow.
    doing(kept ? "counting" : "its warm-up");
    const { iterations, ns, atNs, instructions } = await turns.take({ units, lead: 0, kept });
    if (batch >= 0) print({ kind: "sample", iterations, ns, atNs, instructions: instructions! });
    else {
      warmup.iterations += iterations;
      warmup.ns += ns;
    }
  }
  turns.end();
  return { iterations: Math.ceil(warmup.iterations), ns: warmup.ns };
}

/** The turns, as they are told on the standard input, a line of JSON each. Waiting costs nothing. */
function* turnsAsked(): Iterable<TurnAsked> {
  const buffer = new Uint8Array(4096);
  let text = "";
  while (true) {
    const end = text.indexOf("\n");
    if (end >= 0) {
      yield JSON.parse(text.slice(0, end));
      text = text.slice(end + 1);
      continue;
    }
    const length = Deno.stdin.readSync(buffer);
    if (length === null) return;
    text += new TextDecoder().decode(buffer.subarray(0, length));
  }
}

followParent();
try {
  await run(JSON.parse(Deno.args[0]!) as RunSpec);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  // The same options would be refused in every other run.
  const refused = error instanceof StoreError && error.call === "options";
  const usage = error instanceof StoreError && error.kind === "usage";
  print(
    {
      kind: "failure",
      message: message.split("\n")[0]!,
      ...(refused && { refused }),
      ...(usage && { usage }),
    } satisfies FailureLine,
  );
  Deno.exit(1);
}
