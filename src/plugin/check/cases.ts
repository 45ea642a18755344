/**
 * What is held of a plug-in before a number of it is believed: a case each, with a database of its
 * own. Each is named by what holds.
 */
import { Code } from "../../store/plugin/mod.ts";
import { type Case, opened, requireHas } from "./case.ts";
import { Database, type Operation } from "./client.ts";
import { bytesOf, keyOf, requireBytes, sameBytes, valueOf } from "./data.ts";
import { IN_FLIGHT_CASES } from "./in_flight_cases.ts";
import { OPTIONAL_CASES } from "./optional_cases.ts";
import { dirtyBytes, seesDirtyPages } from "./dirty_pages.ts";
import { resources } from "./resources.ts";
import { CheckError, CheckSkipped } from "./verdict.ts";

/** A thousand puts that take longer wait for a device. */
const SLOW_MS = 2000;

/** The values that a get must survive: none, few, and more than any buffer of the engine's. */
const SIZES = [0, 1, 7, 4096, 1 << 20];

/** The cases, in the order in which they are run. */
export const CASES: Readonly<Record<string, Case>> = {
  "every key that was put is got, with its own bytes": {
    core: true,
    seconds: 30,
    run: (place) =>
      opened(place, (session) => {
        // More than a thousand twice over, so that one lost in a thousand is seen. An engine that
        // waits for a device with each has at least one such round.
        let keys = place.core ? 2500 : 20_000;
        const begun = performance.now();
        for (let i = 0; i < keys; i++) {
          session.put(keyOf(i), valueOf(i, 0));
          if (i === 1000 && performance.now() - begun > SLOW_MS) keys = i + 1;
        }
        for (let i = 0; i < keys; i += 3) session.put(keyOf(i), valueOf(i, 1));
        for (let i = 0; i < keys; i++) {
          requireBytes(keyOf(i), session.value(keyOf(i)), valueOf(i, i % 3 === 0 ? 1 : 0));
        }
        return `${keys} keys`;
      }),
  },

  "keys with zeros and of any byte are told apart, and those that never were are absent": {
    core: true,
    run: (place) =>
      opened(place, (session) => {
        const long = "b".repeat(Math.min(1000, place.library.description.mostKeyBytes ?? 1000));
        const keys = ["a", "a\0", "a\0b", "a\0c", "\0", "\0\0", "\xff", "\xff\0", long].map(
          bytesOf,
        );
        for (const [i, key] of keys.entries()) session.put(key, valueOf(i, 2));
        for (const [i, key] of keys.entries()) {
          requireBytes(key, session.value(key), valueOf(i, 2));
        }
        for (const key of ["a\0d", "\0\0\0", "aa", "\xfe"].map(bytesOf)) {
          if (session.value(key) !== undefined) {
            throw new CheckError(`a key that never was is got: ${JSON.stringify([...key])}`);
          }
        }
      }),
  },

  "values of no byte and of a mebibyte are kept": {
    core: true,
    run: (place) =>
      opened(place, (session) => {
        for (const size of SIZES) {
          const key = bytesOf(`of ${size}`);
          session.put(key, valueOf(size, 3, size));
          requireBytes(key, session.value(key, size), valueOf(size, 3, size));
        }
      }),
  },

  "a get never writes beyond its buffer, and tells the length that it needs": {
    core: true,
    run: (place) =>
      opened(place, (session) => {
        const key = bytesOf("long");
        for (const size of [1, 100, 1000]) {
          session.put(key, valueOf(size, 4, size));
          for (const capacity of [0, 1, size - 1, size, size + 1]) {
            const { code, length, bytes } = session.get(key, capacity);
            const fits = size <= capacity;
            if (code !== (fits ? Code.ok : Code.tooSmall) || length !== size) {
              throw new CheckError(
                `get of ${size} bytes into ${capacity} returned ${code} and the length ${length}`,
              );
            }
            if (fits) requireBytes(key, bytes, valueOf(size, 4, size));
          }
        }
      }),
  },

  "a deleted key is absent, and an absent one is deleted without an error": {
    core: true,
    run: (place) =>
      opened(place, (session) => {
        for (let i = 0; i < 100; i++) session.put(keyOf(i), valueOf(i, 5));
        for (let i = 0; i < 100; i += 2) session.delete(keyOf(i));
        session.delete(bytesOf("never"));
        for (let i = 0; i < 100; i++) {
          const value = session.value(keyOf(i));
          if (i % 2 === 1) requireBytes(keyOf(i), value, valueOf(i, 5));
          else if (value !== undefined) throw new CheckError(`a deleted key is got: key ${i}`);
        }
      }),
  },

  "what one session has acknowledged, a get on another sees": {
    core: true,
    run: (place) => {
      if (place.library.description.threads === "one") throw new CheckSkipped("it has one session");
      return opened(place, (one, database) => {
        const other = database.session();
        for (let round = 0; round < 50; round++) {
          for (const [writer, reader] of [[one, other], [other, one]] as const) {
            const key = keyOf(round % 5);
            writer.put(key, valueOf(round, writer === one ? 6 : 7));
            requireBytes(key, reader.value(key), valueOf(round, writer === one ? 6 : 7));
          }
        }
      });
    },
  },

  "a walk has the keys in bytewise order, within its bounds, in both directions": {
    core: true,
    run(place) {
      requireHas(place.library, "cursor");
      return opened(place, (session) => {
        const names = ["\0", "\0\0", "\x01", "a", "a\0", "aa", "b", "\x7f", "\x80", "\xff"];
        const numbers = Array.from({ length: 300 }, (_, i) => `n${String(i).padStart(4, "0")}`);
        const all = [...names, ...numbers].sort((a, b) => a < b ? -1 : 1);
        // Neither in their order nor against it.
        for (const [i] of all.entries()) {
          const name = all[(i * 7) % all.length]!;
          session.put(bytesOf(name), bytesOf(`of ${name}`));
        }
        const bounds = [[], ["a"], ["a", "n0100"], [undefined, "b"], ["n0299"], ["zz"], ["b", "a"]];
        for (const [from, to] of bounds) {
          for (const reverse of [false, true]) {
            const expected = all.filter((name) =>
              (from === undefined || name >= from) && (to === undefined || name < to)
            );
            const walk = session.walk({
              ...(from !== undefined && { from: bytesOf(from) }),
              ...(to !== undefined && { to: bytesOf(to) }),
              reverse,
            });
            requireWalk(walk.rest(), reverse ? expected.toReversed() : expected);
          }
        }
      });
    },
  },

  "a walk sees the store as it was when it began": {
    run(place) {
      requireHas(place.library, "cursor");
      if (place.library.description.cursors === "live") {
        throw new CheckSkipped("it says that its cursors see what is written meanwhile");
      }
      return opened(place, (session) => {
        const names: string[] = [];
        const begun = performance.now();
        for (let i = 0; i < 1000; i++) {
          // Twice as many writes follow.
          if (i >= 100 && performance.now() - begun > SLOW_MS) break;
          names.push(`k${String(i).padStart(4, "0")}`);
          session.put(bytesOf(names[i]!), bytesOf(`of ${names[i]!}`));
        }
        const walk = session.walk();
        const first = walk.next();
        for (const name of names) {
          if (name.endsWith("5")) session.delete(bytesOf(name));
          else session.put(bytesOf(name), bytesOf("new"));
          session.put(bytesOf(`${name}+`), bytesOf("new"));
        }
        requireWalk([first!, ...walk.rest()], names);
      });
    },
  },

  "a batch is done whole and in its order, or not at all": {
    core: true,
    run(place) {
      requireHas(place.library, "batch");
      return opened(place, (session) => {
        const keys = Array.from({ length: 64 }, (_, i) => keyOf(i));
        const [a, b] = [keys[0]!, keys[1]!];
        requireCode(session.batch([
          { key: a, value: bytesOf("1") },
          { key: a },
          { key: b, value: bytesOf("1") },
          { key: b, value: bytesOf("2") },
        ]));
        if (session.value(a) !== undefined) throw new CheckError("a batch's delete was not done");
        requireBytes(b, session.value(b), bytesOf("2"));
        for (const key of keys) session.put(key, bytesOf("before"));
        const odd: Operation[] = keys.map((key) => ({ key, value: bytesOf("after") }));
        odd[40] = { ...odd[40]!, kind: 99 };
        if (session.batch(odd) >= Code.ok) {
          throw new CheckError("a batch with an operation of an unknown kind was not refused");
        }
        for (const key of keys) requireBytes(key, session.value(key), bytesOf("before"));
      });
    },
  },

  "a batch is never seen in part by another session": {
    async run(place) {
      requireHas(place.library, "batch");
      if (place.library.description.threads === "one") throw new CheckSkipped("it has one session");
      return await opened(place, async (writer, database) => {
        const reader = database.session();
        const keys = Array.from({ length: 2000 }, (_, i) => keyOf(i));
        let looks = 0;
        for (let round = 0; round < 40; round++) {
          const value = valueOf(round, 8, 64);
          let done = false;
          const writing = writer.batchMeanwhile(
            place.library.path,
            keys.map((key) => ({ key, value })),
          ).finally(() => done = true);
          while (!done) {
            // The first before the last: where the first is new, the last is.
            const [first, last] = [reader.value(keys[0]!), reader.value(keys.at(-1)!)];
            looks++;
            if (sameBytes(first, value) && !sameBytes(last, value)) {
              throw new CheckError(
                "another session has seen the first key of a batch and not its last",
              );
            }
            await new Promise((resolve) => setTimeout(resolve, 0));
          }
          requireCode(await writing);
        }
        return `${looks} looks`;
      });
    },
  },

  ...IN_FLIGHT_CASES,
  ...OPTIONAL_CASES,

  "what cannot be opened is refused with a text, and so is what it does not know": {
    core: true,
    async run({ library, folder }) {
      const file = `${folder}/file`;
      Deno.writeTextFileSync(file, "no database");
      for (
        const [what, config] of [
          ["a directory that is a file", { path: `${file}/database` }],
          ["an unknown option", { path: `${folder}/odd`, noSuchOption: 1 }],
        ] as const
      ) {
        const { code, error } = Database.tryOpen(library, config);
        if (code >= Code.ok) throw new CheckError(`open has taken ${what}`);
        if (error === "") throw new CheckError(`open has refused ${what} without a text`);
      }
      // What was refused leaves nothing in the way.
      await opened({ library, folder, core: true }, (session) => {
        session.put(bytesOf("still"), bytesOf("works"));
        requireBytes(bytesOf("still"), session.value(bytesOf("still")), bytesOf("works"));
      });
    },
  },

  "everything is found again when it is opened again": {
    core: true,
    async run(place) {
      for (let i = 0; i < 4; i++) {
        await opened(place, (session, database) => {
          for (let k = 0; k < 100 * i; k++) {
            requireBytes(keyOf(k), session.value(keyOf(k)), valueOf(k, 9));
          }
          for (let k = 100 * i; k < 100 * (i + 1); k++) session.put(keyOf(k), valueOf(k, 9));
          if (i === 1) database.flush();
        });
      }
    },
  },

  "what is said to be synced has left the page cache": {
    seconds: 30,
    async run(place) {
      const { library, folder } = place;
      const takesWal = Object.hasOwn(library.description.options, "wal");
      if (!seesDirtyPages(folder)) {
        throw new CheckSkipped("this system or file system does not tell which pages are written");
      }
      const path = `${folder}/database`;
      return await opened(place, (session, database) => {
        const { durability } = database.describe();
        if (durability !== "synced") {
          throw new CheckSkipped(`it says ${durability}, and not synced`);
        }
        const bytes = 256 * 1024;
        // Less than any engine keeps in memory: what it moves into files meanwhile is in its log.
        for (let i = 0; i < 12; i++) {
          session.put(keyOf(i), valueOf(i, 10, bytes));
          const dirty = dirtyBytes(path);
          if (dirty > bytes / 2) {
            throw new CheckError(
              `${dirty} bytes are not on the device after a put of ${bytes} that is said to be synced`,
            );
          }
        }
      }, takesWal ? { wal: "synced" } : {});
    },
  },

  "opening and closing leave nothing behind": {
    seconds: 60,
    run({ library, folder, core }) {
      const budgetMs = core ? 500 : 9000;
      const path = `${folder}/database`;
      const sessions = () => {
        const database = new Database(library, { path });
        for (let i = 0; i < 10_000; i++) {
          const session = database.session();
          if (i % 100 === 0) session.put(keyOf(i), valueOf(i, 11));
          session.close();
        }
        database.close();
      };
      const open = () => new Database(library, { path }).close();
      requireNoLeak("a session", 10_000, 4, sessions, budgetMs / 3);
      const opens = requireNoLeak("a database", 1, 10_000, open, budgetMs);
      return `${opens} databases and 10000 sessions several times over`;
    },
  },
};

