/** For tests: whether the bytes of listings are the instructions beside them, by objdump. */
import assert from "node:assert/strict";
import { run } from "../../_testing/child.ts";
import { bytesOfListing, type Listings } from "../mod.ts";

/** What disassembles a processor's code. */
const JUDGES = {
  x86_64: { command: "objdump", architecture: "i386:x86-64" },
  aarch64: { command: "aarch64-linux-gnu-objdump", architecture: "aarch64" },
} as const;
type Machine = keyof typeof JUDGES;

/** The instructions as objdump reads them; `undefined` where it is not installed. */
async function disassembled(code: Uint8Array, machine: Machine): Promise<string[] | undefined> {
  const { command, architecture } = JUDGES[machine];
  const file = await Deno.makeTempFile({ prefix: "tidemark-code-" });
  try {
    await Deno.writeFile(file, code);
    const options = [
      "--disassemble-all",
      "--wide",
      "--target=binary",
      `--architecture=${architecture}`,
    ];
    const { out } = await run(command, [...options, file]);
    return out.split("\n")
      .map((line) => line.split("\t"))
      .filter(({ length }) => length >= 3)
      .map(([, bytes, ...instruction]) => line(`${bytes}  ${instruction.join(" ")}`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  } finally {
    await Deno.remove(file);
  }
}

/** Words with one space between them, without objdump's remarks. */
function line(text: string): string {
  return text.replace(/\/\/.*/, "").trim().replace(/\s+/g, " ");
}

/** A test for each listing and each kind of processor. @param named The listings by their names. */
export async function testListings(named: Record<string, Listings>): Promise<void> {
  for (const machine of Object.keys(JUDGES) as Machine[]) {
    const absent = await disassembled(new Uint8Array(4), machine) === undefined;
    for (const [name, listings] of Object.entries(named)) {
      Deno.test({
        name: `the bytes of ${name} for ${machine} are the instructions beside them` +
          (absent ? ` (skipped: ${JUDGES[machine].command} is not installed)` : ""),
        timeout: 300_000,
        ignore: absent,
        async fn() {
          const written = listings[machine].trim().split("\n").map(line);
          assert.deepEqual(await disassembled(bytesOfListing(listings[machine]), machine), written);
        },
      });
    }
  }
}
