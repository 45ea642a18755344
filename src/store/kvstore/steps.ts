/**
 * Programs: what a KvStore does, written once for both of its forms. A program is a generator that
 * yields each access to the engine as a step, and is given the step's result; it does no I/O
 * itself. One driver runs the steps at once over a SyncStore, the other awaits them over an
 * AsyncStore.
 */
import type { Revision } from "./revision.ts";

/** Reads records of puts by their revisions; answered by their bytes, in the same order. */
interface ReadStep {
  readonly step: "read";
  readonly revisions: readonly Revision[];
}

/** Walks a family in key order; answered by a list of entries. */
export interface ScanStep {
  readonly step: "scan";
  readonly family: number;
  /** First key, included. */
  readonly from: Uint8Array;
  /** Last key, excluded; absent: to the end. */
  readonly to?: Uint8Array;
  /** Entries at most. */
  readonly limit: number;
  /** Leave the values unread, and answer empty ones. */
  readonly keysOnly?: boolean;
}

/** An entry of a {@linkcode ScanStep}'s answer. */
export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** One operation of a {@linkcode WriteStep}; without a value it is a delete. */
export interface Write {
  readonly family: number;
  readonly key: Uint8Array;
  readonly value?: Uint8Array;
}

/** Writes operations in one batch, all or none. */
export interface WriteStep {
  readonly step: "write";
  readonly writes: readonly Write[];
}

/** An access to the engine. */
export type Step = ReadStep | ScanStep | WriteStep;

/** What a driver answers a step with; a record that is missing is `undefined`. */
export type StepAnswer = readonly (Uint8Array | undefined)[] | readonly Entry[] | undefined;

/** A generator that yields steps and ends with a result. */
export type Program<T> = Generator<Step, T, StepAnswer>;

/** Reads records by their revisions. */
export function* read(
  revisions: readonly Revision[],
): Program<readonly (Uint8Array | undefined)[]> {
  if (revisions.length === 0) return [];
  return (yield { step: "read", revisions }) as readonly (Uint8Array | undefined)[];
}

/** Walks a family. */
export function* scan(range: Omit<ScanStep, "step">): Program<readonly Entry[]> {
  return (yield { step: "scan", ...range }) as readonly Entry[];
}

/** Writes a batch. */
export function* write(writes: readonly Write[]): Program<void> {
  yield { step: "write", writes };
}

/** Walks a whole part of a family, some entries at a time. */
export function* scanAll(
  range: Omit<ScanStep, "step">,
  visit: (entries: readonly Entry[]) => Program<void>,
): Program<void> {
  let from = range.from;
  while (true) {
    const entries = yield* scan({ ...range, from });
    yield* visit(entries);
    if (entries.length < range.limit) return;
    // The next key in bytewise order is the last one with a zero byte behind it.
    const last = entries[entries.length - 1]!.key;
    from = new Uint8Array(last.length + 1);
    from.set(last);
  }
}
