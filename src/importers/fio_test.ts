import assert from "node:assert/strict";
import { decodeHistogram } from "../result/mod.ts";
import { parseFio, parseFios } from "./fio.ts";
import { fixture, textFile } from "./_testing/fixtures.ts";

const LATENCY = { min: 1000, max: 9000, mean: 2000, N: 100 };
/** 100 operations in 50 ms, 2,000 a second, but for what is said. */
const direction = (more: object = {}) => ({
  total_ios: 100,
  runtime: 50,
  iops: 2000,
  lat_ns: LATENCY,
  ...more,
});
const UNUSED = { total_ios: 0, runtime: 0, iops: 0, io_bytes: 0, lat_ns: { ...LATENCY, N: 0 } };
const job = (more: object = {}) => ({
  jobname: "get",
  groupid: 0,
  error: 0,
  elapsed: 2,
  "job options": { rw: "randread" },
  read: direction(),
  write: UNUSED,
  trim: UNUSED,
  ...more,
});
const file = (jobs: object[], more: object = {}) =>
  textFile(
    JSON.stringify({ "fio version": "fio-3.33", timestamp_ms: 1_700_000_000_000, jobs, ...more }),
  );
/** Each benchmark with its samples: operations and ns. */
const samplesOf = (output: ReturnType<typeof parseFio>) =>
  output.benchmarks.map(({ name, samples }) => [
    name,
    samples.map(({ iterations, ns }) => [iterations, ns]),
  ]);

Deno.test("parseFio() keeps directions, rates and latencies apart", () => {
  const clat = { ...LATENCY, mean: 1500, percentile: { "50.000000": 1400, "99.000000": 8896 } };
  const output = parseFio(file([
    job({ read: direction({ clat_ns: clat }), write: direction({ total_ios: 50, iops: 1000 }) }),
  ]));
  assert.deepEqual(samplesOf(output), [
    // 100 in 50 ms.
    ["get/read", [[100, 50e6]]],
    // 100 of 2,000 ns, and 100 of 1,500 ns.
    ["get/read/lat", [[100, 200_000]]],
    ["get/read/clat", [[100, 150_000]]],
    ["get/write", [[50, 50e6]]],
    ["get/write/lat", [[100, 200_000]]],
  ]);
  // The percentiles are of completion, and are not put beside the mean of the whole.
  assert.deepEqual(output.benchmarks[1]?.stated, { count: 100, mean: 2000, min: 1000, max: 9000 });
  assert.deepEqual(output.benchmarks[2]?.stated, {
    count: 100,
    mean: 1500,
    min: 1000,
    max: 9000,
    p50: 1400,
    p99: 8896,
  });
  // It printed at the epoch's 1.7e9 s, and the job took 2 s.
  assert.deepEqual(
    [output.startedAt?.getTime(), output.endedAt?.getTime(), output.toolVersion],
    [1_699_999_998_000, 1_700_000_000_000, "3.33"],
  );
  assert.deepEqual(output.benchmarks[0]?.properties, { "fio.rw": "randread" });
});

Deno.test("parseFio() reads µs of fio 2, and a rate where it has no count", () => {
  const { benchmarks } = parseFio(file([
    job({
      read: {
        runtime: 2_127_550,
        iops: 5,
        io_bytes: 44920,
        slat: { min: 0, max: 0, mean: 0 },
        clat: { min: 53, max: 6329, mean: 180.5, percentile: { "99.000000": 251, "0.00": 0 } },
      },
    }),
  ], { "fio version": "fio-2.1.11" }));
  // 5 a second: a second of 5. 180.5 µs are 180,500 ns.
  assert.deepEqual(benchmarks.map(({ name, samples: [sample] }) => [name, sample]), [
    ["get/read", { iterations: 5, ns: 1e9, atNs: null }],
    ["get/read/clat", { iterations: 1, ns: 180_500, atNs: null }],
  ]);
  assert.deepEqual(benchmarks[1]?.stated, {
    mean: 180_500,
    min: 53_000,
    max: 6_329_000,
    p99: 251_000,
  });
});

Deno.test("parseFio() takes threads of one job together, as fio's own sum of them does", () => {
  const output = parseFio(fixture("fio_threads.json"));
  const [rate, , clat] = output.benchmarks;
  // 3 × 128 in the 17 ms of the slowest.
  assert.deepEqual([rate?.name, rate?.samples], [
    "readers/read",
    [{ iterations: 384, ns: 17e6, atNs: null }],
  ]);
  assert.equal(rate?.workload.clients, 3);
  assert.deepEqual(clat?.samples.map(({ iterations, ns }) => [iterations, Math.round(ns / 128)]), [
    [128, 242_138],
    [128, 381_638],
    [128, 347_061],
  ]);
  // Their buckets are merged: of 384 the largest is 6,586,368 ns.
  const histogram = decodeHistogram(clat!.latency!.histogram);
  assert.equal(histogram.totalCount, 384);
  assert.ok(Math.abs(histogram.maxValue / 6_586_368 - 1) < 1e-3);
});

