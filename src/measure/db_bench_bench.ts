/**
 * The harness beside db_bench: the same loads over the same librocksdb with the same options. Of the two
 * processes one always stands still: they go on in turns of a tenth of a second, since machines such as
 * these change their pace by a factor of two within seconds, and what slows one turn mostly slows the
 * next. db_bench is given the OPTIONS file that ours wrote, and the files of both are held against each
 * other afterwards; its keys are ours, and it counts in RocksDB's perf context what every thread counts
 * that asks for nothing else, which it would turn off by itself. Neither has a warm-up, since
 * db_bench has none: the first keys of a memtable are put faster than the last, and both begin with an empty
 * one. Beside each line stands what the harness takes for itself: the same load on a store that does nothing, by the loop of machine code
 * that ran it, and by JavaScript's.
 *
 * Needs db_bench (Debian: apt-get install rocksdb-tools). Arguments: its path, how many pairs, and the
 * benchmarks with commas in between. Databases lie in TMPDIR.
 */
import { monotonicClock } from "../native/mod.ts";
import { storeKind } from "../store/mod.ts";
import type { ClientGroup, LoadSpec, OperationMix } from "../workload/mod.ts";
import type { LoadOutcome } from "./load/outcome.ts";
import { measureLoad } from "./load/load.ts";
import type { LoopKind } from "./load/spec.ts";

const KEYS = 1_000_000;
const VALUE_BYTES = 100;
const CACHE_BYTES = 8 * 1024 * 1024;
/** RocksDB's own default of a thread, kEnableCount. */
const PERF_LEVEL = 2;
/** Of both together: each has half of it. */
const SECONDS = 10;
/** Of a store that does nothing, which has no other beside it. */
const NOTHING_SECONDS = 2;
/** How long each goes on before the other does. */
const TURN_MS = 100;
/** Of a store that does nothing. */
const WARMUP_MS = 300;
/** Of what stands beside db_bench: shorter than an operation. */
const NO_WARMUP_MS = 0.001;
const REPEATS = 10;
const THREADS = [1, 2];
/** Least share of db_bench's operations a second that the project holds itself to. */
const BOUND = 0.95;

/** What each of db_bench's names is here; `beside` is what one more client does uncounted. */
const BENCHMARKS: Record<string, { filled: boolean; mix: OperationMix; beside?: OperationMix }> = {
  readrandom: { filled: true, mix: { get: 1 } },
  fillrandom: { filled: false, mix: { update: 1 } },
  overwrite: { filled: true, mix: { update: 1 } },
  readwhilewriting: { filled: true, mix: { get: 1 }, beside: { update: 1 } },
};

function groupOf(clients: number, mix: OperationMix, counted: boolean): ClientGroup {
  return {
    clients,
    mix,
    keyDistribution: { kind: "uniform" },
    scanLength: { kind: "fixed", size: 1 },
    batchKeys: 1,
    pace: { loop: "closed" },
    counted,
  };
}

/** What a process did in its time, which includes the other's turns. */
interface Done {
  operations: number;
  seconds: number;
  /** What ran the loops of ours. */
  loop?: LoopKind;
}

/** What our process says as its warm-up is over. */
const BEGUN = "begun";

/** What our process does: one load on a fresh database. */
async function ours(
  name: string,
  path: string,
  benchmark: string,
  { threads, loop }: { threads: number; loop: LoopKind },
): Promise<Done> {
  const { filled, mix, beside } = BENCHMARKS[benchmark]!;
  const seconds = name === "raw" ? SECONDS : NOTHING_SECONDS;
  const load: LoadSpec = {
    keys: KEYS,
    filled,
    keyForm: "binary",
    valueSize: { kind: "fixed", size: VALUE_BYTES },
    compressibility: 0.5,
    groups: [
      groupOf(threads, mix, true),
      ...(beside === undefined ? [] : [groupOf(1, beside, false)]),
    ],
  };
  const kind = storeKind(name);
  const store = await kind.open(path, {});
  const done: Done = { operations: 0, seconds: 0 };
  const told = ({ ns, clients }: LoadOutcome) => {
    done.operations = clients.reduce(
      (sum, { counted, operations }) => sum + (counted ? operations : 0),
      0,
    );
    done.seconds = ns / 1e9;
    done.loop = clients.every(({ native }) => native) ? "native" : "javascript";
  };
  const doing = (what: string) => {
    if (what === "the load") console.log(BEGUN);
  };
  const nothing = () => {};
  await measureLoad(
    { store, kind, options: {}, busy: [], libraries: [] },
    {
      load,
      shape: filled ? "settled" : "ingested",
      warmupMs: name === "raw" ? NO_WARMUP_MS : WARMUP_MS,
      measureMs: seconds * 1000,
      windows: seconds,
      seed: 1,
      loop,
    },
    monotonicClock(),
    { doing, sample: nothing, window: nothing, latency: nothing, load: told },
  );
  await store.close();
  return done;
}

