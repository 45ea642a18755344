import assert from "node:assert/strict";
import { tell, writeText } from "./streams.ts";
import { UsageError } from "./usage_error.ts";

Deno.test("writeText() writes all when the system takes it in parts", () => {
  let written = "";
  const stream = {
    writeSync(bytes: Uint8Array) {
      written += new TextDecoder().decode(bytes.subarray(0, 3));
      return Math.min(3, bytes.length);
    },
  };
  writeText(stream, "a long line\n");
  assert.equal(written, "a long line\n");
});

const failing = (error: Error) => ({
  writeSync(): number {
    throw error;
  },
});

Deno.test("writeText() is content when nobody reads any more", () => {
  writeText(failing(new Deno.errors.BrokenPipe("closed")), "text");
});

Deno.test("writeText() says why when a text cannot be written", () => {
  const full = Object.assign(new Error("full"), { code: "ENOSPC" });
  assert.throws(
    () => writeText(failing(full), "text"),
    new UsageError("Cannot write the output: no space is left on the device; free some space"),
  );
});

Deno.test("tell() lets what the command came to stand when nobody can be told", () => {
  tell(failing(Object.assign(new Error("full"), { code: "ENOSPC" })), "text");
});
