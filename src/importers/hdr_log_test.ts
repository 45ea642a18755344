import assert from "node:assert/strict";
import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  HistogramLogReader,
  HistogramLogWriter,
} from "hdr-histogram-js";
import { fixture, textFile } from "./_testing/fixtures.ts";
import { parseHdrLog, parseHdrLogs } from "./hdr_log.ts";

/** A log of intervals of one second with the values given. */
function logOf(intervals: readonly (readonly number[])[], tag?: string): string {
  let text = "";
  const writer = new HistogramLogWriter((line: string) => text += line);
  writer.outputLogFormatVersion();
  writer.outputLegend();
  for (const [index, values] of intervals.entries()) {
    const histogram = build();
    if (tag !== undefined) histogram.tag = tag;
    for (const value of values) histogram.recordValue(value);
    writer.outputIntervalHistogram(histogram, index, index + 1);
  }
  return text;
}

Deno.test("parseHdrLog() merges the intervals that the library's own reader finds", () => {
  const { tool, startedAt, endedAt, benchmarks } = parseHdrLog(fixture("READ.hdr"));
  assert.equal(tool, "YCSB");
  assert.equal(startedAt?.toISOString(), "2025-11-24T16:00:00.000Z");
  assert.equal(endedAt?.toISOString(), "2025-11-24T16:00:12.000Z");
  const [read] = benchmarks;
  assert.equal(read?.name, "READ");
  assert.equal(read.workload.operation, "get");
  assert.equal(read.samples.length, 12);
  const ours = decodeFromCompressedBase64(read.latency!.histogram);
  const oracle = build();
  const reader = new HistogramLogReader(fixture("READ.hdr").text);
  for (let next = reader.nextIntervalHistogram(); next; next = reader.nextIntervalHistogram()) {
    oracle.add(next);
  }
  assert.equal(read.latency!.count, oracle.totalCount);
  for (const percentile of [1, 50, 90, 99, 99.9, 100]) {
    const expected = oracle.getValueAtPercentile(percentile) * 1000;
    const found = ours.getValueAtPercentile(percentile);
    assert.ok(Math.abs(found / expected - 1) < 1e-3, `p${percentile}: ${found}, not ${expected}`);
  }
  const sum = read.samples.reduce((sum, { ns }) => sum + ns, 0);
  assert.ok(Math.abs(sum / (oracle.mean * 1000 * oracle.totalCount) - 1) < 1e-9);
});

Deno.test("parseHdrLog() makes a benchmark of each tag, in the unit that is given", () => {
  const text = logOf([[5, 7], [9]], "A") + logOf([[1000]], "B");
  const { benchmarks } = parseHdrLog(textFile(text), "us");
  assert.deepEqual(
    benchmarks.map(({ name, samples }) => [name, samples]),
    [
      ["A", [{ iterations: 2, ns: 12_000, atNs: 0 }, { iterations: 1, ns: 9000, atNs: 1e9 }]],
      ["B", [{ iterations: 1, ns: 1_000_000, atNs: 0 }]],
    ],
  );
  assert.equal(parseHdrLog(textFile(text), "ns").benchmarks[0]?.samples[1]?.ns, 9);
});

Deno.test("parseHdrLog() names a log without tags after its file", () => {
  assert.equal(parseHdrLog(textFile(logOf([[1]]), "GET.hdr"), "ns").benchmarks[0]?.name, "GET");
});

/** A log whose histogram has other bytes in its header than the encoder writes. */
async function forged(change: (view: DataView) => void): Promise<string> {
  const histogram = build();
  histogram.recordValue(5);
  const bytes = Uint8Array.from(
    atob(encodeIntoCompressedBase64(histogram)),
    (character) => character.charCodeAt(0),
  );
  const body = new Response(bytes.slice(8)).body!.pipeThrough(new DecompressionStream("deflate"));
  const plain = new Uint8Array(await new Response(body).arrayBuffer());
  change(new DataView(plain.buffer));
  const packed = new Uint8Array(
    await new Response(
      new Response(plain).body!.pipeThrough(new CompressionStream("deflate")),
    ).arrayBuffer(),
  );
  const all = new Uint8Array(8 + packed.length);
  all.set(bytes.subarray(0, 4));
  new DataView(all.buffer).setInt32(4, packed.length);
  all.set(packed, 8);
  return `#[x]\n"StartTimestamp"\n0.0,1.0,0.1,${btoa(String.fromCharCode(...all))}\n`;
}

