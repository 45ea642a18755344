import assert from "node:assert/strict";
import { fixture, textFile } from "./_testing/fixtures.ts";
import { isGoYcsb, parseGoYcsb, parseGoYcsbs } from "./go_ycsb.ts";

const { text } = fixture("go_ycsb.txt");

Deno.test("parseGoYcsb() reads the summary at the end, and not the lines before it", () => {
  const { benchmarks } = parseGoYcsb(fixture("go_ycsb.txt"));
  assert.deepEqual(
    benchmarks.map(({ name, kind, workload, samples }) => [
      name,
      kind,
      workload.operation,
      workload.clients,
      samples[0]?.iterations,
    ]),
    [
      ["overall", "throughput", null, 16, 20000],
      ["READ", "latency", "get", 16, 10017],
      ["UPDATE", "latency", "put", 16, 9983],
    ],
  );
  assert.equal(benchmarks[0]?.samples[0]?.ns, 11722575701);
  assert.deepEqual(benchmarks[1]?.stated, {
    count: 10017,
    mean: 9298000,
    min: 262000,
    max: 31304000,
    p50: 8791000,
    p90: 14239000,
    p95: 16111000,
    p99: 21407000,
    p999: 28607000,
    p9999: 31311000,
  });
});

Deno.test("parseGoYcsb() reads the older form, whose durations may have minutes", () => {
  const { benchmarks, warnings } = parseGoYcsb(textFile(
    "Run finished, takes 1m24.5s\nREAD   - Takes(s): 84.4, Count: 990, OPS: 11.7, " +
      "Avg(us): 3518, Min(us): 2461, Max(us): 12776, 99th(us): 11000\n" +
      "READ_ERROR - Takes(s): 84.4, Count: 10, OPS: 0.1, Avg(us): 9, Min(us): 1, Max(us): 20\n",
  ));
  assert.deepEqual(benchmarks[0]?.samples, [{ iterations: 990, ns: 84.5e9, atNs: null }]);
  assert.equal(benchmarks.length, 2, "errors are no latencies of reads");
  assert.equal(
    warnings[0],
    "10 of 1,000 READ operations failed (1.0%): the overall rate is without them, and their " +
      "latencies are left out.",
  );
});

const line = (name: string, count: number, rate: number) =>
  `${name} - Takes(s): 10.0, Count: ${count}, OPS: ${rate}.0, Avg(us): 400, Min(us): 200, ` +
  "Max(us): 9000, 99th(us): 1800\n";
for (const total of [line("TOTAL", 1500, 150), ""]) {
  Deno.test(`parseGoYcsb() counts what a composite is made of once, with${total ? "" : "out"} TOTAL`, () => {
    const { benchmarks } = parseGoYcsb(textFile(
      "Run finished, takes 10s\n" + line("READ", 1000, 100) + line("READ_MODIFY_WRITE", 500, 50) +
        total + line("UPDATE", 500, 50),
    ));
    assert.deepEqual(benchmarks[0]?.samples, [{ iterations: 1500, ns: 10e9, atNs: null }]);
    assert.deepEqual(benchmarks.map(({ name }) => name), [
      "overall",
      "READ",
      "READ_MODIFY_WRITE",
      "UPDATE",
    ]);
  });
}

const BAD: [name: string, text: string, message: RegExp][] = [
  ["a run that did not finish", text.replace(/Run finished[^]*/, ""), /did not finish/],
  ["two runs", text + text, /it has two runs; import each/],
  ["no operation", text.replace(/(takes .*\n)[^]*/, "$1"), /no operation follows its end/],
  ["no duration", text.replace("11.722575701s", "0s"), /its duration "0s" is none/],
];
Deno.test.each(BAD)(
  "parseGoYcsb() says what and where when it meets %s",
  (_name, text, message) => {
    assert.throws(() => parseGoYcsb(textFile(text)), { name: "ResultError", message });
  },
);

Deno.test("parseGoYcsb() takes a rate that is printed as 0.0", () => {
  const scan = "SCAN   - Takes(s): 25.0, Count: 1, OPS: 0.0, Avg(us): 1510, Min(us): 1510, " +
    "Max(us): 1511, 99th(us): 1511, 99.9th(us): 1511, 99.99th(us): 1511\n";
  const { benchmarks } = parseGoYcsb(textFile(`Run finished, takes 25.1s\n${scan}`));
  assert.deepEqual(benchmarks.map(({ name, samples }) => [name, samples[0]!.iterations]), [
    ["overall", 1],
    ["SCAN", 1],
  ]);
});

