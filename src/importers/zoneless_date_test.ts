import assert from "node:assert/strict";
import { utcOf } from "./zoneless_date.ts";

Deno.test("utcOf() reads ctime's form and ISO 8601 without a zone", () => {
  const cases: [text: string, expected: string | undefined][] = [
    ["Wed Jan 11 09:00:00 2023", "2023-01-11T09:00:00.000Z"],
    ["Sun Nov  2 23:09:42 2026", "2026-11-02T23:09:42.000Z"],
    ["2024-03-01T08:00:00", "2024-03-01T08:00:00.000Z"],
    ["2024-03-01 08:00:00", "2024-03-01T08:00:00.000Z"],
    ["2024-03-41T08:00:00", undefined],
    ["Wed Foo 11 09:00:00 2023", undefined],
    ["yesterday", undefined],
    ["", undefined],
  ];
  for (const [text, expected] of cases) assert.equal(utcOf(text)?.toISOString(), expected, text);
});
