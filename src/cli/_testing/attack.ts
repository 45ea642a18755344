/**
 * Attacks the raw store over the library that is loaded, step by step, and prints how each step went,
 * a line of JSON before it and one after it: a step that ends the process, or hangs, is known by its
 * first line alone. A program of its own, run by `releases.ts`:
 *
 *   deno run --allow-ffi --allow-read --allow-write --allow-env attack.ts DIRECTORY FIRST_STEP
 */
import { Random } from "../../stats/mod.ts";
import { Slice, StoreError } from "../../store/mod.ts";
import { openRaw } from "../../store/raw/mod.ts";

/** How a step went. */
export type AttackOutcome = "held" | "refused" | "lost entries" | `WRONG: ${string}`;

/** A line that is printed: a step begins, or has ended. */
export interface AttackLine {
  step: number;
  kind: string;
  outcome?: AttackOutcome;
}

/** A step: what is attacked, and the attack. */
interface Step {
  kind: string;
  run(folder: string, random: Random): AttackOutcome;
}

const ENTRIES = 200;
const keyOf = (i: number) => `key ${String(i).padStart(6, "0")}`;
const valueOf = (i: number) => `value ${i} `.repeat(20);

/** The files of a database, by what their names say. */
const FILES = {
  "damaged SST": /\.sst$/,
  "damaged MANIFEST": /^MANIFEST-/,
  "damaged WAL": /\.log$/,
  "damaged CURRENT": /^CURRENT$/,
  "damaged OPTIONS": /^OPTIONS-/,
};

/** How often each kind of file is damaged. */
const TIMES: Record<keyof typeof FILES, number> = {
  "damaged SST": 12,
  "damaged MANIFEST": 12,
  "damaged WAL": 12,
  "damaged CURRENT": 3,
  "damaged OPTIONS": 3,
};

/** What can be damaged: a bit, a stretch of zeros, the end, all of it. */
const DAMAGES: readonly ((bytes: Uint8Array, random: Random) => Uint8Array)[] = [
  (bytes, random) => {
    if (bytes.length > 0) bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
    return bytes;
  },
  (bytes, random) => {
    const at = random.below(bytes.length + 1);
    return bytes.fill(0, at, at + 1 + random.below(64));
  },
  (bytes, random) => bytes.subarray(0, random.below(bytes.length + 1)),
  (bytes, random) => bytes.map(() => random.below(256)),
];

/** All steps, in order. */
const STEPS: readonly Step[] = [
  ...Array.from({ length: 4 }, () => ({ kind: "use after close", run: useAfterClose })),
  ...[0, 1, 15, 4096, 65_535, 65_536, 1 << 20, 16 << 20].map((bytes) => ({
    kind: "sizes",
    run: (folder: string) => roundTrip(folder, 16, bytes),
  })),
  ...[1, 255, 65_536, 1 << 20].map((bytes) => ({
    kind: "sizes",
    run: (folder: string) => roundTrip(folder, bytes, 100),
  })),
  ...Object.entries(TIMES).flatMap(([kind, times]) =>
    Array.from({ length: times }, (_, i) => ({
      kind,
      run: (folder: string, random: Random) =>
        damaged(folder, FILES[kind as keyof typeof FILES], DAMAGES[i % DAMAGES.length]!, random),
    }))
  ),
];

/** Uses all that a database gives after it was closed, in a shuffled order: each has to refuse. */
function useAfterClose(folder: string, random: Random): AttackOutcome {
  const store = openRaw(folder);
  const [key, value] = [Slice.fromText("key"), Slice.fromText("value")];
  store.put(key, value);
  const [batch, snapshot, cursor] = [store.batch(), store.snapshot(), store.cursor()];
  batch.put(key, value);
  cursor.next();
  store.close();
  const uses: [name: string, use: () => unknown][] = [
    ["put", () => store.put(key, value)],
    ["get", () => store.get(key, value)],
    ["delete", () => store.delete(key)],
    ["write", () => store.write(batch)],
    ["scan", () => store.cursor()],
    ["flush", () => store.flush()],
    ["snapshot", () => store.snapshot()],
    ["property", () => store.property("rocksdb.estimate-num-keys")],
    ["snapshot.get", () => snapshot.get(key, value)],
    ["snapshot.cursor", () => snapshot.cursor()],
    ["batch.put", () => batch.put(key, value)],
    ["compact", () => store.compact()],
  ];
  for (let i = 0; i < 200; i++) {
    const [name, use] = uses[random.below(uses.length)]!;
    try {
      // A batch is memory of its own, and may still be filled.
      if (use() !== undefined && name !== "batch.put") return `WRONG: ${name} gave an answer`;
    } catch (error) {
      if (!(error instanceof StoreError)) return `WRONG: ${name} threw ${error}`;
    }
    if (cursor.next()) return "WRONG: a cursor went on";
    for (const each of [snapshot, batch, cursor, store]) if (random.below(20) === 0) each.close();
  }
  return "held";
}

