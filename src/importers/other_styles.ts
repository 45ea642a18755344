/** Output of known tools in a style that is not read, and what makes the one that is. */

/** By what only it has, what it is and how to get the other, as clauses. */
const STYLES: readonly (readonly [mark: RegExp, what: string, mend: string])[] = [
  [/^[2-5];fio-\d[^;\n]*;/m, "fio's terse output", "run fio with --output-format=json+"],
  [/^\S.*: \(groupid=\d+, jobs=\d+\): err=/m, "fio's text", "run fio with --output-format=json+"],
  [/^command,mean,stddev,median,user,system,min,max/m, "hyperfine's CSV", "use --export-json"],
  [/^\| Command \| Mean \[/m, "hyperfine's Markdown", "use --export-json"],
  [/^ *Time \(mean ± σ\):/m, "hyperfine's text", "use --export-json"],
  [
    /^Benchmark +Time +CPU +Iterations|^name,iterations,real_time,cpu_time,time_unit/m,
    "google/benchmark's text or CSV",
    "use --benchmark_out=FILE --benchmark_out_format=json",
  ],
  [
    /^Name \(time in \S+\) +Min +Max/m,
    "pytest-benchmark's table",
    "use --benchmark-json=FILE",
  ],
  [
    /^\{"type":"(Metric|Point)"|^metric_name,timestamp,metric_value,/m,
    "k6's log of single values",
    "run k6 with --summary-export=FILE, which sums them up",
  ],
  [/^ *http_req_duration\.+: avg=/m, "k6's text", "run k6 with --summary-export=FILE"],
  [
    /^\{"reason":"(benchmark|group)-complete"/m,
    "cargo-criterion's messages",
    "run cargo bench, and name its target/criterion",
  ],
  [
    /^\S?.* +time: +\[\S+ \S+ \S+ \S+ \S+ \S+\]/m,
    "criterion's text",
    "name its target/criterion",
  ],
  [
    /^test .+ \.\.\. bench: +[\d,.]+ ns\/iter/m,
    "libtest's text, which has no samples",
    "measure with criterion, and name its target/criterion",
  ],
  [
    /^ops\/sec\tmb\/sec\t/m,
    "the report of a benchmark.sh before 7.0",
    "import what db_bench itself printed (benchmark_TEST.log beside it)",
  ],
  [
    /^secs_elapsed,interval_qps/m,
    "db_bench's rates by interval",
    "import what db_bench itself printed",
  ],
  [
    /^ *Value +Percentile +TotalCount /m,
    "an HDR histogram's table of percentiles",
    "log the histogram itself (HistogramLogWriter, hdrhistogram.fileoutput=true)",
  ],
  [
    /^ *"min_run_count":|^\{\s*"arch":[^{}]*"num_cpu":/m,
    "asv's list of benchmarks or machines",
    "name results/MACHINE/COMMIT-ENVIRONMENT.json",
  ],
  [
    /^ *(name +old (time|speed)\/op|│ .* │ .* │$)/m,
    "benchstat's comparison",
    "import the files that it compared, each alone, and compare them",
  ],
];

/** What a text is, where it is known and not read, as `<what>; <mend>`. */
export function otherStyle(text: string): string | null {
  const found = STYLES.find(([mark]) => mark.test(text));
  return found === undefined ? null : `it is ${found[1]}; ${found[2]}`;
}