const good = logOf([[5]]);
const BAD: [name: string, text: string | Promise<string>, message: RegExp][] = [
  ["no value", logOf([[], []]), /no interval of it has a value above 0/],
  ["a line that is cut off", good.trimEnd().slice(0, -9), /its histogram cannot be decoded/],
  ["a line of three fields", good.replace("0.000,", ""), /no whole interval/],
  ["NaN", good.replace("1.000,", "NaN,"), /the interval's length is "NaN"/],
  ["a negative start", good.replace("0.000,", "-1,"), /the interval's start is "-1"/],
  ["a header that promises bytes", forged((view) => view.setInt32(4, 2 ** 31 - 1)), /its header/],
  ["digits out of range", forged((view) => view.setInt32(12, 9)), /its header is none/],
  ["a range that is none", forged((view) => view.setBigInt64(16, 0n)), /its header is none/],
];
Deno.test.each(BAD)(
  "parseHdrLog() says what and where when it meets %s",
  async (_name, text, message) => {
    const file = textFile(await text);
    assert.throws(() => parseHdrLog(file, "ns"), { name: "ResultError", message });
  },
);

Deno.test("parseHdrLog() asks for the unit when the log does not say it", () => {
  assert.throws(() => parseHdrLog(textFile(good)), { message: /give --unit ns, us, ms or s$/ });
  assert.throws(() => parseHdrLog(textFile(logOf([[1e9]])), "s"), { message: /more than a day/ });
});

Deno.test("parseHdrLog() leaves a last line out that a killed process did not finish", () => {
  const whole = logOf([[5], [7]]);
  const { benchmarks, warnings } = parseHdrLog(
    textFile(whole.trimEnd().slice(0, -9), "READ.hdr"),
    "us",
  );
  assert.deepEqual(benchmarks[0]!.samples.map(({ iterations }) => iterations), [1]);
  assert.match(warnings.at(-1)!, /^Line \d+, the last one, is cut off and left out\.$/);
});

Deno.test("parseHdrLog() leaves an interval out that cannot be read, and has the others", () => {
  const [a, b, c] = [logOf([[5]]), logOf([[7]]), logOf([[9]])];
  const text = a + b.replace("0.000,", "") + "a line of something else\n" + c;
  const { benchmarks, warnings } = parseHdrLog(textFile(text, "READ.hdr"), "us");
  assert.deepEqual(benchmarks[0]!.samples.map(({ ns }) => ns), [5000, 9000]);
  assert.match(
    warnings.at(-1)!,
    /^Left out of READ\.hdr: line \d+: the line is no whole interval of an HDR histogram log; and so is 1 more\.$/,
  );
});

Deno.test("parseHdrLogs() leaves a line out that stands before the log, which is one log all the same", () => {
  const own = fixture("READ.hdr").text;
  const [log, ...more] = parseHdrLogs(textFile(`$ cat READ.hdr\n${own}`));
  assert.equal(more.length, 0);
  assert.deepEqual(log?.benchmarks, parseHdrLogs(textFile(own))[0]?.benchmarks);
  assert.match(
    log!.warnings.join("\n"),
    /Left out of output.txt: line 1: the line is no whole interval/,
  );
});

Deno.test("parseHdrLog() has the mean of all values, also where all of an interval are below the unit", () => {
  const meanOf = (intervals: number[][]) => {
    const [{ samples }] = parseHdrLog(textFile(logOf(intervals)), "us").benchmarks as [
      ReturnType<typeof parseHdrLog>["benchmarks"][number],
    ];
    const total = (pick: (sample: { ns: number; iterations: number }) => number) =>
      samples.reduce((sum, sample) => sum + pick(sample), 0);
    return [total(({ ns }) => ns) / total(({ iterations }) => iterations), samples.length];
  };
  assert.deepEqual(meanOf([[0, 0, 0], [0, 100]]), [20_000, 1]);
  assert.deepEqual(meanOf([[0, 100], [0, 0, 0]]), [20_000, 1]);
  assert.deepEqual(meanOf([[100], [0], [200]]), [100_000, 2]);
});

Deno.test("parseHdrLogs() leaves a log out that cannot be read, and has the others", () => {
  const torn = logOf([[100]]).replace(/HISTFAAAA.*/, "HIST");
  const logs = parseHdrLogs(textFile(logOf([[100]], "A") + torn + logOf([[200]], "B")), "us");
  assert.deepEqual(logs.flatMap(({ benchmarks }) => benchmarks.map(({ name }) => name)), [
    "A",
    "B",
  ]);
  assert.match(logs[0]!.warnings.join("\n"), /Left out of output.txt: the output of line 4: /);
});