/** Puts and reads entries of a size. */
function roundTrip(folder: string, keyBytes: number, valueBytes: number): AttackOutcome {
  const store = openRaw(folder);
  try {
    const [key, value] = [new Slice(keyBytes), new Slice(valueBytes)];
    key.bytes.fill(7);
    value.bytes.fill(9);
    store.put(key, value);
    store.flush();
    const into = new Slice(valueBytes + 1);
    if (store.get(key, into) !== valueBytes) return "WRONG: a value's length";
    if (!into.view().every((byte) => byte === 9)) return "WRONG: a value's bytes";
    const cursor = store.cursor();
    const seen = cursor.next() && cursor.keyLength === keyBytes &&
      cursor.valueLength === valueBytes && !cursor.next();
    cursor.close();
    return seen ? "held" : "WRONG: what a cursor sees";
  } finally {
    store.close();
  }
}

/** Makes a database, damages one of its files, and reads it: nothing may be read that was not put. */
function damaged(
  folder: string,
  file: RegExp,
  damage: (typeof DAMAGES)[number],
  random: Random,
): AttackOutcome {
  const first = openRaw(folder);
  const put = (from: number, to: number) => {
    for (let i = from; i < to; i++) {
      first.put(Slice.fromText(keyOf(i)), Slice.fromText(valueOf(i)));
    }
  };
  put(0, ENTRIES / 2);
  first.flush();
  put(ENTRIES / 2, ENTRIES);
  first.close();
  const names = [...Deno.readDirSync(folder)].map(({ name }) => name).filter((name) =>
    file.test(name)
  ).sort();
  const path = `${folder}/${names[random.below(names.length)]}`;
  Deno.writeFileSync(path, damage(Deno.readFileSync(path), random));
  try {
    const store = openRaw(folder);
    try {
      return readAll(store);
    } finally {
      store.close();
    }
  } catch (error) {
    if (error instanceof StoreError) return "refused";
    throw error;
  }
}

function readAll(store: ReturnType<typeof openRaw>): AttackOutcome {
  let outcome: AttackOutcome = "held";
  const into = new Slice(4096);
  for (let i = 0; i < ENTRIES; i++) {
    try {
      if (store.get(Slice.fromText(keyOf(i)), into) < 0) outcome = "lost entries";
      else if (new TextDecoder().decode(into.view()) !== valueOf(i)) {
        return "WRONG: a get reads another value";
      }
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      outcome = "refused";
    }
  }
  const known = new Set(Array.from({ length: ENTRIES }, (_, i) => keyOf(i)));
  const cursor = store.cursor();
  const [keyInto, valueInto] = [new Slice(4096), new Slice(4096)];
  try {
    while (cursor.next()) {
      cursor.readKey(keyInto);
      cursor.readValue(valueInto);
      const key = new TextDecoder().decode(keyInto.view());
      const value = new TextDecoder().decode(valueInto.view());
      if (!known.has(key) || value !== valueOf(Number(key.slice(4)))) {
        return "WRONG: a scan reads another entry";
      }
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    outcome = "refused";
  } finally {
    cursor.close();
  }
  return outcome;
}

if (import.meta.main) {
  const [folder, first] = Deno.args as [string, string];
  const print = (line: AttackLine) => console.log(JSON.stringify(line));
  for (const [step, { kind, run }] of STEPS.entries()) {
    if (step < Number(first)) continue;
    print({ step, kind });
    const place = `${folder}/${step}`;
    let outcome: AttackOutcome;
    try {
      outcome = run(place, new Random(20_251_201 + step));
    } catch (error) {
      outcome = error instanceof StoreError ? "refused" : `WRONG: ${error}`;
    }
    print({ step, kind, outcome });
    Deno.removeSync(place, { recursive: true });
  }
}
