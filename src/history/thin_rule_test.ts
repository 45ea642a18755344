import assert from "node:assert/strict";
import { folderOf } from "./folder_of.ts";
import fc from "fast-check";
import type { NightLine } from "./record.ts";
import { nightAt, type SampleNight, sampleNight } from "./_testing/sample_night.ts";
import { applyRule } from "./thin_rule.ts";

/** Results of a byte each. */
function placed(lines: readonly NightLine[]) {
  return lines.map((line) => ({ line, bytes: 1 }));
}

function line(night: SampleNight): NightLine {
  const record = sampleNight(night);
  return { ...record, addedAt: "", folder: folderOf(record), files: [] };
}

/** Nights that stay of one result a night from 2026-01-01 on. */
function staying(days: number, rule: Parameters<typeof applyRule>[2]): string[] {
  const lines = Array.from({ length: days }, (_, day) => line({ night: nightAt(day) }));
  return applyRule(placed(lines), nightAt(days - 1), rule).filter(({ remove }) => !remove)
    .map(({ line }) => line.night);
}

Deno.test("applyRule() keeps the last nights, then one a week from Monday, then one a month", () => {
  assert.deepEqual(staying(100, { nights: 3, weeks: 2 }), [
    "2026-01-01",
    "2026-02-01",
    "2026-03-01",
    // The weeks begin in the middle of one, which has a result of its own.
    "2026-03-25",
    "2026-03-30",
    "2026-04-06",
    "2026-04-08",
    "2026-04-09",
    "2026-04-10",
  ]);
});

Deno.test("applyRule() keeps 90 nights, a year of weeks and then months unless told otherwise", () => {
  const nights = staying(3650, {});
  const weekly = nights.filter((night) =>
    night <= nightAt(3650 - 91) && night > nightAt(3650 - 91 - 364)
  );
  assert.equal(nights.filter((night) => night > nightAt(3650 - 91)).length, 90);
  assert.ok(weekly.length === 52 || weekly.length === 53, String(weekly.length));
  assert.ok(nights.length < 90 + 54 + 12 * 9);
});

Deno.test("applyRule() chooses for each node and suite, and of one night the result that counts", () => {
  const lines = [
    line({ night: nightAt(0), id: "early" }),
    line({ night: nightAt(0), id: "late" }),
    line({ night: nightAt(0), id: "other", changes: { suite: "other" } }),
    line({ night: nightAt(0), id: "there", node: "node02" }),
    line({ night: nightAt(1) }),
  ];
  const said = applyRule(placed(lines), nightAt(1), { nights: 0, weeks: 0 });
  assert.deepEqual(said.map(({ remove }) => remove), [true, false, false, false, true]);
});

Deno.test("applyRule() spares what the caller names a reason for", () => {
  const lines = [0, 1, 2].map((day) => line({ night: nightAt(day) }));
  const keep = ({ night }: NightLine) => night === nightAt(1) ? "it is a baseline" : null;
  const said = applyRule(placed(lines), nightAt(2), { nights: 0, weeks: 0, keep });
  assert.deepEqual(said.map(({ remove, spared }) => [remove, spared]), [
    [false, null],
    [false, "it is a baseline"],
    [true, null],
  ]);
});

Deno.test("applyRule() removes the oldest where all is larger than it may be, never the newest night", () => {
  assert.deepEqual(staying(100, { nights: 3, weeks: 2, mostBytes: 4 }), [
    "2026-04-06",
    "2026-04-08",
    "2026-04-09",
    "2026-04-10",
  ]);
  const keep = ({ night }: NightLine) => night === "2026-01-01" ? "it is a baseline" : null;
  const oldest = ["2026-01-01", "2026-04-10"];
  assert.deepEqual(staying(100, { nights: 3, weeks: 2, mostBytes: 2, keep }), oldest);
  assert.deepEqual(staying(100, { nights: 3, weeks: 2, mostBytes: 0, keep }), oldest);
  // Sizes are what is summed up, not results.
  const sizes = [5, 1, 4].map((bytes, day) => ({ line: line({ night: nightAt(day) }), bytes }));
  const said = applyRule(sizes, nightAt(2), { mostBytes: 5 });
  assert.deepEqual(said.map(({ remove }) => remove), [true, false, false]);
});

Deno.test("applyRule() refuses numbers that are none", () => {
  for (const rule of [{ nights: -1 }, { weeks: 1.5 }, { mostBytes: NaN }, { mostBytes: -1 }]) {
    assert.throws(() => applyRule([], nightAt(0), rule), RangeError);
  }
});

Deno.test("applyRule() keeps what it kept when it is applied again on a later night", () => {
  const days = fc.uniqueArray(fc.nat(700), { minLength: 1 }).map((days) =>
    days.sort((a, b) => a - b)
  );
  fc.assert(
    fc.property(days, fc.nat(40), fc.nat(10), fc.nat(400), (days, nights, weeks, later) => {
      const lines = days.map((day) => line({ night: nightAt(day) }));
      const last = days.at(-1)!;
      const rule = { nights, weeks };
      const left = (lines: NightLine[], newest: number) =>
        applyRule(placed(lines), nightAt(newest), rule).filter(({ remove }) => !remove)
          .map(({ line }) => line);
      const first = left(lines, last);
      assert.deepEqual(left(first, last), first, "again");
      // By steps or at once: every month that had a result keeps one.
      const months = (lines: NightLine[]) => new Set(lines.map(({ night }) => night.slice(0, 7)));
      assert.deepEqual(months(left(first, last + later)), months(lines));
    }),
    { seed: 6, numRuns: 200 },
  );
});
