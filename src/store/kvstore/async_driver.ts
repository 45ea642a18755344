import type { AsyncStore, GroupCommits } from "../contract.ts";
import { KEY_FAMILY } from "./families.ts";
import { type Revision, TOMBSTONE_BYTES, writeRevision } from "./revision.ts";
import { Slice } from "../slice.ts";
import type { Entry, Program, ScanStep, Step, StepAnswer, Write, WriteStep } from "./steps.ts";
import { withRoom } from "./sync_driver.ts";

/** What one read under way needs for itself. */
interface ReadSlices {
  readonly revisionKey: Slice;
  record: Slice;
}

/** Bytes of records after which a group takes no more transactions, as RocksDB's own does. */
const GROUP_BYTES = 1024 * 1024;

/** A program that writes, waiting for its turn. */
interface Turn {
  readonly program: () => Program<unknown>;
  /** Whether it is a transaction that may be written together with others. */
  readonly isGrouped: boolean;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** A transaction of a group; without a program it has ended, with nothing to write. */
interface Member {
  readonly turn: Turn;
  readonly program?: Program<unknown>;
  /** Tells whoever asked how it has ended. */
  settle(): void;
}

/**
 * Runs programs over a store whose operations end through promises. Programs that write run one
 * after the other, in the order in which they were asked for, as etcd applies its requests; those
 * that only read run beside them.
 *
 * Transactions that have gathered while a write was under way are a group: each runs in its turn and
 * builds on the one before, and the engine writes all of them with one batch, and so syncs its log
 * once. Nobody sees any of them before, and if the batch fails they all have.
 */
export class AsyncDriver {
  readonly #engine: AsyncStore;
  readonly #spare: ReadSlices[] = [];
  readonly #waiting: Turn[] = [];
  /** Whether a write is under way. */
  #isWriting = false;
  /** Transactions, and the writes that they had together. */
  readonly commits: GroupCommits = { transactions: 0, writes: 0 };
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

  /** Runs a program that writes, by itself, once those before it have ended. */
  write<T>(program: () => Program<T>): Promise<T> {
    return this.#enqueue(program, false);
  }

  /**
   * Runs a transaction once those before it have ended, or with them. It has one write step at most,
   * and reads nothing after it.
   */
  transact<T>(program: () => Program<T>): Promise<T> {
    return this.#enqueue(program, true);
  }

  #enqueue<T>(program: () => Program<T>, isGrouped: boolean): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({
        program,
        isGrouped,
        resolve: resolve as (value: unknown) => void,
        reject,
      });
      void this.#serve();
    });
  }

  /** Whether no write is under way or waiting, so that {@linkcode AsyncDriver.begin} may be called. */
  get isFree(): boolean {
    return !this.#isWriting && this.#waiting.length === 0;
  }

  /** Lets a write that has begun just now have its turn, since none was under way. */
  async begin(write: Promise<void>): Promise<void> {
    this.#isWriting = true;
    try {
      await write;
      this.commits.transactions++;
      this.commits.writes++;
    } finally {
      this.#isWriting = false;
      void this.#serve();
      this.#checkIdle();
    }
  }

  /** Gives those who wait their turns. */
  async #serve(): Promise<void> {
    if (this.#isWriting || this.#waiting.length === 0) return;
    this.#isWriting = true;
    // Who asks in the same breath is in the same group.
    await Promise.resolve();
    for (let turn = this.#waiting[0]; turn !== undefined; turn = this.#waiting[0]) {
      if (turn.isGrouped) await this.#writeGroup();
      else await this.#runAlone(this.#waiting.shift()!);
    }
    this.#isWriting = false;
    this.#checkIdle();
  }

  async #runAlone({ program, resolve, reject }: Turn): Promise<void> {
    try {
      resolve(await this.#run(program()));
    } catch (error) {
      reject(error);
    }
  }

  async #writeGroup(): Promise<void> {
    const members: Member[] = [];
    const writes: Write[] = [];
    let bytes = 0;
    while (this.#waiting[0]?.isGrouped && bytes < GROUP_BYTES) {
      const turn = this.#waiting.shift()!;
      const program = turn.program();
      try {
        const state = await this.#untilWrite(program, program.next());
        if (state.done) {
          members.push({ turn, settle: () => turn.resolve(state.value) });
          continue;
        }
        for (const write of state.value.writes) {
          writes.push(write);
          bytes += write.key.length + (write.value?.length ?? 0);
        }
        members.push({ turn, program, settle: () => this.#finish(turn, program) });
      } catch (error) {
        members.push({ turn, settle: () => turn.reject(error) });
      }
    }
    try {
      if (writes.length > 0) {
        await this.#write(writes);
        this.commits.transactions += members.filter(({ program }) => program !== undefined).length;
        this.commits.writes++;
      }
    } catch (error) {
      // Each builds on those before, so the last one is taken back first. One that had nothing to
      // write answered by what has failed now.
      for (const { turn, program } of members.toReversed()) takeBack(program, error, turn);
      return;
    }
    for (const { settle } of members) settle();
  }

  /** Lets a transaction that was written take note of it. */
  #finish(turn: Turn, program: Program<unknown>): void {
    try {
      const state = program.next();
      if (!state.done) throw new Error("Cannot go on with a transaction: it was written already");
      turn.resolve(state.value);
    } catch (error) {
      turn.reject(error);
    }
  }

  /** Runs a program up to its write, or to its end. */
  async #untilWrite<T>(
    program: Program<T>,
    begun: IteratorResult<Step, T>,
  ): Promise<IteratorYieldResult<WriteStep> | IteratorReturnResult<T>> {
    let state = begun;
    while (!state.done) {
      const step = state.value;
      if (step.step === "write") return { done: false, value: step };
      state = await this.#answer(program, step);
    }
    return state;
  }

  async #run<T>(program: Program<T>): Promise<T> {
    let state = program.next();
    while (!state.done) state = await this.#answer(program, state.value);
    return state.value;
  }

  /** Does a step, and lets the program go on; an engine's error is thrown where the program waits. */
  async #answer<T>(program: Program<T>, step: Step): Promise<IteratorResult<Step, T>> {
    let answer: StepAnswer;
    try {
      answer = await this.#do(step);
    } catch (error) {
      return program.throw(error);
    }
    return program.next(answer);
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
    this.#checkIdle();
  }

  #checkIdle(): void {
    if (this.#isIdle) this.#whenIdle?.();
  }

  get #isIdle(): boolean {
    return this.isFree && this.#reading === 0;
  }

  /** Resolves when nothing is under way any more. */
  async idle(): Promise<void> {
    while (!this.#isIdle) await new Promise<void>((resolve) => this.#whenIdle = resolve);
  }

  #do(step: Step): Promise<StepAnswer> {
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

/** Tells a transaction that its group could not be written, and whoever asked for it. */
function takeBack(program: Program<unknown> | undefined, error: unknown, turn: Turn): void {
  try {
    program?.throw(error);
  } catch {
    // It throws what it was given, once it has taken its changes back.
  }
  turn.reject(error);
}
