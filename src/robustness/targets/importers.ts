/** The outputs of other tools: each form's parser by mutations of a real output. */
import assert from "node:assert/strict";
import { parseCriterion } from "../../importers/criterion.ts";
import { detectFormat, parseText, type TextFormatName } from "../../importers/format.ts";
import { fixture, FIXTURES, textFile } from "../../importers/_testing/fixtures.ts";
import { assemble } from "../../importers/import_result.ts";
import type { Imported } from "../../importers/imported.ts";
import { decodeText } from "../../disk/mod.ts";
import { decodeHistogram, parseResult, type Result, ResultError } from "../../result/mod.ts";
import { chance } from "../mutate.ts";
import { smallResult } from "../samples.ts";
import type { FuzzTarget } from "../target.ts";
import { useResult } from "../use_result.ts";

/** Real outputs by form; several of one form are seeds of one fuzzer. */
const OUTPUTS: Readonly<Record<TextFormatName, readonly string[]>> = {
  "db_bench": ["db_bench.txt", "db_bench_histogram.txt"],
  "benchmark.sh": ["report.tsv"],
  "ycsb": ["ycsb.txt"],
  "go-ycsb": ["go_ycsb.txt"],
  "hdr": ["READ.hdr"],
  "go": ["go_benchmark.txt"],
  "google-benchmark": [
    "google_benchmark.json",
    "google_benchmark_1.9.json",
    "google_benchmark_aggregates.json",
  ],
  "hyperfine": ["hyperfine.json", "hyperfine_failed.json"],
  "pytest-benchmark": [
    "pytest_benchmark.json",
    "pytest_benchmark_3.json",
    "pytest_benchmark_sums.json",
  ],
  "asv": ["asv.json", "asv_1.json", "asv_medians.json"],
  "fio": ["fio.json", "fio_threads.json", "fio_clients.json", "fio_failed.json"],
  "k6": ["k6_export.json", "k6_handle.json", "k6_new.json"],
};

const sound = smallResult(2);

/** How often what was read goes on through the analysis and all reports, which take far longer. */
const USED = 0.03;

function textTarget(format: TextFormatName, names: readonly string[]): FuzzTarget {
  return {
    name: format,
    what: "its parser, what makes a result of it, now and then the reports",
    seeds: () => names.map((name) => fixture(name).text),
    read(input, _folder, random) {
      let text: string;
      try {
        text = decodeText(input);
      } catch {
        throw new ResultError("Cannot import output.txt: it is not text in UTF-8");
      }
      const file = textFile(text);
      try {
        detectFormat(file);
      } catch (error) {
        if (!(error instanceof ResultError)) throw error;
      }
      const imported = parseText(format, file, "us");
      const result = assemble(format, imported, { version: "0", command: [] });
      requireResult(result, numbersOf(text));
      if (chance(random, USED)) useResult(result, sound, random);
    },
  };
}

/** The three files of criterion's, as one text whose parts are told apart by a line. */
const PARTS = ["benchmark", "sample", "estimates"] as const;
const SEPARATOR = "\n=====\n";

const criterion: FuzzTarget = {
  name: "criterion",
  what: "benchmark.json, sample.json and estimates.json of one benchmark",
  seeds: () =>
    ["write_latency/single_write", "write_throughput/10000"].map((path) =>
      PARTS.map((part) => Deno.readTextFileSync(`${FIXTURES}/criterion/${path}/new/${part}.json`))
        .join(SEPARATOR)
    ),
  read(input, _folder, random) {
    const text = new TextDecoder().decode(input);
    const [benchmark = "", sample = "", estimates = null] = text.split(SEPARATOR);
    const warnings = new Set<string>();
    const parsed = parseCriterion({ path: "new", benchmark, sample, estimates }, warnings);
    const imported: Imported = {
      tool: "criterion.rs",
      toolVersion: null,
      files: ["new"],
      startedAt: null,
      endedAt: null,
      modified: null,
      environment: {},
      benchmarks: [parsed],
      warnings: [...warnings],
    };
    const result = assemble("criterion", [imported], { version: "0", command: [] });
    requireResult(result, numbersOf(text));
    if (chance(random, USED)) useResult(result, sound, random);
  },
};

/** Asserts that what was imported can be read back, and has no time that the output does not bear. */
function requireResult(result: Result, numbers: Numbers): void {
  try {
    parseResult(JSON.stringify(result), "result.json");
  } catch (error) {
    assert.fail(`what was imported cannot be read: ${error}`);
  }
  for (const { samples, stated, benchmark } of result.runs) {
    assert.ok(samples.length > 0, `${benchmark} has no sample`);
    for (const { iterations, ns } of samples) {
      const time = ns / iterations;
      assert.ok(time > 0 && Number.isFinite(time), `${ns} ns for ${iterations} iterations`);
      if (!numbers.bears(time) && !numbers.bears(ns)) {
        assert.fail(`${ns} ns for ${iterations} is in no line of the output`);
      }
    }
    const { p50 = 0, p99 = Infinity } = stated ?? {};
    assert.ok(p50 <= p99 + 1e3, `p50 ${p50} and p99 ${p99}`);
  }
}

/** Nanoseconds in the units of the tools, and rates a second. */
const UNITS = [1, 1e3, 1e6, 1e9];
/** What rounding may cost: tools print three digits of a small rate. */
const SLACK = 1e-6;

/** The figures that stand in an output. */
interface Numbers {
  /** Whether a time, ns, is one of them in any unit, or comes from a rate or from two of them. */
  bears(ns: number): boolean;
}

function numbersOf(text: string): Numbers {
  const found = new Set<number>();
  for (const [digits] of text.matchAll(/\d[\d.]*(?:e[+-]?\d+)?/gi)) found.add(Number(digits));
  for (const [packed] of text.matchAll(/HIST[A-Za-z0-9+/=]*/g)) {
    try {
      found.add(decodeHistogram(packed).mean);
    } catch {
      // It is none, and nothing comes from it.
    }
  }
  const numbers = [...found].filter((number) => number > 0 && Number.isFinite(number));
  const times = new Float64Array(
    numbers.flatMap((number) => UNITS.flatMap((unit) => [number * unit, unit / number])),
  ).sort();
  const has = (ns: number) => {
    let [low, high] = [0, times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle]! < ns * (1 - SLACK)) low = middle + 1;
      else high = middle;
    }
    return low < times.length && times[low]! <= ns * (1 + SLACK);
  };
  return {
    bears: (ns) => has(ns) || numbers.some((number) => has(ns * number) || has(ns / number)),
  };
}

/** The targets, one a form. */
export const importers: readonly FuzzTarget[] = [
  ...Object.entries(OUTPUTS).map(([format, names]) => textTarget(format as TextFormatName, names)),
  criterion,
];
