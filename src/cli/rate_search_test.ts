import assert from "node:assert/strict";
import { buildSearchReport, toMarkdown } from "../report/mod.ts";
import type { JudgedStep, StepVerdict, StepWindow } from "../stats/mod.ts";
import {
  beginSearch,
  foundBySearch,
  type MeasureStep,
  type RateSearch,
  searchInWords,
  searchRate,
  stepInWords,
} from "./rate_search.ts";
import { withFolder } from "../_testing/folder.ts";
import { UsageError } from "./usage_error.ts";

const ASKED: RateSearch["asked"] = {
  benchmark: "raw/rate/5k",
  how: "{}",
  first: 5000,
  mostP99: null,
  seconds: 10,
};

/** A store that does so many operations a second and no more: what is beyond waits ever longer. */
function storeOf(capacity: number): { measure: MeasureStep; rates: number[] } {
  const rates: number[] = [];
  const measure: MeasureStep = (rate) => {
    rates.push(rate);
    const over = Math.max(0, rate / capacity - 1);
    const windows = Array.from({ length: 10 }, (_, second): StepWindow => ({
      operations: Math.min(rate, capacity),
      responseP50: 1e5 + over * second * 1e9,
      responseP99: 1e6 + over * second * 1e9,
      debtBytes: 0,
      bytesPut: 100 * Math.min(rate, capacity),
    }));
    return Promise.resolve({ windows, begins: "checkpoint" });
  };
  return { measure, rates };
}

const withFile = (use: (path: string) => Promise<void>) =>
  withFolder((folder) => use(`${folder}/search.json`));

Deno.test(
  "searchRate() finds the capacity, keeps each step, and says what is overloaded",
  withFile(async (path) => {
    const search = beginSearch(path, ASKED, 7);
    const store = storeOf(47_000);
    const knee = await searchRate(path, search, store.measure);
    assert.equal(knee!.outcome, "found");
    assert.ok(knee!.low <= 47_000 && knee!.high >= 47_000, `${knee!.low} to ${knee!.high}`);
    assert.deepEqual(beginSearch(path, ASKED, 8), search);
    const words = searchInWords(search, knee!);
    assert.match(words, /^The capacity of raw\/rate\/5k is between 4\d/);
    const overloaded = words.split("\n").filter((line) => line.includes("overloaded"));
    // What grows for as long as it is measured is not given as a latency.
    assert.ok(overloaded.length > 0);
    for (const line of overloaded) assert.match(line, /overloaded +(achieved|backlog) +[\d.]+%$/);
    const report = buildSearchReport(foundBySearch(search, knee!));
    assert.ok(toMarkdown(report).includes(words.split("\n")[0]!));
    const [figure] = report.blocks.filter((block) => block.type === "figure");
    assert.equal(figure!.numbers.rows.length, search.steps.length);
  }),
);

Deno.test(
  "a search says what its steps began with, and why not with the same",
  withFile(async (path) => {
    const search = beginSearch(path, ASKED, 7);
    const knee = await searchRate(path, search, storeOf(20_000).measure);
    const text = (begins: "checkpoint" | "noCheckpoint" | "inMemory") => {
      const steps = search.steps.map((step) => ({ ...step, begins }));
      return toMarkdown(buildSearchReport(foundBySearch({ ...search, steps }, knee!)));
    };
    assert.match(text("checkpoint"), /Each step begins with the same checkpoint, /);
    assert.match(text("noCheckpoint"), /loaded anew, since the store keeps no checkpoint: /);
    assert.match(text("inMemory"), /loaded anew, since what is newest is in memory, /);
  }),
);

Deno.test(
  "a search of which every rate passed, or none, has a report too",
  withFile(async (path) => {
    for (
      const [capacity, words] of [[1e9, /is above .*, the highest/], [0.1, /is below .*: no rate/]]
    ) {
      const search = beginSearch(path, ASKED, 7);
      const knee = await searchRate(path, search, storeOf(capacity as number).measure);
      assert.match(searchInWords(search, knee!), words as RegExp);
      assert.match(toMarkdown(buildSearchReport(foundBySearch(search, knee!))), words as RegExp);
      await Deno.remove(path);
    }
  }),
);

Deno.test(
  "a search that was interrupted goes on where it was, to the same end",
  withFile(async (path) => {
    const whole = storeOf(47_000);
    const undisturbed = await searchRate(path, beginSearch(path, ASKED, 7), whole.measure);
    await Deno.remove(path);
    const store = storeOf(47_000);
    const interrupted: MeasureStep = (rate, place) =>
      place === 5 ? Promise.resolve(undefined) : store.measure(rate, place);
    assert.equal(await searchRate(path, beginSearch(path, ASKED, 7), interrupted), undefined);
    assert.equal(store.rates.length, 5);
    // The seed of its beginning counts.
    assert.deepEqual(
      await searchRate(path, beginSearch(path, ASKED, 99), store.measure),
      undisturbed,
    );
    assert.deepEqual(store.rates, whole.rates);
  }),
);

Deno.test(
  "a search goes on with none but its own steps",
  withFile(async (path) => {
    const search = beginSearch(path, ASKED, 7);
    await searchRate(path, search, storeOf(20_000).measure);
    assert.throws(
      () => beginSearch(path, { ...ASKED, mostP99: 1e6 }, 7),
      new UsageError(
        `Cannot go on with ${path}: it is a search with another mostP99; give another --out`,
      ),
    );
    const steps = search.steps.map((step) => ({ ...step, rate: step.rate + 1 }));
    await Deno.writeTextFile(path, JSON.stringify({ ...search, steps }));
    await assert.rejects(
      searchRate(path, beginSearch(path, ASKED, 7), storeOf(20_000).measure),
      /its steps are not those of this search/,
    );
    await Deno.writeTextFile(path, "{}");
    assert.throws(() => beginSearch(path, ASKED, 7), /it is no search/);
  }),
);

Deno.test("stepInWords() says what stood against a rate, and nothing where nothing did", () => {
  const step = { rate: 5000, achieved: 0.98, p50: 1e5, p99: 1e6 };
  const words = (verdict: StepVerdict, by: JudgedStep["by"]) =>
    stepInWords({ ...step, verdict, by });
  assert.match(words("behind", "achieved"), /: overloaded, less is done than comes: 98% done$/);
  assert.match(words("behind", "debt"), /: overloaded, compaction's debt grows: 98% done$/);
  assert.match(words("unsure", "backlog"), /: unsure whether what waits grows; response p99 1/);
  assert.match(words("slow", "response"), /: response p99 is beyond its bound; response p99 1/);
  assert.match(words("passed", null), /: passed; response p99 1/);
});
