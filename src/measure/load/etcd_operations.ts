/**
 * What a client does by etcd's requests. Each operation checks what the store answers: a wrong answer
 * ends the load. Some are not timed from their begin, but from a put's end or a lease's, and say so.
 */
import { type EtcdApi, type KeyChange, type KeyVersion, Slice } from "../../store/mod.ts";
import { Random } from "../../stats/mod.ts";
import { type ClientGroup, LOAD_CODES } from "../../workload/mod.ts";
import type { Clock } from "../../native/mod.ts";
import { type ClientParts, LostKeyError } from "./client.ts";
import { Place } from "./memory.ts";

/** A store answered what cannot be. */
export class WrongAnswerError extends Error {
  override name = "WrongAnswerError";
}

/** What the clients of a load know together of the store's revisions. */
export class Revisions {
  /** The first that is read. */
  #floor: number;
  /** The last that was compacted, or is being so. */
  #compacted: number;

  /** @param first The newest as the load begins, up to which a store may have been compacted already. */
  constructor(first: number) {
    this.#floor = first;
    this.#compacted = first;
  }

  /** A revision that is there, down from the newest, as likely as any. */
  draw(newest: number, random: Random): number {
    const span = Math.max(0, newest - this.#floor) + 1;
    return Math.min(newest, this.#floor + Math.floor(random.uniform() * span));
  }

  /**
   * The next revision to compact, `undefined` where there is none yet: the one below which nobody begins
   * to read since the last compaction, so that no read under way is cut off.
   */
  next(newest: number): number | undefined {
    const revision = this.#floor;
    this.#floor = newest;
    if (revision <= this.#compacted) return undefined;
    return this.#compacted = revision;
  }
}

/** The operations of one client. */
export class EtcdOperations {
  readonly #api: EtcdApi;
  readonly #parts: ClientParts;
  readonly #group: ClientGroup;
  readonly #revisions: Revisions;
  readonly #random: Random;
  /** A key that no other client has. */
  readonly #own: Slice;
  readonly #watchers: Watcher[] = [];

  /** @param number The client's place among all. @param seed Of its draws. */
  constructor(
    api: EtcdApi,
    parts: ClientParts,
    group: ClientGroup,
    revisions: Revisions,
    number: number,
    seed: number,
  ) {
    this.#api = api;
    this.#parts = parts;
    this.#group = group;
    this.#revisions = revisions;
    this.#random = new Random(seed);
    this.#own = Slice.fromText(`client-${number}`);
  }

  /**
   * Does an operation.
   *
   * @param key The one that was drawn.
   * @returns The moment from which it is timed, ns of the clock; 0 where that is its begin.
   * @throws {WrongAnswerError | LostKeyError} Where the answer is wrong.
   */
  async do(code: number, key: Slice, value: Slice): Promise<number> {
    switch (code) {
      case LOAD_CODES.compareAndSwap:
        await this.#compareAndSwap(key, value);
        return 0;
      case LOAD_CODES.readOld:
        await this.#readOld(key);
        return 0;
      case LOAD_CODES.watch:
        return await this.#watch(value);
      case LOAD_CODES.expireLease:
        return await this.#expireLease(value);
      default:
        return await this.#compactHistory(value);
    }
  }

  /** Ends its watches. */
  close(): void {
    for (const watcher of this.#watchers) watcher.cancel();
  }

  get #clock(): Clock {
    return this.#parts.clock;
  }

  /** Counts a read, of a key that must be there unless somebody deletes. */
  #found(found: KeyVersion | undefined, key: Slice): found is KeyVersion {
    const { stream, memory: { numbers } } = this.#parts;
    numbers[Place.keysRead]!++;
    if (found !== undefined) numbers[Place.bytesRead]! += found.bytes;
    else if (stream.mayMiss) numbers[Place.missed]!++;
    else throw new LostKeyError(key);
    return found !== undefined;
  }

  #putBytes(key: Slice, value: Slice): void {
    this.#parts.memory.numbers[Place.bytesPut]! += key.length + value.length;
  }

  async #compareAndSwap(key: Slice, value: Slice): Promise<void> {
    // Other clients' draws are written to their own slices.
    const before = await this.#api.read(key, 0);
    if (!this.#found(before, key)) return;
    const { succeeded, modRevision } = await this.#api.swap(key, before.modRevision, value);
    if (succeeded && modRevision <= before.modRevision) {
      throw new WrongAnswerError(
        `Cannot swap: the put has revision ${modRevision}, and what was there ${before.modRevision}`,
      );
    }
    if (succeeded) return this.#putBytes(key, value);
    if (modRevision === before.modRevision) {
      throw new WrongAnswerError(
        `Cannot swap: it was refused, and the key is still of revision ${modRevision}`,
      );
    }
    this.#parts.memory.numbers[Place.conflicts]!++;
  }

  async #readOld(key: Slice): Promise<void> {
    const revision = this.#revisions.draw(this.#api.revision, this.#random);
    const found = await this.#api.read(key, revision);
    if (this.#found(found, key) && found.modRevision > revision) {
      throw new WrongAnswerError(
        `Cannot read at revision ${revision}: the answer is of ${found.modRevision}`,
      );
    }
  }

