/**
 * The harness's tax: the loops of `loops.ts` beside the same loops in C, over the same librocksdb.
 *
 * Both sides run in turn as processes of their own. Each has rounds that warm code and allocator
 * up and are thrown away, then rounds on fresh databases of which the median counts. Prints the
 * medians of the processes, and the median ratio of speeds of each pair of neighbours.
 *
 * Needs a C compiler and RocksDB's header (Debian: apt-get install gcc librocksdb-dev).
 */
import { loadLibrary, openRaw } from "../store/raw/mod.ts";
import { Slice } from "../store/slice.ts";
import { KEY_BYTES, makeValues, SequentialKeys } from "../workload/mod.ts";
import { monotonicClock } from "./clock.ts";
import { getMany, putMany, scanMany } from "./loops.ts";

const KEYS = 10_000;
const VALUE_BYTES = 1024;
/** The rounds before those that count: enough for V8 to have compiled every loop. */
const WARM_ROUNDS = 5;
/** The rounds that count, each with a fresh database. */
const ROUNDS = 7;
const REPEATS = 10;
/** Least share of the C loop's speed that the project holds itself to. */
const BOUNDS = { put: 0.96, get: 0.95, scan: 0.85 };

type Times = Record<keyof typeof BOUNDS, number>;

function round(path: string): Times {
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

function rounds(directory: string, count: number): Times[] {
  return Array.from({ length: count }, (_, i) => round(`${directory}/${i}`));
}

async function run(command: string, args: string[]): Promise<string> {
  const output = await new Deno.Command(command, { args, stderr: "inherit" }).output();
  if (!output.success) throw new Error(`${command} ended with ${output.code}`);
  return new TextDecoder().decode(output.stdout).trim();
}

/** One process's medians; the rounds before have warmed it up. */
async function process(command: string, args: string[], work: string): Promise<Times> {
  const directory = await Deno.makeTempDir({ dir: work });
  const lines = (await run(command, [...args, directory, String(WARM_ROUNDS + ROUNDS)])).split(
    "\n",
  );
  await Deno.remove(directory, { recursive: true });
  const counted: Times[] = lines.slice(WARM_ROUNDS).map((line) => JSON.parse(line));
  return {
    put: median(counted.map((times) => times.put)),
    get: median(counted.map((times) => times.get)),
    scan: median(counted.map((times) => times.scan)),
  };
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
    const binary = `${work}/tax`;
    await run("cc", ["-O2", "-o", binary, source, library.path]);
    const self = new URL(import.meta.url).pathname;
    const deno = ["run", "--allow-read", "--allow-write", "--allow-ffi", "--allow-env", self];
    const native: Times[] = [];
    const harness: Times[] = [];
    for (let i = 0; i < REPEATS; i++) {
      native.push(await process(binary, [], work));
      harness.push(await process(Deno.execPath(), deno, work));
    }
    console.log(`${library.name}, ${KEYS} x ${VALUE_BYTES} B, medians of ${REPEATS}`);
    console.log("        C ns/op   Tidemark ns/op   speed [least to most of the pairs]   bound");
    for (const operation of ["put", "get", "scan"] as const) {
      const c = native.map((times) => times[operation] / KEYS);
      const ours = harness.map((times) => times[operation] / KEYS);
      // Pair by pair: what slows the machine for a while slows both of a pair.
      const speeds = c.map((time, i) => time / ours[i]!);
      console.log(
        `${operation.padEnd(6)} ${median(c).toFixed(1).padStart(8)} ` +
          `${median(ours).toFixed(1).padStart(16)} ${median(speeds).toFixed(3).padStart(7)} ` +
          `[${Math.min(...speeds).toFixed(2)} to ${Math.max(...speeds).toFixed(2)}] ` +
          `${String(BOUNDS[operation]).padStart(19)}`,
      );
    }
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

if (import.meta.main) {
  const [directory, count] = Deno.args;
  if (directory === undefined) await compare();
  else for (const times of rounds(directory, Number(count))) console.log(JSON.stringify(times));
}
