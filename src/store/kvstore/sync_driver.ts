import type { SyncStore } from "../contract.ts";
import { KEY_FAMILY } from "./families.ts";
import { type Revision, TOMBSTONE_BYTES, writeRevision } from "./revision.ts";
import { Slice } from "../slice.ts";
import type { Entry, Program, ScanStep, Step, StepAnswer, Write } from "./steps.ts";

const NOTHING = new Uint8Array(0);

/** A slice with room for so many bytes: the one given, or a larger one. */
export function withRoom(slice: Slice, bytes: number): Slice {
  return bytes <= slice.bytes.length ? slice : new Slice(2 * bytes);
}

/** Runs programs over a store whose operations return when they are done. */
export class SyncDriver {
  readonly #engine: SyncStore;
  readonly #revisionKey = new Slice(TOMBSTONE_BYTES);
  #key = new Slice(256);
  #value = new Slice(4096);

  constructor(engine: SyncStore) {
    this.#engine = engine;
  }

  /** Runs a program to its end. An engine's error is thrown where the program waits for it. */
  run<T>(program: Program<T>): T {
    let state = program.next();
    while (!state.done) {
      let answer: StepAnswer;
      try {
        answer = this.#do(state.value);
      } catch (error) {
        state = program.throw(error);
        continue;
      }
      state = program.next(answer);
    }
    return state.value;
  }

  #do(step: Step): StepAnswer {
    switch (step.step) {
      case "read":
        return step.revisions.map((revision) => this.#read(revision));
      case "scan":
        return this.#scan(step);
      case "write":
        return this.#write(step.writes);
    }
  }

  #read({ main, sub }: Revision): Uint8Array | undefined {
    writeRevision(this.#revisionKey, main, sub, false);
    let length = this.#engine.get(this.#revisionKey, this.#value, KEY_FAMILY);
    if (length > this.#value.bytes.length) {
      this.#value = withRoom(this.#value, length);
      length = this.#engine.get(this.#revisionKey, this.#value, KEY_FAMILY);
    }
    return length < 0 ? undefined : this.#value.bytes.slice(0, length);
  }

  #scan({ family, from, to, limit, keysOnly }: ScanStep): Entry[] {
    const entries: Entry[] = [];
    const cursor = this.#engine.cursor({
      family,
      ...(from.length > 0 && { from: Slice.from(from) }),
      ...(to && { to: Slice.from(to) }),
    });
    try {
      while (entries.length < limit && cursor.next()) {
        this.#key = withRoom(this.#key, cursor.keyLength);
        cursor.readKey(this.#key);
        const key = this.#key.view().slice();
        if (keysOnly) {
          entries.push({ key, value: NOTHING });
          continue;
        }
        this.#value = withRoom(this.#value, cursor.valueLength);
        cursor.readValue(this.#value);
        entries.push({ key, value: this.#value.view().slice() });
      }
    } finally {
      cursor.close();
    }
    return entries;
  }

  #write(writes: readonly Write[]): undefined {
    if (writes.length === 1) {
      const { family, key, value } = writes[0]!;
      this.#fill(key, value);
      if (value === undefined) this.#engine.delete(this.#key, family);
      else this.#engine.put(this.#key, this.#value, family);
      return;
    }
    const batch = this.#engine.batch();
    try {
      for (const { family, key, value } of writes) {
        this.#fill(key, value);
        if (value === undefined) batch.delete(this.#key, family);
        else batch.put(this.#key, this.#value, family);
      }
      this.#engine.write(batch);
    } finally {
      batch.close();
    }
  }

  #fill(key: Uint8Array, value: Uint8Array | undefined): void {
    this.#key = withRoom(this.#key, key.length);
    this.#key.fill(key);
    if (value === undefined) return;
    this.#value = withRoom(this.#value, value.length);
    this.#value.fill(value);
  }
}
