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
import { valueRing } from "./parts.ts";

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

/**
 * Puts every key once, in ascending order of their numbers, in batches; nothing is kept for a key.
 *
 * @param seed Determines the values.
 */
export async function fill(
  store: Store,
  load: LoadSpec,
  seed: number,
  doing: Doing,
): Promise<void> {
  const form = KEY_FORMS[load.keyForm];
  const key = new Slice(form.bytes);
  const values = valueRing(load, seed);
  const sizes = sizeSource(load.valueSize, new Random(derive(seed, "sizes")));
  const size = new Float64Array(1);
  const batch = store.batch();
  for (let next = 0; next < load.keys;) {
    if (next % TOLD === 0) doing(`the load of key ${next + 1} of ${load.keys}`);
    const end = Math.min(next + BATCH, load.keys);
    batch.clear();
    for (; next < end; next++) {
      form.write(key.bytes, next);
      const value = values[next & (values.length - 1)]!;
      sizes.draw(size, 0);
      value.length = size[0]!;
      batch.put(key, value);
    }
    if (store.api === "sync") store.write(batch);
    else await store.write(batch);
  }
  batch.close();
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
  if (!SHAPES[shape].settles) return true;
  doing("the flush after the load");
  await store.flush();
  doing("the compaction after the load");
  await store.compact();
  doing("the wait for the engine's background work after the load");
  const isBusy = () => busy.some((name) => Number(store.property(name) ?? 0) > 0);
  const over = performance.now() + limitMs;
  while (isBusy()) {
    if (performance.now() > over) return false;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return true;
}
