import assert from "node:assert/strict";
import { dateAfter, statedDate, utcOf } from "./stated_date.ts";

Deno.test("utcOf() reads ctime's form and ISO 8601 without a zone", () => {
  const cases: [text: string, expected: string | undefined][] = [
    ["Wed Jan 11 09:00:00 2023", "2023-01-11T09:00:00.000Z"],
    ["Sun Nov  2 23:09:42 2026", "2026-11-02T23:09:42.000Z"],
    ["2024-03-01T08:00:00", "2024-03-01T08:00:00.000Z"],
    ["2024-03-01 08:00:00", "2024-03-01T08:00:00.000Z"],
    ["2022-06-2T05:11:54", "2022-06-02T05:11:54.000Z"],
    ["2015/03/17-18:40:25", "2015-03-17T18:40:25.000Z"],
    ["2024-03-41T08:00:00", undefined],
    ["2024-3-1 8:00:00", undefined],
    ["Wed Foo 11 09:00:00 2023", undefined],
    ["yesterday", undefined],
    ["", undefined],
  ];
  for (const [text, expected] of cases) assert.equal(utcOf(text)?.toISOString(), expected, text);
});

const STATED: [text: string, at: string | undefined, zoneless: boolean | undefined][] = [
  ["2026-01-02T03:04:05+01:00", "2026-01-02T02:04:05.000Z", false],
  ["2026-01-02T03:04:05.678901Z", "2026-01-02T03:04:05.000Z", false],
  ["2026-01-02T03:04:05.678901", "2026-01-02T03:04:05.000Z", true],
  ["2019-05-01 12:34:56", "2019-05-01T12:34:56.000Z", true],
  ["2026-13-02T03:04:05Z", undefined, undefined],
  ["", undefined, undefined],
];
Deno.test.each(STATED)("statedDate() reads %s", (text, at, zoneless) => {
  const date = statedDate(text);
  assert.deepEqual([date?.at.toISOString(), date?.zoneless], [at, zoneless]);
});

Deno.test("dateAfter() ends with the last date that can be written", () => {
  assert.equal(dateAfter(new Date(0), 1e300).toISOString(), "9999-12-31T23:59:59.000Z");
});