async function run(command: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args }).output();
  if (!success) throw new Error(`${command} ${args}: ${new TextDecoder().decode(stderr)}`);
}

/** A process that is being measured, and what it has printed. */
class Measured {
  printed = "";
  ended = false;
  /** How long it went on, ms. */
  active = 0;
  /** How long it was there, its own turns and the other's, ms. */
  present = 0;
  readonly #child: Deno.ChildProcess;
  readonly #reading: Promise<void>;

  constructor(command: string, args: string[]) {
    this.#child = new Deno.Command(command, { args, stdout: "piped", stderr: "null" }).spawn();
    this.#reading = this.#read();
  }

  async #read(): Promise<void> {
    for await (const text of this.#child.stdout.pipeThrough(new TextDecoderStream())) {
      this.printed += text;
    }
    this.ended = true;
    const { success } = await this.#child.status;
    if (!success) throw new Error(`A process failed after it had printed: ${this.printed}`);
  }

  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    try {
      this.#child.kill(signal);
    } catch {
      // It has ended meanwhile.
      this.ended = true;
    }
  }

  async end(): Promise<string> {
    await this.#reading;
    return this.printed;
  }
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Lets two go on in turns until both have ended. Who is left alone still stands still in the other's
 * turns: the one that began its measuring later would have the machine to itself at its end.
 */
async function takeTurns(first: Measured, second: Measured): Promise<void> {
  const both = [first, second];
  for (const each of both) each.signal("SIGSTOP");
  for (let turn = 0; both.some(({ ended }) => !ended); turn++) {
    const next = both[turn % 2]!;
    const begun = performance.now();
    next.signal("SIGCONT");
    await sleep(TURN_MS);
    next.signal("SIGSTOP");
    const ms = performance.now() - begun;
    if (!next.ended) next.active += ms;
    for (const each of both) if (!each.ended) each.present += ms;
  }
}

/** The OPTIONS file that a database has now. */
function optionsFile(path: string): string {
  const names = [...Deno.readDirSync(path)].map(({ name }) => name);
  return `${path}/${names.filter((name) => name.startsWith("OPTIONS-")).toSorted().at(-1)}`;
}

