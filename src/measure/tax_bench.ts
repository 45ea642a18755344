/**
 * The harness's tax: the loops of `loops.ts` beside the same loops in C, over the same librocksdb.
 *
 * Each of ten processes takes rounds of the two loops in turn, each round on a fresh database; the
 * first rounds warm code and allocator up and do not count. A speed is the C loop's time over ours,
 * of two neighbouring rounds: machines such as these change their pace by a factor of two within a
 * second, and what slows one of a pair mostly slows the other. The median of a process's pairs is
 * its speed, and the median of the processes is the answer. Beside them runs the C program as a
 * process of its own: its times say whether living in the same process changes the C loops.
 *
 * Needs a C compiler and RocksDB's header (Debian: apt-get install gcc librocksdb-dev).
 */
import { loadLibrary, openRaw } from "../store/raw/mod.ts";
import { Slice } from "../store/slice.ts";
import { KEY_BYTES, makeValues, SequentialKeys } from "../workload/mod.ts";
import { monotonicClock } from "../native/mod.ts";
import { getMany, putMany, scanMany } from "./loops.ts";

const KEYS = 10_000;
const VALUE_BYTES = 1024;
/** The rounds before those that count: enough for V8 to have compiled every loop. */
const WARM_ROUNDS = 8;
/** The rounds that count, each with a fresh database. */
const ROUNDS = 12;
const REPEATS = 10;
const OPERATIONS = ["put", "get", "scan"] as const;
/** Least share of the C loop's speed that the project holds itself to. */
const BOUNDS = { put: 0.96, get: 0.95, scan: 0.85 };

/** What a round took for each operation, ns for all keys. */
type Times = Record<keyof typeof BOUNDS, number>;

/** Two rounds, one after the other. */
interface Pair {
  native: Times;
  ours: Times;
}

/** What our loops take for each operation, ns for all keys. */
function ourRound(path: string): Times {
  const clock = monotonicClock();
  const key = new Slice(KEY_BYTES);
  const order = new SequentialKeys(key.bytes, KEYS);
  let random = 1;
  const values = makeValues(64, VALUE_BYTES, () => {
    random = (Math.imul(random, 1664525) + 1013904223) >>> 0;
    return random >>> 16;
  }).map((bytes) => Slice.from(bytes));
  const parts = { order, key, values, into: new Slice(VALUE_BYTES) };
  const store = openRaw(path);
  const times = { put: 0, get: 0, scan: 0 };
  order.restart();
  let start = clock.now();
  putMany(store, parts, KEYS);
  times.put = clock.now() - start;
  order.restart();
  start = clock.now();
  getMany(store, parts, KEYS);
  times.get = clock.now() - start;
  start = clock.now();
  const seen = scanMany(store, KEYS);
  times.scan = clock.now() - start;
  if (seen !== KEYS * (KEY_BYTES + VALUE_BYTES)) throw new Error(`Saw ${seen} bytes`);
  store.close();
  return times;
}

/** What the C loops take, called in this process. */
function nativeRounds(library: string): (path: string) => Times {
  const { tax_round } = Deno.dlopen(library, {
    tax_round: { parameters: ["buffer", "buffer"], result: "i32" },
  }).symbols;
  return (path) => {
    const times = new Float64Array(3);
    const status = tax_round(
      new TextEncoder().encode(`${path}\0`),
      new Uint8Array(times.buffer),
    );
    if (status !== 0) throw new Error(`The C loops ended with ${status}`);
    return { put: times[0]!, get: times[1]!, scan: times[2]! };
  };
}

/** Rounds of the C loops and ours in turn; which of a pair comes first alternates. */
function pairs(directory: string, library: string): Pair[] {
  const nativeRound = nativeRounds(library);
  return Array.from({ length: WARM_ROUNDS + ROUNDS }, (_, i) => {
    const [first, second] = [`${directory}/${i}a`, `${directory}/${i}b`];
    if (i % 2 === 0) return { native: nativeRound(first), ours: ourRound(second) };
    const ours = ourRound(first);
    return { native: nativeRound(second), ours };
  });
}

async function run(command: string, args: string[]): Promise<string> {
  const output = await new Deno.Command(command, { args, stderr: "inherit" }).output();
  if (!output.success) throw new Error(`${command} ended with ${output.code}`);
  return new TextDecoder().decode(output.stdout).trim();
}

/** The lines that a process printed, of the rounds that count. */
async function lines<T>(command: string, args: string[]): Promise<T[]> {
  const printed = (await run(command, args)).split("\n").slice(WARM_ROUNDS);
  return printed.map((line) => JSON.parse(line));
}

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

async function compare(): Promise<void> {
  const work = await Deno.makeTempDir({ prefix: "tidemark-tax-" });
  try {
    const library = loadLibrary();
    const source = new URL("../store/raw/tax.c", import.meta.url).pathname;
    const [program, shared] = [`${work}/tax`, `${work}/tax.so`];
    await run("cc", ["-O2", "-o", program, source, library.path]);
    await run("cc", ["-O2", "-shared", "-fPIC", "-o", shared, source, library.path]);
    const self = new URL(import.meta.url).pathname;
    const deno = ["run", "--allow-read", "--allow-write", "--allow-ffi", "--allow-env", self];
    const processes: Pair[][] = [];
    const alone: Times[] = [];
    for (let i = 0; i < REPEATS; i++) {
      const directory = await Deno.makeTempDir({ dir: work });
      processes.push(await lines<Pair>(Deno.execPath(), [...deno, directory, shared]));
      await Deno.remove(directory, { recursive: true });
      await Deno.mkdir(directory);
      const rounds = String(WARM_ROUNDS + ROUNDS);
      alone.push(...await lines<Times>(program, [directory, rounds]));
      await Deno.remove(directory, { recursive: true });
    }
    console.log(`${library.name}, ${KEYS} x ${VALUE_BYTES} B, medians of ${REPEATS} processes`);
    console.log("       C alone ns/op    C ns/op   Tidemark ns/op   speed [processes]      bound");
    for (const operation of OPERATIONS) {
      const perKey = (times: Times[]) => median(times.map((each) => each[operation])) / KEYS;
      const all = processes.flat();
      const speeds = processes.map((pairs) =>
        median(pairs.map(({ native, ours }) => native[operation] / ours[operation]))
      );
      console.log(
        `${operation.padEnd(6)} ${perKey(alone).toFixed(1).padStart(13)} ` +
          `${perKey(all.map(({ native }) => native)).toFixed(1).padStart(10)} ` +
          `${perKey(all.map(({ ours }) => ours)).toFixed(1).padStart(16)} ` +
          `${median(speeds).toFixed(3).padStart(7)} ` +
          `[${Math.min(...speeds).toFixed(2)} to ${Math.max(...speeds).toFixed(2)}] ` +
          `${String(BOUNDS[operation]).padStart(8)}`,
      );
    }
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

if (import.meta.main) {
  const [directory, library] = Deno.args;
  if (directory === undefined || library === undefined) await compare();
  else for (const pair of pairs(directory, library)) console.log(JSON.stringify(pair));
}
