/** What the end-to-end tests expect of a process's words. */
import assert from "node:assert/strict";
import type { Ended } from "../../../_testing/child.ts";

/** The process was told off: one line that begins with `error:`, this code, and nothing on stdout. */
export function expectError({ code, out, err }: Ended, expected: number, line: RegExp): void {
  assert.equal(code, expected, err);
  assert.equal(out, "");
  assert.doesNotMatch(err, /^ +at |\.ts:\d+:\d+/m, "no stack trace");
  const errors = err.split("\n").filter((line) => line.startsWith("error: "));
  assert.equal(errors.length, 1, err);
  assert.match(errors[0]!, line);
  assert.match(errors[0]!, /^error: [A-Z].*[^.]$/);
  assert.equal(err.trimEnd().split("\n").at(-1), errors[0], "the error is the last that is said");
}
