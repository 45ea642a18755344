import assert from "node:assert/strict";
import { complaintIn } from "./complaint.ts";

const entry = (fields: Record<string, unknown>) => JSON.stringify({ level: "fatal", ...fields });
const TRACE = "\ngoroutine 1 [running]:\nmain.main()\n\t/src/main.go:31 +0x28\n";

Deno.test("complaintIn() has the last entry of the log, whatever trace follows it", () => {
  const full = entry({ msg: "failed to create WAL", error: "no space left on device" });
  const said = "failed to create WAL: no space left on device";
  assert.equal(complaintIn(`${entry({ msg: "before" })}\n${full}\n`), said);
  assert.equal(complaintIn(full + TRACE), said);
  assert.equal(complaintIn(`${full}\npanic: failed to create WAL${TRACE}`), said);
  assert.equal(complaintIn(`${full}\npanic: another thing${TRACE}`), "another thing");
  assert.equal(complaintIn(`${entry({ level: "info", error: 7 })}\npanic: lost${TRACE}`), "lost");
});

Deno.test("complaintIn() has the last line of what has no log, and no more than is shown", () => {
  assert.equal(complaintIn("first\nlast\n"), "last");
  assert.equal(complaintIn("{no entry\n"), "{no entry");
  assert.equal(complaintIn(" \n"), "it ended without a word");
  assert.equal(complaintIn("x".repeat(1000)).length, 300);
});
