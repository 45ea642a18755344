/** Loading a database before it is measured, and bringing its tree to rest. */
import { Slice, type Store } from "../../store/mod.ts";
import { derive, Random } from "../../stats/mod.ts";
import {
  KEY_FORMS,
  type LoadSpec,
  type ShapeName,
  SHAPES,
  sizeSource,
} from "../../workload/mod.ts";
import { flushAndCompact } from "../merge.ts";
import { NETWORK_LOAD } from "../operation.ts";
import { valueRing } from "./parts.ts";

/** Files that keys are put into once more: twice as many as RocksDB begins to compact at. */
const REWRITTEN_PARTS = 8;
/** Keys of a batch of the load. */
const BATCH = 1000;
/** How often it is said how far the load is, keys. */
const TOLD = 100_000;
/** How long an engine's background work is waited for, ms. */
const QUIET_LIMIT_MS = 120_000;
/** How often it is looked at, ms. */
const LOOK_EVERY_MS = 5;

/** What is told as it goes, as the end of a sentence. */
type Doing = (what: string) => void;

/** What entries are filled into: a batch that is written, or an engine's own load. */
interface Filling {
  /** Keys that are written at once. */
  keys: number;
  put(key: Slice, value: Slice): void;
  /** Brings what was put into the store. */
  write(): Promise<void>;
  close(): void;
}

function byBatches(store: Store): Filling {
  const batch = store.batch();
  return {
    keys: store.describe().network ? NETWORK_LOAD : BATCH,
    put: (key, value) => batch.put(key, value),
    async write() {
      if (store.api === "sync") store.write(batch);
      else await store.write(batch);
      batch.clear();
    },
    close: () => batch.close(),
  };
}

/** Past log and memtable; `undefined` where the engine does not take entries so. */
function byTables(store: Store): Filling | undefined {
  const load = store.api === "sync" ? store.sortedLoad?.() : undefined;
  return load && {
    keys: BATCH,
    put: (key, value) => load.put(key, value),
    // Tables are as large as the engine makes its own, whatever a batch is.
    write: () => Promise.resolve(),
    close() {
      load.flush();
      load.close();
    },
  };
}

/**
 * Puts every key once, in ascending order of their numbers, and again where the shape asks for it;
 * nothing is kept for a key.
 *
 * @param seed Determines the values.
 */
export async function fill(
  store: Store,
  load: LoadSpec,
  shape: ShapeName,
  seed: number,
  doing: Doing,
): Promise<void> {
  const { sorted, rewritten } = SHAPES[shape];
  const form = KEY_FORMS[load.keyForm];
  const direct = sorted && form.sorted ? byTables(store) : undefined;
  const put = entries(load, seed);
  await putAll(direct ?? byBatches(store), load.keys, (filling, i) => put(filling, i), doing);
  if (!rewritten) return;
  const next = farApart(load.keys);
  const part = Math.ceil(load.keys / REWRITTEN_PARTS);
  for (let done = 0; done < load.keys; done += part) {
    doing(`the load of key ${done + 1} of ${load.keys} once more`);
    const keys = Math.min(part, load.keys - done);
    await putAll(byBatches(store), keys, (filling) => put(filling, next()), () => {});
    // A file of its own, which overlaps those before it.
    if (!store.lacks?.("flush")) await store.flush();
  }
}

async function putAll(
  filling: Filling,
  keys: number,
  put: (filling: Filling, i: number) => void,
  doing: Doing,
): Promise<void> {
  for (let next = 0; next < keys;) {
    if (next % TOLD === 0) doing(`the load of key ${next + 1} of ${keys}`);
    const end = Math.min(next + filling.keys, keys);
    for (; next < end; next++) put(filling, next);
    await filling.write();
  }
  filling.close();
}

/** Puts the key of a number, with a value of the load's. */
function entries(load: LoadSpec, seed: number): (filling: Filling, index: number) => void {
  const form = KEY_FORMS[load.keyForm];
  const key = new Slice(form.bytes);
  const values = valueRing(load, seed);
  const sizes = sizeSource(load.valueSize, new Random(derive(seed, "sizes")));
  const size = new Float64Array(1);
  return (filling, index) => {
    form.write(key.bytes, index);
    const value = values[index & (values.length - 1)]!;
    sizes.draw(size, 0);
    value.length = size[0]!;
    filling.put(key, value);
  };
}

/**
 * Numbers below `count`, each once in `count` calls and far from those just before it: steps of the
 * golden section, around in a circle, which nothing has to be remembered for.
 */
export function farApart(count: number): () => number {
  let step = Math.max(1, Math.round(count * (Math.sqrt(5) - 1) / 2));
  while (greatestCommonDivisor(step, count) > 1) step++;
  let at = 0;
  return () => {
    const number = at;
    at = (at + step) % count;
    return number;
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/**
 * Brings the tree into a shape.
 *
 * @param busy Properties of the engine that are above 0 while it works in the background.
 * @returns Whether the engine had come to rest, where the shape is one of rest.
 */
export async function settle(
  store: Store,
  shape: ShapeName,
  busy: readonly string[],
  doing: Doing,
  limitMs = QUIET_LIMIT_MS,
): Promise<boolean> {
  if (SHAPES[shape].settles) await flushAndCompact(store, doing);
  return await rest(store, shape, busy, doing, limitMs);
}

/**
 * Waits until the engine has come to rest, where the shape is one of rest.
 *
 * @returns Whether it had, or does not have to.
 */
export async function rest(
  store: Store,
  shape: ShapeName,
  busy: readonly string[],
  doing: Doing,
  limitMs = QUIET_LIMIT_MS,
): Promise<boolean> {
  if (!SHAPES[shape].settles) return true;
  doing("the wait for the engine's background work after the load");
  const isBusy = () => busy.some((name) => Number(store.property(name) ?? 0) > 0);
  const over = performance.now() + limitMs;
  while (isBusy()) {
    if (performance.now() > over) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return true;
}
