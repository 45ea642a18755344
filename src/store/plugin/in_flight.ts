/** Operations that are handed in, and how they ended, as a plug-in's `submit` and `reap` have them. */
import { addressOf } from "../memory.ts";

/** 64-bit words of an operation: ticket, kind and family, key, its length, value, its length. */
const OPERATION = 6;
/** 64-bit words of a completion: ticket, length, when, error, result and nothing. */
const COMPLETION = 5;

/** An operation as it is handed in. Addresses and lengths are as native code takes them. */
export interface Handed {
  ticket: bigint;
  kind: number;
  family: number;
  key: bigint;
  keyLength: bigint;
  value: bigint;
  valueLength: bigint;
}

/** How an operation ended. */
export interface Completion {
  ticket: bigint;
  result: number;
  /** Of a get's value, bytes. */
  length: number;
  /** By the monotonic clock, ns; 0 where the plug-in does not know. */
  endedNs: bigint;
  /** For `tidemark_error`, until the next reap; 0 where nothing failed. */
  error: bigint;
}

/** Places for operations and for completions. */
export class InFlight {
  readonly #operations: BigUint64Array<ArrayBuffer>;
  readonly #completions: BigUint64Array<ArrayBuffer>;
  /** The same as 32-bit words, for results. */
  readonly #words: Int32Array;
  /** Where the operations are. */
  readonly operationsAddress: bigint;
  /** Where completions are written to. */
  readonly completionsAddress: bigint;

  /** @param room Operations, and completions, at a time. */
  constructor(room: number) {
    this.#operations = new BigUint64Array(new ArrayBuffer(8 * OPERATION * room));
    this.#completions = new BigUint64Array(new ArrayBuffer(8 * COMPLETION * room));
    this.#words = new Int32Array(this.#completions.buffer);
    this.operationsAddress = addressOf(this.#operations);
    this.completionsAddress = addressOf(this.#completions);
  }

  /** Puts an operation at a place. */
  set(place: number, handed: Handed): void {
    const words = this.#operations;
    const at = OPERATION * place;
    words[at] = handed.ticket;
    words[at + 1] = BigInt(handed.kind) | BigInt(handed.family) << 32n;
    words[at + 2] = handed.key;
    words[at + 3] = handed.keyLength;
    words[at + 4] = handed.value;
    words[at + 5] = handed.valueLength;
  }

  /** The completion at a place. */
  completion(place: number): Completion {
    const at = COMPLETION * place;
    const [ticket, length, endedNs, error] = this.#completions.subarray(at, at + 4);
    return {
      ticket: ticket!,
      length: Number(length),
      endedNs: endedNs!,
      error: error!,
      result: this.#words[2 * (at + 4)]!,
    };
  }
}
