import assert from "node:assert/strict";
import fc from "fast-check";
import { run } from "../_testing/child.ts";
import { FUNCTION_NAME, sharedObject } from "./shared_object.ts";

/** What `readelf` makes of a file; `undefined` where it is not installed. */
async function judged(bytes: Uint8Array): Promise<string | undefined> {
  const file = await Deno.makeTempFile({ prefix: "tidemark-elf-", suffix: ".so" });
  try {
    await Deno.writeFile(file, bytes);
    const args = ["--all", "--use-dynamic", "--dyn-syms", "--wide", file];
    const { code, out, err } = await run("readelf", args);
    assert.equal(err, "");
    assert.equal(code, 0);
    return out;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  } finally {
    await Deno.remove(file);
  }
}

const absent = await judged(sharedObject(Uint8Array.of(0xc3), "x86_64")) === undefined;
const MACHINES = { x86_64: "Advanced Micro Devices X86-64", aarch64: "AArch64" } as const;

for (const [machine, called] of Object.entries(MACHINES)) {
  Deno.test({
    name: `readelf takes a shared object for ${machine} as one, of every size of code`,
    timeout: 300_000,
    ignore: absent,
    async fn() {
      const codes = fc.uint8Array({ minLength: 1, maxLength: 10_000 });
      await fc.assert(
        fc.asyncProperty(codes, async (code) => {
          const told = await judged(sharedObject(code, machine as keyof typeof MACHINES));
          assert.ok(told);
          assert.match(told, /Type: +DYN/);
          assert.match(told, new RegExp(`Machine: +${called}`));
          assert.match(told, new RegExp(` ${code.length} FUNC +GLOBAL .* ${FUNCTION_NAME}$`, "m"));
          // Nothing is both written and run; nor is the stack.
          assert.doesNotMatch(told, /\bRWE\b/);
          assert.match(told, /GNU_STACK .* RW /);
        }),
        { numRuns: 20 },
      );
    },
  });
}