function requireCode(code: number): void {
  if (code !== Code.ok) throw new CheckError(`batch returned ${code}`);
}

/** Holds entries, each with the value `of KEY`, against the keys that are to be there. */
function requireWalk(
  entries: readonly { key: Uint8Array; value: Uint8Array }[],
  expected: readonly string[],
): void {
  if (entries.length !== expected.length) {
    throw new CheckError(`a walk has ${entries.length} entries instead of ${expected.length}`);
  }
  for (const [i, { key, value }] of entries.entries()) {
    if (!sameBytes(key, bytesOf(expected[i]!))) {
      throw new CheckError(`entry ${i} of a walk is another key than in bytewise order`);
    }
    requireBytes(key, value, bytesOf(`of ${expected[i]!}`));
  }
}

/** What a round may leave on average, bytes: less than a small allocation that is kept each time. */
const LEAK_BYTES = 24;
/** Growth that says nothing by itself: JavaScript's own, and that of an allocator's pages. */
const NOISE_BYTES = { allocated: 256 * 1024, resident: 32 * 1024 * 1024 } as const;

/**
 * Repeats something, and holds what the process has after the first quarter against the end.
 *
 * @param each Things that are made in one round.
 * @param most Rounds at most.
 * @returns The rounds that there was time for.
 */
function requireNoLeak(
  what: string,
  each: number,
  most: number,
  round: () => void,
  budgetMs: number,
): number {
  const until = performance.now() + budgetMs;
  let rounds = 0;
  const repeat = (times: number, end: number) => {
    const start = rounds;
    while (rounds - start < times && (rounds === start || performance.now() < end)) {
      round();
      rounds++;
    }
  };
  repeat(most / 4, performance.now() + budgetMs / 4);
  const [before, from] = [resources(), rounds];
  repeat(most - rounds, until);
  const after = resources();
  const times = (rounds - from) * each;
  if (after.files > before.files || after.threads > before.threads) {
    throw new CheckError(
      `${after.files - before.files} files and ${after.threads - before.threads} threads stay ` +
        `open after ${times} times of ${what}`,
    );
  }
  for (const kind of ["allocated", "resident"] as const) {
    const grown = after[kind] - before[kind];
    if (grown <= NOISE_BYTES[kind] || grown / times <= LEAK_BYTES) continue;
    throw new CheckError(
      `opening and closing ${what} leaves ${Math.round(grown / times)} bytes each time`,
    );
  }
  return rounds;
}
