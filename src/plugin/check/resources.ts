/** What the process has: what a plug-in does not give back is seen in it. */
import { listKernelFolder, openLibc, readKernelFile } from "../../native/mod.ts";

/** What a process has. */
interface Resources {
  /** Memory that was asked of the C library and not given back, bytes; 0 where it does not say. */
  allocated: number;
  /** Memory that is resident, bytes. */
  resident: number;
  /** Open files. */
  files: number;
  threads: number;
}

/** `struct mallinfo2`: ten sizes, of which these are blocks by mmap, and blocks in use. */
const MALLINFO = { struct: new Array<"usize">(10).fill("usize") } as const;
const MAPPED = 4;
const USED = 7;

/** How often what JavaScript leaves is collected before it is looked, and how long that may take, ms. */
const COLLECTIONS = 3;
const COLLECTING_MS = 50;

/** What this process has, once nothing of JavaScript's is left to be collected. */
export function resources(): Resources {
  for (let time = 0; time < COLLECTIONS; time++) {
    // By a flag of the check's process. What buffers had is given back by another thread afterwards.
    (globalThis as { gc?: () => void }).gc?.();
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, COLLECTING_MS);
  }
  const status = readKernelFile("/proc/self/status") ?? "";
  const number = (name: string) =>
    Number(new RegExp(`^${name}:\\s*(\\d+)`, "m").exec(status)?.[1] ?? 0);
  return {
    allocated: allocated(),
    resident: number("RssAnon") * 1024,
    files: listKernelFolder("/proc/self/fd")?.length ?? 0,
    threads: number("Threads"),
  };
}

/** glibc's own count (2.33 and newer), of all its arenas. */
function allocated(): number {
  let libc;
  try {
    libc = openLibc({ mallinfo2: { parameters: [], result: MALLINFO } });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return 0;
  }
  const bytes = libc.symbols.mallinfo2();
  const sizes = new BigUint64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8);
  return Number(sizes[MAPPED]! + sizes[USED]!);
}
