import type { AsyncStore } from "../contract.ts";
import { KEY_FAMILY } from "./families.ts";
import { type Revision, TOMBSTONE_BYTES, writeRevision } from "./revision.ts";
import { Slice } from "../slice.ts";
import type { Answer, Entry, Program, ScanStep, Step, Write } from "./steps.ts";
import { withRoom } from "./sync_driver.ts";

/** What one read under way needs for itself. */
export interface ReadSlices {
  readonly revisionKey: Slice;
  record: Slice;
}

/**
 * Runs programs over a store whose operations end through promises. Programs that write run one
 * after the other, in the order in which they were asked for, as etcd applies its requests; those
 * that only read run beside them.
 */
export class AsyncDriver {
  readonly #engine: AsyncStore;
  readonly #spare: ReadSlices[] = [];
  #lastWriter: Promise<unknown> = Promise.resolve();
  /** Writes under way or waiting. */
  #writers = 0;
  #reading = 0;
  #whenIdle: (() => void) | undefined;

  constructor(engine: AsyncStore) {
    this.#engine = engine;
  }

  /** Runs a program that only reads. */
  async read<T>(program: Program<T>): Promise<T> {
    this.#reading++;
    try {
      return await this.#run(program);
    } finally {
      this.#ended();
    }
  }

  /** Runs a program that writes, once those before it have ended. */
  write<T>(program: () => Program<T>): Promise<T> {
    return this.#takeTurn(this.#lastWriter.then(() => this.#run(program())));
  }

  /** Whether no write is under way, so that {@linkcode AsyncDriver.begin} may be called. */
  get isFree(): boolean {
    return this.#writers === 0;
  }

  /** Lets a write that has begun just now have its turn, since none was under way. */
  begin(write: Promise<void>): Promise<void> {
    return this.#takeTurn(write);
  }

  async #takeTurn<T>(turn: Promise<T>): Promise<T> {
    this.#writers++;
    this.#lastWriter = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.#writers--;
    }
  }

  async #run<T>(program: Program<T>): Promise<T> {
    let state = program.next();
    while (!state.done) {
      let answer: Answer;
      try {
        answer = await this.#do(state.value);
      } catch (error) {
        state = program.throw(error);
        continue;
      }
      state = program.next(answer);
    }
    return state.value;
  }

  /**
   * Reads a record, and gives it to `use` at its place in a buffer.
   *
   * @param use Is given the record's length, −1 where there is none; what it returns is returned.
   */
  async record<T>(main: number, sub: number, use: (bytes: Uint8Array, length: number) => T) {
    const slices = this.#spare.pop() ??
      { revisionKey: new Slice(TOMBSTONE_BYTES), record: new Slice(4096) };
    this.#reading++;
    try {
      writeRevision(slices.revisionKey, main, sub, false);
      let length = await this.#engine.get(slices.revisionKey, slices.record, KEY_FAMILY);
      if (length > slices.record.bytes.length) {
        slices.record = withRoom(slices.record, length);
        length = await this.#engine.get(slices.revisionKey, slices.record, KEY_FAMILY);
      }
      return use(slices.record.bytes, length);
    } finally {
      this.#spare.push(slices);
      this.#ended();
    }
  }

  #ended(): void {
    this.#reading--;
    if (this.#reading === 0) this.#whenIdle?.();
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    await this.#lastWriter;
    if (this.#reading > 0) await new Promise<void>((resolve) => this.#whenIdle = resolve);
  }

  #do(step: Step): Promise<Answer> {
    switch (step.step) {
      case "read":
        return Promise.all(step.revisions.map((revision) => this.#read(revision)));
      case "scan":
        return this.#scan(step);
      case "write":
        return this.#write(step.writes);
    }
  }

  #read({ main, sub }: Revision): Promise<Uint8Array | undefined> {
    return this.record(
      main,
      sub,
      (bytes, length) => length < 0 ? undefined : bytes.slice(0, length),
    );
  }

  async #scan({ family, from, to, limit, keysOnly }: ScanStep): Promise<Entry[]> {
    const entries: Entry[] = [];
    let key = new Slice(256);
    let value = new Slice(4096);
    const cursor = this.#engine.cursor({
      family,
      ...(from.length > 0 && { from: Slice.from(from) }),
      ...(to && { to: Slice.from(to) }),
    });
    try {
      while (entries.length < limit && await cursor.next()) {
        key = withRoom(key, cursor.keyLength);
        cursor.readKey(key);
        value = withRoom(value, cursor.valueLength);
        if (keysOnly) value.length = 0;
        else cursor.readValue(value);
        entries.push({ key: key.view().slice(), value: value.view().slice() });
      }
    } finally {
      await cursor.close();
    }
    return entries;
  }

  async #write(writes: readonly Write[]): Promise<undefined> {
    if (writes.length === 1) {
      const { family, key, value } = writes[0]!;
      if (value === undefined) await this.#engine.delete(Slice.from(key), family);
      else await this.#engine.put(Slice.from(key), Slice.from(value), family);
      return;
    }
    const batch = this.#engine.batch();
    try {
      for (const { family, key, value } of writes) {
        if (value === undefined) batch.delete(Slice.from(key), family);
        else batch.put(Slice.from(key), Slice.from(value), family);
      }
      await this.#engine.write(batch);
    } finally {
      batch.close();
    }
  }
}
