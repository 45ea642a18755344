/** What is held of functions that a plug-in need not have. */
import { monotonicClock } from "../../native/mod.ts";
import { Code, EventKind } from "../../store/plugin/mod.ts";
import { type Case, opened, requireHas } from "./case.ts";
import { bytesOf, keyOf, requireBytes, valueOf } from "./data.ts";
import { CheckError } from "./verdict.ts";

/** How long an engine is given to come to rest, ms. */
const SETTLE_MS = 5000;

/** The cases of optional functions. */
export const OPTIONAL_CASES: Readonly<Record<string, Case>> = {
  "several keys are got at once, each with its own value": {
    core: true,
    run(place) {
      requireHas(place.library, "multi_get");
      return opened(place, (session) => {
        const sizes = [0, 1, 100, 5000];
        for (const [i, size] of sizes.entries()) session.put(keyOf(i), valueOf(i, 30, size));
        const keys = [keyOf(3), bytesOf("none"), keyOf(0), keyOf(1), keyOf(2), keyOf(3)];
        const values = [3, undefined, 0, 1, 2, 3]
          .map((i) => i === undefined ? undefined : valueOf(i, 30, sizes[i]!));
        const all = values.reduce((sum, value) => sum + (value?.length ?? 0), 0);
        const { code, values: got } = session.multiGet(keys, all);
        if (code !== Code.ok) throw new CheckError(`multi_get of ${all} bytes returned ${code}`);
        for (const [i, value] of values.entries()) {
          if (value !== undefined) requireBytes(keys[i]!, got[i], value);
          else if (got[i] !== undefined) throw new CheckError("an absent key of several is got");
        }
        for (const capacity of [0, 100, all - 1]) {
          const small = session.multiGet(keys, capacity);
          if (small.code !== Code.tooSmall || small.length !== all) {
            throw new CheckError(
              `multi_get of ${all} bytes into ${capacity} returned ${small.code} and the length ` +
                `${small.length}`,
            );
          }
        }
        if (session.multiGet([], 0).code !== Code.ok) {
          throw new CheckError("multi_get of no key fails");
        }
      });
    },
  },

  "events have ended when they are told, and are told once": {
    run(place) {
      requireHas(place.library, "events");
      return opened(place, (session, database) => {
        // Of the whole clock, as the plug-in reads it.
        const clock = monotonicClock(0);
        const begun = clock.now();
        const seen = new Set<string>();
        for (let round = 0; round < 4; round++) {
          for (let i = 0; i < 50; i++) session.put(keyOf(i), valueOf(i, 31 + round));
          database.work();
          for (let told = database.events(3); told.length > 0; told = database.events(3)) {
            const now = clock.now();
            for (const { begin, end, bytes, kind } of told) {
              if (begin > end || Number(begin) < begun || Number(end) > now) {
                throw new CheckError(
                  `an event lasts from ${begin} to ${end}, and it is ${now} by now`,
                );
              }
              const event = `${kind} ${begin} ${end} ${bytes}`;
              if (kind in EventKind && seen.has(event)) {
                throw new CheckError("an event is told twice");
              }
              seen.add(event);
              if (seen.size > MOST_EVENTS) throw new CheckError("events are told without an end");
            }
          }
        }
        return `${seen.size} events`;
      }, Object.hasOwn(place.library.description.options, "wal") ? { wal: "synced" } : {});
    },
  },

  "an engine comes to rest, or says that the time is up": {
    run(place) {
      requireHas(place.library, "settle");
      return opened(place, (session, database) => {
        for (let i = 0; i < 100; i++) session.put(keyOf(i), valueOf(i, 35));
        database.work();
        const begun = performance.now();
        const code = database.settle(SETTLE_MS);
        const took = performance.now() - begun;
        if (code !== Code.ok && code !== Code.absent && code !== Code.unsupported) {
          throw new CheckError(`settle returned ${code}`);
        }
        if (took > SETTLE_MS + 2000) {
          throw new CheckError(
            `settle took ${Math.round(took)} ms of ${SETTLE_MS} that it may take`,
          );
        }
      });
    },
  },
};

/** So few writes lead to fewer. */
const MOST_EVENTS = 10_000;
