import assert from "node:assert/strict";
import { bytesOfListing } from "../../native/mod.ts";
import { POINT_READ_LISTING } from "./point_read.ts";
import { WALK_LISTING } from "./walk.ts";

/** The instructions as objdump reads them; `undefined` where it is not installed. */
async function disassembled(code: Uint8Array): Promise<string[] | undefined> {
  const file = await Deno.makeTempFile({ prefix: "tidemark-code-" });
  try {
    await Deno.writeFile(file, code);
    const { stdout } = await new Deno.Command("objdump", {
      args: ["--disassemble-all", "--target=binary", "--architecture=i386:x86-64", file],
    }).output();
    return new TextDecoder().decode(stdout).split("\n")
      .map((line) => line.split("\t"))
      .filter((columns) => columns.length === 3)
      .map(([, bytes, instruction]) => line(`${bytes!.trim()}  ${instruction!}`));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  } finally {
    await Deno.remove(file);
  }
}

/** Bytes and instruction, however far apart. */
function line(text: string): string {
  return text.trim().replace(/ {2,}/g, "  ");
}

const ignore = await disassembled(Uint8Array.of(0xc3)) === undefined;

for (const [name, listing] of Object.entries({ WALK_LISTING, POINT_READ_LISTING })) {
  Deno.test({
    name: `the bytes of ${name} are the instructions beside them`,
    ignore,
    async fn() {
      const written = listing.trim().split("\n").map(line);
      assert.deepEqual(await disassembled(bytesOfListing(listing)), written);
    },
  });
}
