/** What is held of operations that are handed in, and end later. */
import { Code, Kind } from "../../store/plugin/mod.ts";
import { type Case, opened, type Place, requireHas } from "./case.ts";
import type { Ended, HandedIn, Session } from "./client.ts";
import { bytesOf, keyOf, requireBytes, sameBytes, valueOf } from "./data.ts";
import { CheckError } from "./verdict.ts";

/** The most operations that the cases have under way. */
const MOST = 64;
/** How long what was handed in may take to end, ms. */
const PATIENCE_MS = 5000;
/** How long after its end a plug-in may still be at bytes that it must leave alone, ms. */
const LATE_MS = 60;

/** Hands in operations with a number each, and takes them, until all have ended. */
async function runAll(
  session: Session,
  most: number,
  count: number,
  handIn: (number: number) => Omit<HandedIn, "ticket">,
  ended: (number: number, how: Ended) => void,
): Promise<void> {
  let next = 0;
  const under = new Set<number>();
  let until = performance.now() + PATIENCE_MS;
  while (next < count || under.size > 0) {
    while (next < count && under.size < most) {
      if (!session.handIn({ ...handIn(next), ticket: next })) break;
      under.add(next++);
    }
    for (const how of session.reap(1e6)) {
      until = performance.now() + PATIENCE_MS;
      if (!under.delete(how.ticket)) {
        const was = how.ticket < next ? "a second time" : "and was never handed in";
        throw new CheckError(`the operation ${how.ticket} is reaped ${was}`);
      }
      ended(how.ticket, how);
    }
    if (performance.now() > until) {
      throw new CheckError(`${under.size} operations that were handed in do not end`);
    }
    // Now and then others are to have their turn as well.
    if (next % 500 === 0) await soon(0);
  }
}

function soon(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function mostOf({ library }: Place): number {
  return Math.min(MOST, library.description.inFlight);
}

/** A put or a get that ended as it should. */
function requireOk(call: string, number: number, { result, error }: Ended): void {
  if (result === Code.ok) return;
  throw new CheckError(`the ${call} ${number} ended with ${result}: ${error || "no text"}`);
}

/** The cases of operations in flight. */
export const IN_FLIGHT_CASES: Readonly<Record<string, Case>> = {
  "what is handed in is reaped once each, with its own result": {
    core: true,
    seconds: 30,
    run(place) {
      requireHas(place.library, "submit");
      return opened(place, async (session) => {
        const most = mostOf(place);
        const keys = place.core ? 500 : 3000;
        const put = (i: number) => ({
          kind: Kind.put,
          key: keyOf(i),
          value: valueOf(i, 20),
        });
        await runAll(session, most, keys, put, (i, how) => requireOk("put", i, how));
        // Every second one is not there.
        const get = (i: number) => ({
          kind: Kind.get,
          key: i % 2 === 0 ? keyOf(i) : bytesOf(`none ${i}`),
          capacity: 200,
        });
        await runAll(session, most, keys, get, (i, how) => {
          if (i % 2 === 1) {
            if (how.result === Code.absent) return;
            throw new CheckError(`the get ${i} of an absent key ended with ${how.result}`);
          }
          requireOk("get", i, how);
          requireBytes(keyOf(i), how.bytes, valueOf(i, 20));
        });
        const drop = (i: number) => ({ kind: Kind.delete, key: keyOf(i) });
        await runAll(session, most, 10, drop, (i, how) => requireOk("delete", i, how));
        for (let i = 0; i < 10; i++) {
          if (session.value(keyOf(i)) !== undefined) {
            throw new CheckError("a key whose delete was reaped is got");
          }
        }
        return `${keys} puts and gets, at most ${most} in flight`;
      });
    },
  },

  "bytes are left alone once their operation is reaped, and when a session is closed": {
    core: true,
    run(place) {
      requireHas(place.library, "submit");
      return opened(place, async (session, database) => {
        const most = mostOf(place);
        const marked: (() => boolean)[] = [];
        const put = (i: number) => ({ kind: Kind.put, key: keyOf(i), value: valueOf(i, 21) });
        // What was reaped is overwritten at once.
        await runAll(session, most, most * 2, put, (i, how) => requireOk("put", i, how));
        const get = (i: number) => ({ kind: Kind.get, key: keyOf(i), capacity: 200 });
        await runAll(session, most, most * 2, get, (i, how) => {
          requireOk("get", i, how);
          requireBytes(keyOf(i), how.bytes, valueOf(i, 21));
          marked.push(how.mark());
        });
        const other = database.session();
        const under = Array.from({ length: most }, (_, i) => other.handIn({ ...get(i), ticket: i }))
          .length;
        other.close();
        const closed = other.markAll();
        await soon(LATE_MS);
        if (!marked.every((isUntouched) => isUntouched())) {
          throw new CheckError("a buffer is written into after its get was reaped");
        }
        if (!closed()) {
          throw new CheckError(
            `a buffer is written into after its session was closed with ${under} gets in flight`,
          );
        }
      });
    },
  },

  "what fails in flight says so for itself, with a text": {
    core: true,
    run(place) {
      requireHas(place.library, "submit");
      return opened(place, async (session) => {
        session.put(bytesOf("there"), valueOf(1, 22, 100));
        const key = bytesOf("there");
        const handed: Omit<HandedIn, "ticket">[] = [
          { kind: Kind.get, key, capacity: 10 },
          { kind: 99, key },
          { kind: Kind.get, key, capacity: 100 },
        ];
        const ends: Ended[] = [];
        await runAll(session, 1, 3, (i) => handed[i]!, (i, how) => {
          ends[i] = how;
          if (how.result < Code.tooSmall && how.error === "") {
            throw new CheckError(`an operation ended with ${how.result} without a text`);
          }
        });
        const [small, odd, right] = ends;
        if (small!.result !== Code.tooSmall || small!.length !== 100) {
          const { result, length } = small!;
          throw new CheckError(
            `a get of 100 bytes into 10 ended with ${result} and the length ${length}`,
          );
        }
        if (odd!.result >= Code.ok) {
          throw new CheckError("an operation of an unknown kind was done");
        }
        requireOk("get", 2, right!);
        if (!sameBytes(right!.bytes, valueOf(1, 22, 100))) {
          throw new CheckError("a get after one that failed has other bytes");
        }
      });
    },
  },

  "a reap waits no longer than it is told": {
    core: true,
    seconds: 5,
    run(place) {
      requireHas(place.library, "submit");
      return opened(place, (session) => {
        for (const waitMs of [0, 20]) {
          const begun = performance.now();
          const ended = session.reap(waitMs * 1e6);
          const took = performance.now() - begun;
          if (ended.length > 0) {
            throw new CheckError("something is reaped where nothing is in flight");
          }
          // A machine that is busy takes its time, too.
          if (took > waitMs + 1000) {
            throw new CheckError(`a reap that may wait ${waitMs} ms took ${Math.round(took)} ms`);
          }
        }
      });
    },
  },
};
