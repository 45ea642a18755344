/** Which pages of a file the kernel keeps in memory, and letting go of them. */
import { openLibc } from "./libc.ts";

/** Linux's calls, by glibc's and musl's names. */
const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  lseek: { parameters: ["i32", "i64", "i32"], result: "i64" },
  fsync: { parameters: ["i32"], result: "i32" },
  posix_fadvise: { parameters: ["i32", "i64", "i64", "i32"], result: "i32" },
  sysconf: { parameters: ["i32"], result: "i64" },
  syscall: { parameters: ["i64", "i32", "buffer", "buffer", "u32"], result: "i64" },
  mmap: { parameters: ["u64", "u64", "i32", "i32", "i32", "i64"], result: "u64" },
  munmap: { parameters: ["u64", "u64"], result: "i32" },
  mincore: { parameters: ["u64", "u64", "buffer"], result: "i32" },
} as const;

/** `cachestat`, the same number on every processor; since Linux 6.5. */
const CACHESTAT = 451n;
const SEEK_END = 2;
const PROT_READ = 1;
const MAP_SHARED = 1;
const MAP_FAILED = 2n ** 64n - 1n;
/** `POSIX_FADV_DONTNEED`. */
const DONT_NEED = 4;
/** `_SC_PAGESIZE`. */
const PAGE_SIZE = 30;

/** How the kernel is asked. */
export type PageCacheCall = "cachestat" | "mincore";

/** What of a file is in the page cache. */
export interface CachedFile {
  bytes: number;
  cachedBytes: number;
}

/** Asks for files' pages. */
export interface PageCache {
  readonly call: PageCacheCall;
  /** What of a file is cached; `undefined` where it cannot be opened or asked about. */
  of(path: string): CachedFile | undefined;
  /**
   * Writes a file to its device and lets the kernel forget its pages; it may keep those that somebody
   * has mapped.
   *
   * @returns False where it cannot be opened, or the kernel refuses.
   */
  drop(path: string): boolean;
}

/**
 * The page cache, by the call that this kernel has.
 *
 * @param calls Those that are tried, in order.
 * @returns `undefined` where it has none of them.
 */
export function openPageCache(
  calls: readonly PageCacheCall[] = ["cachestat", "mincore"],
): PageCache | undefined {
  if (Deno.build.os !== "linux") return undefined;
  const { symbols } = openLibc(SYMBOLS);
  const pageBytes = Number(symbols.sysconf(PAGE_SIZE));
  const withFile = <T>(path: string, use: (file: number, bytes: number) => T): T | undefined => {
    const file = symbols.open(new TextEncoder().encode(path + "\0"), 0);
    if (file < 0) return undefined;
    try {
      return use(file, Number(symbols.lseek(file, 0n, SEEK_END)));
    } finally {
      symbols.close(file);
    }
  };
  const asks: Record<PageCacheCall, (file: number, bytes: number) => number | undefined> = {
    cachestat(file) {
      // Offset and length: to the file's end.
      const range = new BigUint64Array(2);
      const counts = new BigUint64Array(5);
      const failed = symbols.syscall(CACHESTAT, file, range, counts, 0);
      return failed === 0n ? Number(counts[0]) * pageBytes : undefined;
    },
    mincore(file, bytes) {
      if (bytes === 0) return 0;
      const length = BigInt(bytes);
      const address = symbols.mmap(0n, length, PROT_READ, MAP_SHARED, file, 0n);
      if (address === MAP_FAILED) return undefined;
      const pages = new Uint8Array(Math.ceil(bytes / pageBytes));
      const failed = symbols.mincore(address, length, pages);
      symbols.munmap(address, length);
      return failed === 0
        ? pages.reduce((sum, page) => sum + (page & 1), 0) * pageBytes
        : undefined;
    },
  };
  const call = calls.find((call) =>
    withFile("/proc/self/exe", (file, bytes) => asks[call](file, bytes)) !== undefined
  );
  if (call === undefined) return undefined;
  return {
    call,
    of: (path) =>
      withFile(path, (file, bytes) => {
        const cached = asks[call](file, bytes);
        // The last page is counted whole.
        return cached === undefined ? undefined : { bytes, cachedBytes: Math.min(bytes, cached) };
      }),
    drop: (path) =>
      withFile(path, (file) => {
        // What is not on the device yet is kept.
        const written = symbols.fsync(file) === 0;
        return symbols.posix_fadvise(file, 0n, 0n, DONT_NEED) === 0 && written;
      }) ?? false,
  };
}
