/** Every parser on mutations of real outputs: a valid result or a ResultError, and nothing else. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { parseResult, type Result, ResultError } from "../result/mod.ts";
import { parseCriterion } from "./criterion.ts";
import { detectFormat, parseText, type TextFormatName } from "./format.ts";
import { fixture, FIXTURES, textFile } from "./_testing/fixtures.ts";
import { PIECES } from "./_testing/pieces.ts";
import { assemble } from "./import_result.ts";
import type { Imported } from "./imported.ts";

type Mutation = (text: string) => string;
const at = fc.double({ min: 0, max: 1, noNaN: true });
const length = fc.integer({ min: 0, max: 40 });
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(at, length, fc.constantFrom(...PIECES)).map(
    ([from, count, piece]): Mutation => (text) => {
      const start = Math.floor(from * text.length);
      return text.slice(0, start) + piece + text.slice(start + count);
    },
  ),
  // A figure, wherever the next one stands.
  fc.tuple(at, fc.constantFrom(...PIECES)).map(([from, piece]): Mutation => (text) => {
    const start = Math.floor(from * text.length);
    return text.slice(0, start) + text.slice(start).replace(/-?\d[\d.e+-]*/, () => piece);
  }),
  at.map((end): Mutation => (text) => text.slice(0, Math.floor(end * text.length))),
  fc.tuple(at, at).map(([from, to]): Mutation => (text) => {
    const lines = text.split("\n");
    const [line] = lines.splice(Math.floor(from * (lines.length - 1)), 1);
    lines.splice(Math.floor(to * lines.length), 0, line!, line!);
    return lines.join("\n");
  }),
  at.map((which): Mutation => (text) =>
    text.split("\n").toSpliced(
      Math.floor(which * text.split("\n").length),
      1,
    ).join("\n")
  ),
);
const mutations = fc.array(mutation, { minLength: 1, maxLength: 4 });
const mutate = (text: string, all: readonly Mutation[]) =>
  all.reduce((text, mutation) => mutation(text), text);

/** What is made without a refusal: one that is thrown is no ResultError any more. */
function unrefused<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    assert.fail(`what was read of one output is refused: ${error}`);
  }
}

/** Asserts that a parser gives a result that can be read back, or says what is wrong in one line. */
function parsesOrRefuses(parse: () => Imported | Imported[]): boolean {
  let result: Result;
  try {
    const imported = [parse()].flat();
    // Several outputs of one file may be of different things, which is refused as they are put together.
    const put = () => assemble("go", imported, { version: "0", command: [] });
    result = imported.length > 1 ? put() : unrefused(put);
  } catch (error) {
    assert.ok(error instanceof ResultError, `no ResultError: ${error}`);
    assert.match(error.message, /^Cannot import /);
    assert.doesNotMatch(error.message, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|\.$/u);
    assert.ok(error.message.length < 500, error.message);
    return false;
  }
  parseResult(JSON.stringify(result), "result.json");
  for (const { samples, stated } of result.runs) {
    assert.ok(samples.length > 0);
    for (const { iterations, ns } of samples) {
      const time = ns / iterations;
      assert.ok(time > 0 && Number.isFinite(time), `${ns} ns for ${iterations} iterations`);
    }
    const { p50 = 0, p99 = Infinity } = stated ?? {};
    assert.ok(p50 <= p99 + 1e3);
  }
  return true;
}

const NAMES: [name: string, format: TextFormatName][] = [
  ["db_bench.txt", "db_bench"],
  ["db_bench_histogram.txt", "db_bench"],
  ["report.tsv", "benchmark.sh"],
  ["ycsb.txt", "ycsb"],
  ["go_ycsb.txt", "go-ycsb"],
  ["go_benchmark.txt", "go"],
  ["READ.hdr", "hdr"],
  ["google_benchmark.json", "google-benchmark"],
  ["hyperfine_failed.json", "hyperfine"],
  ["pytest_benchmark.json", "pytest-benchmark"],
  ["pytest_benchmark_sums.json", "pytest-benchmark"],
  ["asv.json", "asv"],
  ["asv_1.json", "asv"],
  ["fio.json", "fio"],
  ["fio_threads.json", "fio"],
  ["k6_export.json", "k6"],
  ["k6_handle.json", "k6"],
  ["k6_new.json", "k6"],
];
Deno.test.each(NAMES)("a parser parses or refuses when %s is mutated (%s)", (name, format) => {
  const { text } = fixture(name);
  let [parsed, refused] = [0, 0];
  fc.assert(
    fc.property(mutations, (all) => {
      const file = textFile(mutate(text, all), name);
      if (parsesOrRefuses(() => parseText(format, file, "us"))) parsed++;
      else refused++;
      try {
        detectFormat(file);
      } catch (error) {
        assert.ok(error instanceof ResultError);
      }
    }),
    { seed: 1, numRuns: 400 },
  );
  assert.ok(parsed > 10 && refused > 10, `${parsed} parsed and ${refused} refused say little`);
});

Deno.test("a parser parses or refuses when it is given another form's output, or anything", () => {
  const texts = NAMES.map(([name]) => fixture(name).text);
  const text = fc.oneof(
    fc.constantFrom(...texts),
    fc.string({ unit: "binary", maxLength: 200 }),
    fc.tuple(fc.constantFrom(...texts), fc.constantFrom(...texts)).map(([a, b]) => a + b),
  );
  fc.assert(
    fc.property(text, fc.constantFrom(...NAMES), (text, [, format]) => {
      parsesOrRefuses(() => parseText(format, textFile(text), "ns"));
    }),
    { seed: 2, numRuns: 300 },
  );
});

Deno.test("parseCriterion() parses or refuses when its files are mutated", () => {
  const directory = `${FIXTURES}/criterion/write_latency/single_write/new`;
  const read = (name: string) => Deno.readTextFileSync(`${directory}/${name}`);
  const [benchmark, sample, estimates] = ["benchmark", "sample", "estimates"].map((name) =>
    read(`${name}.json`)
  ) as [string, string, string];
  let [parsed, refused] = [0, 0];
  fc.assert(
    fc.property(fc.constantFrom(0, 1, 2), mutations, fc.boolean(), (which, all, without) => {
      const texts = [benchmark, sample, estimates];
      texts[which] = mutate(texts[which]!, all);
      const warnings = new Set<string>();
      const valid = parsesOrRefuses(() => ({
        tool: "criterion.rs",
        toolVersion: null,
        files: [],
        startedAt: null,
        endedAt: null,
        modified: null,
        environment: {},
        benchmarks: [parseCriterion({
          path: "new",
          benchmark: texts[0]!,
          sample: texts[1]!,
          estimates: without ? null : texts[2]!,
        }, warnings)],
        warnings: [...warnings],
      }));
      if (valid) parsed++;
      else refused++;
    }),
    { seed: 3, numRuns: 600 },
  );
  assert.ok(parsed > 10 && refused > 10, `${parsed} parsed and ${refused} refused say little`);
});