const DAMAGED: [name: string, text: string, note: RegExp, kept: string[]][] = [
  [
    "a line that is cut off",
    text.trimEnd().slice(0, -30),
    /the line of UPDATE is cut off or not whole/,
    ["overall", "READ"],
  ],
  ["zero operations", text.replace("10017", "0"), /READ did no operation/, ["overall", "UPDATE"]],
  ["figures of two lines", text.replace("10017", "20034"), /READ contradict each other/, [
    "overall",
    "UPDATE",
  ]],
  ["NaN", text.replace("Avg(us): 9298", "Avg(us): NaN"), /Avg of READ is "NaN"/, [
    "overall",
    "UPDATE",
  ]],
  ["mixed units", text.replace("Avg(us): 9298", "Avg(ms): 9298"), /are in "us" and "ms"/, [
    "overall",
    "UPDATE",
  ]],
  [
    "a total below its parts",
    text.replace(/TOTAL.*/, (line) => line.replaceAll("20000", "100").replace("1707.4", "8.5")),
    /its TOTAL is 100/,
    ["overall", "READ", "UPDATE"],
  ],
];
Deno.test.each(DAMAGED)(
  "parseGoYcsb() leaves out what cannot be read, and says it, when it meets %s",
  (_name, text, note, kept) => {
    const { benchmarks, warnings } = parseGoYcsb(textFile(text));
    assert.deepEqual(benchmarks.map(({ name }) => name), kept);
    assert.ok(
      warnings.some((warning) => warning.startsWith("Left out of ") && note.test(warning)),
      warnings.join("\n"),
    );
  },
);

Deno.test("parseGoYcsb() takes the overall rate from the total where a line is damaged, and has none without", () => {
  const damaged = text.replace("Avg(us): 9298", "Avg(us): NaN");
  const overall = (text: string) =>
    parseGoYcsb(textFile(text)).benchmarks.find(({ name }) => name === "overall");
  assert.equal(overall(damaged)?.samples[0]?.iterations, 20_000);
  const without = damaged.replace(/^TOTAL.*\n/m, "");
  assert.equal(overall(without), undefined);
  assert.ok(
    parseGoYcsb(textFile(without)).warnings.includes(
      "Without that line the overall rate is not known.",
    ),
  );
});

const STYLES: [name: string, text: string][] = [
  [
    "json",
    '[{"99th(us)":"3600","Avg(us)":"690","Count":"10000","Max(us)":"61304","Min(us)":"262",' +
    '"OPS":"1000.0","Operation":"READ","Takes(s)":"10.0","99.9th(us)":"5000"}]',
  ],
  [
    "table",
    `+-----------+----------+-------+--------+---------+---------+---------+----------+------------+
| OPERATION | TAKES(S) | COUNT |  OPS   | AVG(US) | MIN(US) | MAX(US) | 99TH(US) | 99.9TH(US) |
+-----------+----------+-------+--------+---------+---------+---------+----------+------------+
| READ      |     10.0 | 10000 | 1000.0 |     690 |     262 |   61304 |     3600 |       5000 |
+-----------+----------+-------+--------+---------+---------+---------+----------+------------+`,
  ],
];
Deno.test.each(STYLES)("parseGoYcsb() reads the style %s", (_name, summary) => {
  const file = textFile(`Run finished, takes 10s\n${summary}\n`);
  assert.ok(isGoYcsb(file.text));
  const { benchmarks } = parseGoYcsb(file);
  assert.deepEqual(benchmarks.map(({ name, samples: [sample] }) => [name, sample]), [
    ["overall", { iterations: 10_000, ns: 10e9, atNs: null }],
    ["READ", { iterations: 10_000, ns: 6.9e9, atNs: null }],
  ]);
  assert.deepEqual(benchmarks[1]?.stated, {
    count: 10_000,
    mean: 690_000,
    min: 262_000,
    max: 61_304_000,
    p99: 3_600_000,
    p999: 5_000_000,
  });
});

Deno.test("parseGoYcsb() says of batches that they are no single records", () => {
  const line = (name: string) =>
    `${name} - Takes(s): 12.4, Count: 100, OPS: 8.1, Avg(us): 8690, Min(us): 262, Max(us): 9304\n`;
  const said = (name: string) =>
    parseGoYcsb(textFile(`Run finished, takes 12.5s\n${line(name)}`)).warnings
      .filter((warning) => warning.includes("batch"));
  assert.deepEqual(said("BATCH_INSERT"), [
    "Each operation of BATCH_INSERT is a batch of several records.",
  ]);
  assert.deepEqual(said("INSERT"), []);
});

Deno.test("parseGoYcsbs() takes processes with their properties for runs, and refuses what has none", () => {
  const run = (seconds: number) =>
    `Run finished, takes ${seconds}s\nREAD - Takes(s): ${seconds.toFixed(1)}, Count: 1000, ` +
    `OPS: ${(1000 / seconds).toFixed(1)}, Avg(us): 690, Min(us): 262, Max(us): 9304\n`;
  const head = '***************** properties *****************\n"threadcount"="4"\n' +
    "**********************************************\n";
  const outputs = parseGoYcsbs(textFile(head + run(4) + head + run(2)));
  assert.deepEqual(
    outputs.map((
      { benchmarks: [overall] },
    ) => [overall?.samples[0]?.ns, overall?.workload.clients]),
    [[4e9, 4], [2e9, 4]],
  );
  assert.throws(() => parseGoYcsbs(textFile(head + run(4) + run(2))), {
    message: /it has two runs/,
  });
  assert.throws(() => parseGoYcsbs(textFile(run(4) + run(2))), { message: /it has two runs/ });
});
