/** How a process stands to the one that started it. */
import { openLibc } from "./libc.ts";

/** `prctl`'s number for asking to be sent a signal when the parent ends (linux/prctl.h). */
const PR_SET_PDEATHSIG = 1;
const SIGKILL = 9;

/**
 * Leaves it to the parent when this process ends. Ctrl-C in a terminal goes to both, and the parent
 * decides what to keep; and where the parent is killed, nothing goes on measuring for nobody. A
 * loop over a synchronous store would notice neither by itself.
 */
export function followParent(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => {});
  // Elsewhere the process ends when its next line finds no reader.
  if (Deno.build.os !== "linux") return;
  const libc = openLibc({ prctl: { parameters: ["i32", "u64"], result: "i32" } });
  libc.symbols.prctl(PR_SET_PDEATHSIG, BigInt(SIGKILL));
}
