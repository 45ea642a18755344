import assert from "node:assert/strict";
import { textFile } from "./_testing/fixtures.ts";
import { detectFormat } from "./format.ts";

const STYLES: [what: RegExp, text: string][] = [
  [
    /it is fio's terse output; run fio with --output-format=json\+$/,
    "3;fio-3.33;r;0;0;4096;4571\n",
  ],
  [/it is fio's text;/, "r: (groupid=0, jobs=1): err= 0: pid=7: Sun Nov 29\n  read: IOPS=4\n"],
  [/it is hyperfine's CSV; use --export-json$/, "command,mean,stddev,median,user,system,min,max\n"],
  [/it is hyperfine's Markdown/, "| Command | Mean [ms] | Min [ms] | Max [ms] | Relative |\n"],
  [/it is hyperfine's text/, "Benchmark 1: a\n  Time (mean ± σ):     1.0 ms ±   0.1 ms\n"],
  [/google\/benchmark's text or CSV/, "Benchmark            Time             CPU   Iterations\n"],
  [/google\/benchmark's text or CSV/, "name,iterations,real_time,cpu_time,time_unit,bytes\n"],
  [/pytest-benchmark's table/, "Name (time in us)         Min      Max     Mean\n"],
  [/k6's log of single values/, '{"type":"Point","data":{},"metric":"vus"}\n'],
  [/k6's text/, "     http_req_duration..............: avg=7ms min=1ms\n"],
  [/cargo-criterion's messages/, '{"reason":"benchmark-complete","id":"a"}\n'],
  [/criterion's text; name its target/, "get       time:   [1.0 µs 1.1 µs 1.2 µs]\n"],
  [/libtest's text/, "test get ... bench:       1,234 ns/iter (+/- 5)\n"],
  [/a benchmark\.sh before 7\.0; import what db_bench itself/, "ops/sec\tmb/sec\tSize-GB\tL0_GB\n"],
  [/db_bench's rates by interval/, "secs_elapsed,interval_qps\n1,123456\n"],
  [/table of percentiles/, "       Value     Percentile TotalCount 1/(1-Percentile)\n"],
  [/asv's list/, '{\n "arch": "x86_64",\n "num_cpu": "8",\n "version": 1\n}\n'],
  [/benchstat's comparison/, "   │ old.txt │ new.txt │\n   │ sec/op  │ sec/op  │\n"],
  [/benchstat's comparison/, "name   old time/op  new time/op  delta\n"],
];
Deno.test.each(STYLES)("detectFormat() says %s", (message, text) => {
  assert.throws(() => detectFormat(textFile(text)), { name: "ResultError", message });
});
