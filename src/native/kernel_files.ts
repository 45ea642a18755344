/**
 * Reads what the Linux kernel tells in `/proc` and `/sys`.
 *
 * Deno keeps these behind `--allow-all`, whatever is allowed to be read. That is far more than is
 * needed; loading a library is what the stores need anyway, and the C library reads files.
 */
import { openLibc } from "./libc.ts";

const SYMBOLS = {
  open: { parameters: ["buffer", "i32"], result: "i32" },
  read: { parameters: ["i32", "buffer", "u64"], result: "i64" },
  close: { parameters: ["i32"], result: "i32" },
  opendir: { parameters: ["buffer"], result: "pointer" },
  readdir: { parameters: ["pointer"], result: "pointer" },
  closedir: { parameters: ["pointer"], result: "i32" },
} as const;

/** Where a name begins in `struct dirent` on 64-bit Linux, in glibc and musl alike. */
const NAME_OFFSET = 19;

let library: Deno.DynamicLibrary<typeof SYMBOLS> | undefined;

function libc(): Deno.DynamicLibrary<typeof SYMBOLS>["symbols"] {
  return (library ??= openLibc(SYMBOLS)).symbols;
}

/** What is read at a time, bytes. */
const CHUNK_BYTES = 64 * 1024;
/** Where it is read to: loads look 50 times a second what the kernel tells. */
let chunk: Uint8Array<ArrayBuffer> | undefined;

/** Whether a path is one of those that only this module can read. */
export function isKernelPath(path: string): boolean {
  return Deno.build.os === "linux" && /^\/(proc|sys)(\/|$)/.test(path);
}

/**
 * The text of a file.
 *
 * @returns `null` where it cannot be opened or read.
 */
export function readKernelFile(path: string): string | null {
  const file = libc().open(cString(path), 0);
  if (file < 0) return null;
  chunk ??= new Uint8Array(new ArrayBuffer(CHUNK_BYTES));
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const count = Number(libc().read(file, chunk, BigInt(chunk.length)));
      if (count < 0) return null;
      if (count === 0) return text + decoder.decode();
      text += decoder.decode(chunk.subarray(0, count), { stream: true });
    }
  } finally {
    libc().close(file);
  }
}

/**
 * The names in a folder, without `.` and `..`, sorted.
 *
 * @returns `null` where it cannot be opened.
 */
export function listKernelFolder(path: string): string[] | null {
  const folder = libc().opendir(cString(path));
  if (folder === null) return null;
  const names: string[] = [];
  for (let entry = libc().readdir(folder); entry !== null; entry = libc().readdir(folder)) {
    const name = Deno.UnsafePointerView.getCString(entry, NAME_OFFSET);
    if (name !== "." && name !== "..") names.push(name);
  }
  libc().closedir(folder);
  return names.sort();
}

/** Text as the C library takes it. */
export function cString(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text + "\0");
}
