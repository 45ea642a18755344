/** What a plug-in's `events` tells. */
import type { EngineEvent, SyncStore } from "../contract.ts";
import { addressOf, keepAlive } from "../memory.ts";
import type { NativeSession } from "./native_session.ts";
import { EventKind, Handle } from "./symbols.ts";

/** 64-bit words of an event: begin, end, bytes, kind and nothing. */
const EVENT = 4;
/** Events that are taken in one call. */
const ROOM = 256;
/** The most that are taken at a time: one that tells events without an end is not waited for. */
const MOST = 1 << 16;
const LOW = 0xffff_ffffn;

/** Takes the events of a plug-in that tells them. Kinds that are not known are passed over. */
export function eventsBy(native: NativeSession): NonNullable<SyncStore["takeEvents"]> {
  return () => {
    const call = native.optional("statistics", "tidemark_events");
    const words = new BigUint64Array(new ArrayBuffer(8 * EVENT * ROOM));
    const taken: EngineEvent[] = [];
    for (let room = ROOM; room === ROOM && taken.length < MOST;) {
      const count = call(native.database, addressOf(words), BigInt(ROOM));
      if (count < 0) native.refuse("statistics", count, Handle.database);
      room = Math.min(count, ROOM);
      for (let at = 0; at < EVENT * room; at += EVENT) {
        const [begin, end, bytes, kind] = words.subarray(at, at + EVENT);
        const name = EventKind[Number(kind! & LOW)] as EngineEvent["kind"] | undefined;
        if (name === undefined) continue;
        taken.push({
          kind: name,
          beginNs: Number(begin),
          endNs: Number(end),
          bytes: Number(bytes),
        });
      }
    }
    keepAlive(words);
    return taken;
  };
}