  async #watch(value: Slice): Promise<number> {
    await this.#haveWatchers(this.#group.watchers ?? 1);
    const told = this.#watchers.map((watcher) => watcher.next());
    const revision = await this.#api.put(this.#own, value);
    const committed = this.#clock.now();
    this.#putBytes(this.#own, value);
    for (const change of await Promise.all(told)) {
      if (change.kind === "put" && change.modRevision === revision) continue;
      throw new WrongAnswerError(
        `Cannot watch: a put of revision ${revision} was told as a ${change.kind} of ${change.modRevision}`,
      );
    }
    return committed;
  }

  async #expireLease(value: Slice): Promise<number> {
    await this.#haveWatchers(1);
    const [watcher] = this.#watchers as [Watcher];
    const asked = this.#clock.now();
    const { id, seconds } = await this.#api.grant(this.#group.leaseSeconds ?? 2);
    const due = this.#clock.now() + seconds * 1e9;
    const put = watcher.next();
    await this.#api.put(this.#own, value, id);
    this.#putBytes(this.#own, value);
    await put;
    const change = await watcher.next();
    const gone = this.#clock.now();
    if (change.kind !== "delete" || gone < asked + seconds * 1e9) {
      const after = ((gone - asked) / 1e9).toFixed(3);
      throw new WrongAnswerError(
        `Cannot have a lease of ${seconds} s: its key had a ${change.kind} after ${after} s`,
      );
    }
    return Math.min(due, gone);
  }

  async #compactHistory(value: Slice): Promise<number> {
    for (;;) {
      // There is something to drop then, however often it is asked for.
      await this.#api.put(this.#own, value);
      this.#putBytes(this.#own, value);
      const begun = this.#clock.now();
      const revision = this.#revisions.next(this.#api.revision);
      if (revision === undefined) continue;
      await this.#api.compact(revision);
      return begun;
    }
  }

  async #haveWatchers(count: number): Promise<void> {
    while (this.#watchers.length < count) {
      const watcher = new Watcher();
      await watcher.begin(this.#api, this.#own);
      this.#watchers.push(watcher);
    }
  }
}

/** A watch that is waited for, change by change. */
class Watcher {
  #told: KeyChange[] = [];
  #waiting: PromiseWithResolvers<KeyChange> | undefined;
  #failure: Error | undefined;
  #end: () => void = () => {};

  async begin(api: EtcdApi, key: Slice): Promise<void> {
    const tell = (change: KeyChange) => {
      const waiting = this.#waiting;
      this.#waiting = undefined;
      if (waiting === undefined) this.#told.push(change);
      else waiting.resolve(change);
    };
    this.#end = await api.watch(key, tell, (error) => {
      this.#failure = error;
      this.#waiting?.reject(error);
    });
  }

  /** The next change that was not taken yet. */
  next(): Promise<KeyChange> {
    const change = this.#told.shift();
    if (change !== undefined) return Promise.resolve(change);
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    this.#waiting = Promise.withResolvers();
    // Whoever waits for several sees the first that fails.
    this.#waiting.promise.catch(() => {});
    return this.#waiting.promise;
  }

  cancel(): void {
    this.#end();
  }
}
