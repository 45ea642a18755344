/** The standard output of a process that loads somebody's native code. */
import { openLibc } from "./libc.ts";

const STDOUT = 1;
const STDERR = 2;
/** errno.h: a signal came in between. */
const EINTR = 4;

/** What takes bytes, as a file does. */
export type Output = Pick<Deno.FsFile, "writeSync">;

/**
 * Takes the standard output for the process's own lines, until it ends: what native code prints from
 * then on goes to the standard error. A library that prints half a line would tear a line of ours,
 * and one that closes descriptor 1 would have the next file that it opens there.
 *
 * @param stdout As the process has it, which stays where the system gives no other.
 * @returns What the process's own lines are to be written to.
 */
export function ownStdout(stdout: Output): Output {
  if (Deno.build.os === "windows") return stdout;
  const { symbols } = openLibc({
    dup: { parameters: ["i32"], result: "i32" },
    dup2: { parameters: ["i32", "i32"], result: "i32" },
    write: { parameters: ["i32", "buffer", "u64"], result: "i64" },
    errno: {
      name: Deno.build.os === "darwin" ? "__error" : "__errno_location",
      parameters: [],
      result: "pointer",
    },
  });
  const own = symbols.dup(STDOUT);
  if (own < 0) return stdout;
  symbols.dup2(STDERR, STDOUT);
  return {
    writeSync(bytes) {
      for (;;) {
        const written = symbols.write(own, bytes as Uint8Array<ArrayBuffer>, BigInt(bytes.length));
        if (written >= 0n) return Number(written);
        const place = symbols.errno();
        const number = place === null ? 0 : new Deno.UnsafePointerView(place).getInt32();
        if (number !== EINTR) throw new Error(`Cannot write a line: error ${number}`);
      }
    },
  };
}
