/** How long a thread was ready to run and had no processor. */
import { openKernelNumber } from "./kernel_number.ts";

/** The kernel's count of a thread's waiting, of the thread that opened it. */
export interface RunQueue extends Disposable {
  /** What the thread has waited for a processor since it began, ns. It takes some two µs to read. */
  waited(): number;
}

/** Opens this thread's count. @returns `undefined` where the kernel has none. */
export function openRunQueue(): RunQueue | undefined {
  const number = openKernelNumber("/proc/thread-self/schedstat", 1);
  return number && {
    waited: () => number.read(),
    [Symbol.dispose]: () => number[Symbol.dispose](),
  };
}
