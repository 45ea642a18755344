/**
 * Instructions as valgrind's callgrind counts them: each of this thread's between two places, outside the
 * kernel, whatever else the machine does. It takes some fifty times as long as the processor does.
 */
import { type Listings, loadMachineCode, type NativeSequence } from "./machine_code.ts";
import type { Witness } from "./witness.ts";

/** Where valgrind is looked for: the places that a task may run it from. */
export const VALGRIND_PLACES = [
  "/usr/bin/valgrind",
  "/usr/local/bin/valgrind",
  "/run/current-system/sw/bin/valgrind",
] as const;

/**
 * What valgrind is told, before the program and its arguments. Nothing is counted before
 * {@linkcode callgrindWitness} begins to, so that a start takes seconds and not a minute.
 *
 * @param prefix Where it writes what it has counted: `PREFIX.1`, `PREFIX.2`, …
 */
export function callgrindArguments(prefix: string): string[] {
  return [
    "--quiet",
    "--tool=callgrind",
    "--vgdb=no",
    "--instr-atstart=no",
    "--collect-atstart=no",
    // A percent sign would stand for something.
    `--callgrind-out-file=${prefix.replaceAll("%", "%%")}`,
  ];
}

/**
 * A request to valgrind, whose six words the cells begin with; the seventh gets the answer, 0 outside of
 * valgrind. The rotations leave everything as it was, which is how valgrind.h marks a request.
 */
const REQUEST: Listings = {
  x86_64: `
    48 89 f8             mov    %rdi,%rax
    31 d2                xor    %edx,%edx
    48 c1 c7 03          rol    $0x3,%rdi
    48 c1 c7 0d          rol    $0xd,%rdi
    48 c1 c7 3d          rol    $0x3d,%rdi
    48 c1 c7 33          rol    $0x33,%rdi
    48 87 db             xchg   %rbx,%rbx
    48 89 57 30          mov    %rdx,0x30(%rdi)
    b8 01 00 00 00       mov    $0x1,%eax
    c3                   ret
  `,
  aarch64: `
    d503245f             bti    c
    aa0003e4             mov    x4, x0
    d2800003             mov    x3, #0x0
    93cc0d8c             ror    x12, x12, #3
    93cc358c             ror    x12, x12, #13
    93cccd8c             ror    x12, x12, #51
    93ccf58c             ror    x12, x12, #61
    aa0a014a             mov    x10, x10
    f9001803             str    x3, [x0, #48]
    52800020             mov    w0, #0x1
    d65f03c0             ret
  `,
};

/** valgrind.h: on how many valgrinds this runs. */
const RUNNING_ON_VALGRIND = 0x1001n;
/** callgrind.h: its requests begin with the letters CT. */
const CALLGRIND = 0x43540000n;
const DUMP_STATS = CALLGRIND;
const ZERO_STATS = CALLGRIND + 1n;
const TOGGLE_COLLECT = CALLGRIND + 2n;
const START_INSTRUMENTATION = CALLGRIND + 4n;

/**
 * A witness of this thread that counts instructions alone, where this process runs under callgrind.
 *
 * @param prefix As {@linkcode callgrindArguments} had it.
 * @throws {Error} Where it does not run under valgrind, or the system refuses the code.
 */
export function callgrindWitness(prefix: string): Witness {
  const request: NativeSequence = loadMachineCode(REQUEST);
  const cells = new BigUint64Array(new ArrayBuffer(7 * 8));
  const address = Deno.UnsafePointer.value(Deno.UnsafePointer.of(cells));
  const ask = (what: bigint) => {
    cells.fill(0n);
    cells[0] = what;
    request(address);
    return cells[6]!;
  };
  if (ask(RUNNING_ON_VALGRIND) === 0n) {
    throw new Error("Cannot count instructions: this process does not run under valgrind");
  }
  let dumps = 0;
  return {
    missing: {},
    begin() {
      // What comes before the first time runs faster without.
      if (dumps === 0) ask(START_INSTRUMENTATION);
      ask(ZERO_STATS);
      ask(TOGGLE_COLLECT);
    },
    end() {
      ask(TOGGLE_COLLECT);
      ask(DUMP_STATS);
      const dump = `${prefix}.${++dumps}`;
      const count = /^summary: (\d+)$/m.exec(Deno.readTextFileSync(dump))?.[1];
      if (count === undefined) throw new Error(`Cannot count instructions: ${dump} tells no sum`);
      return { instructions: Number(count) };
    },
  };
}
