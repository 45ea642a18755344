/** How long a thread was ready to run and had no processor. */
import { openLibc } from "./libc.ts";

const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  pread: { parameters: ["i32", "buffer", "u64", "i64"], result: "i64" },
  close: { parameters: ["i32"], result: "i32" },
} as const;

/** Digits and spaces of the file: three numbers. */
const MOST_BYTES = 96;

const SPACE = 32;
const ZERO = 48;

/** The kernel's count of a thread's waiting, of the thread that opened it. */
export interface RunQueue extends Disposable {
  /** What the thread has waited for a processor since it began, ns. It takes some two µs to read. */
  waited(): number;
}

/** Opens this thread's count. @returns `undefined` where the kernel has none. */
export function openRunQueue(): RunQueue | undefined {
  if (Deno.build.os !== "linux") return undefined;
  const { symbols } = openLibc(SYMBOLS);
  const path = new TextEncoder().encode("/proc/thread-self/schedstat\0");
  const file = symbols.open(path, 0);
  if (file < 0) return undefined;
  const bytes = new Uint8Array(MOST_BYTES);
  const queue: RunQueue = {
    waited() {
      const length = Number(symbols.pread(file, bytes, BigInt(MOST_BYTES), 0n));
      return secondNumber(bytes, length);
    },
    [Symbol.dispose]: () => void symbols.close(file),
  };
  if (queue.waited() >= 0) return queue;
  queue[Symbol.dispose]();
  return undefined;
}

/** The second of the numbers in a text; -1 where there is none. */
export function secondNumber(bytes: Uint8Array, length: number): number {
  let at = 0;
  while (at < length && bytes[at] !== SPACE) at++;
  at++;
  if (!(bytes[at]! >= ZERO && at < length)) return -1;
  let number = 0;
  for (; at < length && bytes[at]! >= ZERO; at++) number = 10 * number + bytes[at]! - ZERO;
  return number;
}