/** The lines of two OPTIONS files that are not in both. */
function differences(a: string, b: string): string[] {
  const [left, right] = [a, b].map((path) => Deno.readTextFileSync(path).split("\n"));
  return [
    ...left!.filter((line) => !right!.includes(line)).map((line) => `ours     ${line.trim()}`),
    ...right!.filter((line) => !left!.includes(line)).map((line) => `db_bench ${line.trim()}`),
  ];
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

function doneOf(printed: string): Done {
  return JSON.parse(printed.trim().split("\n").at(-1)!);
}

/** What db_bench printed of its only benchmark. */
function theirDone(printed: string): Done {
  const line = printed.match(/ops\/sec ([\d.]+) seconds (\d+) operations/)!;
  return { operations: Number(line[2]), seconds: Number(line[1]) };
}

/** Operations in a second of one's own turns. */
function speed({ active, present }: Measured, { operations, seconds }: Done): number {
  return operations / seconds / (active / present);
}

/** @param speed Operations a second of one thread. */
function taxText(ns: number, speed: number): string {
  return `${ns.toFixed(0)} (${(ns * speed / 1e7).toFixed(1)} %)`;
}

async function compare(dbBench: string, repeats: number, only: string[]): Promise<void> {
  const work = await Deno.makeTempDir({ prefix: "tidemark-db-bench-" });
  try {
    const self = new URL(import.meta.url).pathname;
    const deno = [
      "run",
      "--unstable-worker-options",
      "--no-prompt",
      "--allow-read",
      "--allow-write",
      "--allow-ffi",
      "--allow-env=TIDEMARK_LIBROCKSDB,TIDEMARK_CACHE,XDG_CACHE_HOME,HOME",
      self,
    ];
    // An empty database of ours: its options are db_bench's.
    const [own, theirs, full] = [`${work}/ours`, `${work}/theirs`, `${work}/full`];
    const options = `${work}/OPTIONS`;
    const store = await storeKind("raw").open(own, {});
    await store.close();
    await Deno.copyFile(optionsFile(own), options);
    await Deno.remove(own, { recursive: true });
    const theirArguments = (db: string, benchmarks: string, ...flags: string[]) => [
      `--db=${db}`,
      `--benchmarks=${benchmarks}`,
      `--options_file=${options}`,
      `--num=${KEYS}`,
      `--value_size=${VALUE_BYTES}`,
      "--key_size=16",
      "--compression_ratio=0.5",
      `--cache_size=${CACHE_BYTES}`,
      `--perf_level=${PERF_LEVEL}`,
      ...flags,
    ];
    await run(dbBench, theirArguments(full, "fillseq,compact"));
    const measureOurs = (
      name: string,
      benchmark: string,
      threads: number,
      loop: LoopKind = "native",
    ) => new Measured(Deno.execPath(), [...deno, name, own, benchmark, String(threads), loop]);
    /** What a loop takes for an operation of a store that does nothing, ns. */
    const taxOf = async (benchmark: string, threads: number, loop: LoopKind) => {
      const { seconds, operations } = doneOf(
        await measureOurs("null", benchmark, threads, loop).end(),
      );
      return seconds * threads / operations * 1e9;
    };
    const different = new Set<string>();
    console.log(
      `${KEYS} keys of 16 bytes, values of ${VALUE_BYTES}, medians of ${repeats} pairs in turns`,
    );
    console.log(
      "                   threads   db_bench/s       ours/s   ratio      bound   loop, tax ns (share), JavaScript's",
    );
    for (const [benchmark, { filled }] of Object.entries(BENCHMARKS)) {
      if (only.length > 0 && !only.includes(benchmark)) continue;
      for (const threads of THREADS) {
        const pairs: { ours: number; theirs: number }[] = [];
        let loop: LoopKind | undefined;
        for (let i = 0; i < repeats; i++) {
          if (filled) await run("cp", ["-r", full, theirs]);
          const our = measureOurs("raw", benchmark, threads);
          while (!our.printed.includes(BEGUN)) await sleep(1);
          const their = new Measured(
            dbBench,
            theirArguments(
              theirs,
              benchmark,
              `--use_existing_db=${filled}`,
              `--threads=${threads}`,
              `--duration=${SECONDS}`,
            ),
          );
          await (i % 2 === 0 ? takeTurns(our, their) : takeTurns(their, our));
          const done = doneOf(await our.end());
          loop = done.loop;
          pairs.push({
            ours: speed(our, done),
            theirs: speed(their, theirDone(await their.end())),
          });
          for (const line of differences(optionsFile(own), optionsFile(theirs))) {
            different.add(line);
          }
          for (const path of [own, theirs]) await Deno.remove(path, { recursive: true });
        }
        const taxNs = await taxOf(benchmark, threads, "native");
        const javascriptNs = await taxOf(benchmark, threads, "javascript");
        const ratios = pairs.map(({ ours, theirs }) => ours / theirs);
        const ourSpeed = median(pairs.map(({ ours }) => ours));
        console.log(
          `${benchmark.padEnd(18)} ${String(threads).padStart(7)} ` +
            `${median(pairs.map(({ theirs }) => theirs)).toFixed(0).padStart(12)} ` +
            `${ourSpeed.toFixed(0).padStart(12)} ` +
            `${median(ratios).toFixed(3).padStart(7)} ` +
            `[${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}] ${BOUND} ` +
            `${loop} ${taxText(taxNs, ourSpeed / threads)}, ` +
            `${taxText(javascriptNs, ourSpeed / threads)}`,
        );
      }
    }
    console.log(different.size === 0 ? "The OPTIONS files are equal" : [...different].join("\n"));
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

if (import.meta.main) {
  // Its own calls of itself have more arguments than a person's.
  if (Deno.args.length > 3) {
    const [name, path, benchmark, threads, loop] = Deno.args;
    const how = { threads: Number(threads), loop: loop as LoopKind };
    console.log(JSON.stringify(await ours(name!, path!, benchmark!, how)));
  } else {
    const [dbBench = "db_bench", repeats = String(REPEATS), only = ""] = Deno.args;
    await compare(dbBench, Number(repeats), only.split(",").filter(Boolean));
  }
}
