/** The system's monotonic clock. */
import { openLibc } from "./libc.ts";

/** A clock that never goes back. */
export interface Clock {
  /** Nanoseconds since some moment before the clock was made; exact for a hundred days. */
  now(): number;
}

/** The system's clock from one of its seconds on. */
export interface SystemClock extends Clock {
  /** The second that is its 0. */
  readonly origin: number;
}

/** CLOCK_MONOTONIC's number. */
const CLOCK_MONOTONIC = Deno.build.os === "darwin" ? 6 : 1;
/** CLOCK_THREAD_CPUTIME_ID's number. */
const CLOCK_THREAD_CPUTIME = Deno.build.os === "darwin" ? 16 : 3;

/** CLOCK_PROCESS_CPUTIME_ID's number. */
const CLOCK_PROCESS_CPUTIME = Deno.build.os === "darwin" ? 12 : 2;

/**
 * What a clock stands at when it is made, s: beyond what V8 takes for a small integer from its first reading
 * on. Code that is compiled while readings are smaller is thrown away, and compiled again, as they grow.
 */
const MADE_AT = 10;

const SYMBOLS = {
  clock_gettime: { parameters: ["i32", "pointer"], result: "i32" },
} as const;

/**
 * The system's monotonic clock, or another one of its clocks, read by `clock_gettime`: a third of the cost of
 * `performance.now()`, whose steps of 100 ns are too coarse for one read from memory.
 *
 * @param origin Seconds of the system's clock that are its 0, for threads that are to agree on the time.
 * @default ten seconds before it is made
 * @param id The clock's number.
 * @throws {Error} Where there is no C library.
 */
export function monotonicClock(origin?: number, id = CLOCK_MONOTONIC): SystemClock {
  const { symbols } = openLibc(SYMBOLS);
  // struct timespec: seconds and nanoseconds, 64 bits each, little-endian.
  const words = new Uint32Array(new ArrayBuffer(16));
  const pointer = Deno.UnsafePointer.of(words)!;
  symbols.clock_gettime(id, pointer);
  const base = origin ?? words[0]! - MADE_AT;
  return {
    origin: base,
    now() {
      symbols.clock_gettime(id, pointer);
      // Without the high words no bigint is made; the seconds' low word lasts 136 years.
      return (words[0]! - base) * 1e9 + words[2]!;
    },
  };
}

/** A clock as machine code reads it. */
export interface NativeClock {
  /** Address of a function as `clock_gettime`. */
  readonly code: bigint;
  /** The clock's number. */
  readonly id: number;
}

/** The system's monotonic clock for machine code. @throws {Error} Where there is no C library. */
export function nativeClock(): NativeClock {
  const { symbols } = openLibc({ clock_gettime: { type: "pointer" } });
  return { code: Deno.UnsafePointer.value(symbols.clock_gettime), id: CLOCK_MONOTONIC };
}

/**
 * The processor time of the thread that makes it, from ten seconds on.
 *
 * @throws {Error} Where there is no C library.
 */
export function threadClock(): Clock {
  return monotonicClock(-MADE_AT, CLOCK_THREAD_CPUTIME);
}

/** The processor time of this process, user and system. @throws {Error} Where there is no C library. */
export function processClock(): Clock {
  return monotonicClock(0, CLOCK_PROCESS_CPUTIME);
}
