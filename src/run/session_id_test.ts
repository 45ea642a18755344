import assert from "node:assert/strict";
import { sessionId, suiteWord } from "./session_id.ts";

const words: [suite: string, word: string][] = [
  ["baseline", "baseline"],
  ["suites/mine.ts", "mine"],
  ["/home/me/my suite.v2.ts", "my-suite-v2"],
  ["../..", "--"],
];
Deno.test.each(words)("suiteWord() makes of %s a part of a file's name: %s", (suite, word) => {
  assert.equal(suiteWord(suite), word);
});

Deno.test("sessionId() sorts by time, and differs although all else is the same", () => {
  const at = new Date("2026-11-22T01:02:03.456Z");
  const [first, second] = [sessionId("suites/mine.ts", at), sessionId("suites/mine.ts", at)];
  assert.match(first, /^2026-11-22T010203Z-mine-[0-9a-f]{4}$/);
  assert.notEqual(first, second);
});