Deno.test("parseFio() leaves percentiles of threads out where they have no buckets, and all clients' sum", () => {
  const output = parseFio(fixture("fio_clients.json"));
  // fio's own sum says 27428.571429 a second: 384 in 14 ms.
  assert.deepEqual(samplesOf(output)[0], ["node01/readers/read", [[384, 14e6]]]);
  assert.ok(output.benchmarks.every(({ name }) => !name.includes("All clients")));
  assert.ok(output.benchmarks.every(({ stated }) => stated?.p99 === undefined));
  assert.ok(output.warnings.includes(
    "The percentiles of threads cannot be merged, and are left out: node01/readers/read/clat. fio " +
      "merges them with group_reporting, and json+ has their buckets.",
  ));
});

Deno.test("parseFio() reads the buckets of fio 2 by their numbers", () => {
  // Of 64 a power of two: number 200 is in the group of error bits 200 / 64 - 1 = 2, whose values begin
  // at 2^(2 + 6) = 256; its eighth bucket of 4 is from 288, and its middle is 290 µs.
  const bins = {
    FIO_IO_U_PLAT_BITS: 6,
    FIO_IO_U_PLAT_VAL: 64,
    FIO_IO_U_PLAT_NR: 1216,
    "5": 60,
    "200": 40,
  };
  const { benchmarks } = parseFio(file([
    job({ read: direction({ lat_ns: undefined, clat: { min: 5, max: 291, mean: 119, bins } }) }),
  ]));
  const histogram = decodeHistogram(benchmarks[1]!.latency!.histogram);
  assert.equal(histogram.totalCount, 100);
  assert.ok(Math.abs(histogram.maxValue / 290_000 - 1) < 1e-3);
  assert.ok(Math.abs(histogram.getValueAtPercentile(50) / 5000 - 1) < 1e-3);
});

Deno.test("parseFio() never shows a job that failed as one that succeeded", () => {
  const { benchmarks, warnings } = parseFio(file([
    job(),
    job({ jobname: "put", error: 28 }),
    job({
      jobname: "scan",
      total_err: 20,
      first_error: 5,
      read: direction({ lat_ns: undefined, short_ios: 3, drop_ios: 2 }),
    }),
  ]));
  assert.deepEqual(benchmarks.map(({ name }) => name), ["get/read", "get/read/lat", "scan/read"]);
  assert.deepEqual(warnings, [
    "Failed, and left out: put (error 28).",
    "20 of 100 operations of scan failed (20%), and are in its figures.",
    "scan had 3 short operations (fio's short_ios) among those of its figures.",
    "scan had 2 dropped operations (fio's drop_ios) among those of its figures.",
  ]);
});

Deno.test("parseFio() reads a real output whose device was full: an error before it, and one job of two", () => {
  const { benchmarks, warnings } = parseFio(fixture("fio_failed.json"));
  assert.deepEqual(benchmarks.map(({ name }) => name), ["r/write", "r/write/lat", "r/write/clat"]);
  assert.deepEqual(warnings, ["Failed, and left out: w (error 28)."]);
});

Deno.test("parseFio() tells jobs of one name with other options apart", () => {
  const { benchmarks } = parseFio(file([
    job({ read: direction({ lat_ns: undefined }) }),
    job({ read: direction({ lat_ns: undefined }), "job options": { rw: "read" } }),
  ]));
  assert.deepEqual(benchmarks.map(({ name }) => name), ["get/read", "get #2/read"]);
});

Deno.test("parseFio() reads syncs, what has other lines around it, and all directions as one", () => {
  const { text } = file([
    job({ read: UNUSED, mixed: direction(), sync: { total_ios: 4, lat_ns: { ...LATENCY, N: 4 } } }),
  ]);
  const lines = `fio: note: iodepth >= 1 is ignored\n${text}\nget: (groupid=0, jobs=1): err= 0\n`;
  assert.deepEqual(samplesOf(parseFio(textFile(lines))), [
    ["get/mixed", [[100, 50e6]]],
    ["get/mixed/lat", [[100, 200_000]]],
    ["get/sync/lat", [[4, 8000]]],
  ]);
  // With unified_rw_reporting=both the directions are there, and their sum is not counted again.
  assert.deepEqual(
    parseFio(file([job({ mixed: direction() })])).benchmarks.map(({ name }) => name),
    [
      "get/read",
      "get/read/lat",
    ],
  );
});

