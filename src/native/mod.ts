export { callgrindArguments, callgrindWitness, VALGRIND_PLACES } from "./callgrind.ts";
export {
  type Clock,
  monotonicClock,
  type NativeClock,
  nativeClock,
  processClock,
  type SystemClock,
  threadClock,
} from "./clock.ts";
export { isKernelPath, listKernelFolder, readKernelFile } from "./kernel_files.ts";
export { type KernelNumber, openKernelNumber } from "./kernel_number.ts";
export { openLibc } from "./libc.ts";
export { loaderReason } from "./loader_reason.ts";
export {
  bytesOfListing,
  type Listings,
  loadMachineCode,
  machineCodeAddress,
  makeEmptyCalls,
  type NativeSequence,
  runsMachineCode,
} from "./machine_code.ts";
export { joinMemoryGroup, makeMemoryGroup, type MemoryGroup } from "./memory_group.ts";
export { type Output, ownStdout } from "./own_stdout.ts";
export { openPageCache, type PageCache, type PageCacheCall } from "./page_cache.ts";
export { followParent } from "./parent.ts";
export { processorSeconds, TICKS_PER_SECOND } from "./processor_time.ts";
export { usedHeapBytes } from "./heap.ts";
export { openRunQueue, type RunQueue } from "./run_queue.ts";
export { type Counts, threadWitness, type Witness } from "./witness.ts";