const BAD: [name: string, file: ReturnType<typeof textFile>, message: RegExp][] = [
  [
    "a rate of another run",
    file([job({ read: direction({ iops: 3000 }) })]),
    /jobs\.0\.read has 3000 ope/,
  ],
  [
    "a negative time",
    file([job({ read: direction({ runtime: -1 }) })]),
    /jobs\.0\.read\.runtime is "-1"/,
  ],
  [
    "nan for a time",
    textFile(file([job()]).text.replace('"runtime":50', '"runtime":-nan')),
    /"jobs\.0\.read\.runtime" is not what fio 2 or 3 writes/,
  ],
  [
    "half an operation",
    file([job({ read: direction({ total_ios: 99.5 }) })]),
    /jobs\.0\.read\.total_ios is "99\.5", and must be a whole number/,
  ],
  [
    "only failures",
    file([job({ error: 5 })]),
    /Failed, and left out: get \(error 5\); measure again$/,
  ],
  ["no I/O", file([job({ read: UNUSED })]), /get did no I\/O, and is left out; measure again$/],
  [
    "a name with an escape",
    file([job({ jobname: "\u001b" })]),
    /a job cannot have the name "\\u001b"/,
  ],
  [
    "two outputs",
    textFile(`${file([job()]).text}\n${file([job()]).text}`),
    /line 2: another output/,
  ],
  ["an output that is cut off", textFile(fixture("fio.json").text.slice(0, 9000)), /no whole JSON/],
];
Deno.test.each(BAD)("parseFio() says what and where when it meets %s", (_name, file, message) => {
  assert.throws(() => parseFio(file), { name: "ResultError", message });
});

const DAMAGED: [name: string, file: ReturnType<typeof textFile>, note: RegExp, kept: string[]][] = [
  [
    "percentiles that fall",
    file([job({
      read: direction({ lat_ns: { ...LATENCY, percentile: { "50.0": 5000, "99.0": 4000 } } }),
    })]),
    /the latencies of jobs\.0\.read\.lat_ns contradict each other/,
    ["get/read"],
  ],
];
Deno.test.each(DAMAGED)(
  "parseFio() leaves out what cannot be read, and says it, when it meets %s",
  (_name, file, note, kept) => {
    const { benchmarks, warnings } = parseFio(file);
    assert.deepEqual(benchmarks.map(({ name }) => name), kept);
    assert.ok(
      warnings.some((warning) => warning.startsWith("Left out of ") && note.test(warning)),
      warnings.join("\n"),
    );
  },
);

/** fio's outputs one after the other: when each was printed, its operations and its ms. */
const outputs = (
  rows: readonly (readonly [at: number, done: number, ms: number])[],
  more: object = {},
) =>
  textFile(
    rows.map(([at, done, ms]) =>
      file(
        [job({
          read: direction({
            total_ios: done,
            runtime: ms,
            iops: done / ms * 1e3,
            lat_ns: { ...LATENCY, N: done },
          }),
          ...more,
        })],
        { timestamp_ms: 1_700_000_000_000 + at },
      ).text
    ).join("\n"),
  );

Deno.test("parseFios() takes the last of the totals that one fio writes again and again", () => {
  const [output, ...more] = parseFios(outputs([[1003, 900, 1000], [2004, 2000, 2000], [
    2603,
    2500,
    2600,
  ]]));
  assert.deepEqual([output!.benchmarks[0]?.samples, more], [
    [{ iterations: 2500, ns: 2600e6, atNs: null }],
    [],
  ]);
  assert.deepEqual(output!.warnings, [
    "output.txt has the totals of one fio again and again: of 3 the last ones are taken, which count " +
    "all before them.",
  ]);
});

Deno.test("parseFios() takes the outputs of several fios in a file for runs, and a torn one costs itself", () => {
  // Each ran for a second, and began when the one before it was over.
  const { text } = outputs([[1000, 900, 1000], [2200, 1000, 1001], [3400, 1100, 1002]]);
  const all = parseFios(textFile(`${text}\n${text.slice(0, 200)}`));
  assert.deepEqual(
    all.map(({ benchmarks: [rate] }) => rate?.samples[0]?.iterations),
    [900, 1000, 1100],
  );
  assert.deepEqual(all[0]!.warnings, [
    "Left out of output.txt: the output of line 4: it is no whole JSON.",
    "output.txt has the outputs of 4 processes, one after the other: each is a run.",
  ]);
});

Deno.test("parseFio() leaves latencies out that nothing was timed for, whatever their mean", () => {
  const none = { ...LATENCY, mean: "-nan", N: 0 };
  const { benchmarks, warnings } = parseFio(file([job({ read: direction({ clat_ns: none }) })]));
  assert.deepEqual(benchmarks.map(({ name }) => name), ["get/read", "get/read/lat"]);
  assert.deepEqual(warnings, []);
});

Deno.test("parseFio() names a direction in which no operation ended, and a job without I/O", () => {
  const hung = { ...UNUSED, runtime: 1000, io_bytes: 4096 };
  const { benchmarks, warnings } = parseFio(file([
    job({ read: direction(), write: hung }),
    job({ jobname: "idle", read: UNUSED, write: UNUSED }),
    job({ jobname: "slow", read: { ...hung, total_ios: undefined }, write: UNUSED }),
  ]));
  assert.deepEqual([...new Set(benchmarks.map(({ name }) => name.split("/")[0]))], ["get"]);
  assert.deepEqual(warnings.filter((warning) => warning.includes("left out")), [
    "get/write is left out: no operation ended.",
    "idle did no I/O, and is left out.",
    "slow/read is left out: its rate is printed as 0.",
  ]);
});
