/** What attacks have found so far, and what an earlier one found to hold. */

/** What the fuzzers and the torture found and was then mended, with its smallest input. */
export const FOUND: readonly string[] = [
  "A suite that is `null`, or whose name is a BigInt, ended with a stack trace (`defineSuite(null)`); " +
  "a suite that holds a circle or a BigInt in a field of its own was taken, and could then not be " +
  "written to a journal. Both are refused.",
  "A name of a million letters made an error of a million letters. A line that a person is told has at " +
  "most 1,000, with its end, which says how to mend it.",
  "A rate of 1e-320 in benchmark.sh's report.tsv, or iterations of 1e-320 in a journal, made an " +
  "infinite time; a rate of 1e30 a result that could not be read again. Figures have the bounds of " +
  "what a machine reaches, and what is imported is held against the schema before it is a result.",
  "A plan of 1e12 runs (`profile.runs` in a journal) made a list of all that were missing: a crash, or " +
  "a minute and all memory. Such a plan is refused, and completeness is counted without a list.",
  "A list of a million nulls (`runs` in a result, `benchmarks` of a suite) had a million issues of half " +
  "a kilobyte each: 500 MB. Everything is held against its schema up to the first issue.",
  "A throughput of `[[[…]]]`, some thousand lists deep, in criterion's benchmark.json ended in a stack " +
  "overflow. It is refused.",
  "npm:rocksdb ends its process on some damaged tables (an assertion of its RocksDB 6). A run is a " +
  "process of its own, so that this costs the run; the torture reads damaged tables likewise.",
  "A benchmark with the same samples in two outputs, or twice in one of pytest-benchmark's, made a " +
  "result that could not be read again. It counts once, with a note.",
  "A date of google/benchmark and 1e16 iterations after it ended in the year 300,000, which is no date: " +
  "a crash. What is over later than 9999 is over then.",
  "Buckets of fio's with 2^53 latencies overflowed a histogram. Their sum is held against what is exact " +
  "before it is made.",
];

/** What held in the attack on 41bd30e, and how it is tried again. */
export const EARLIER: readonly (readonly [what: string, again: string])[] = [
  [
    "2,000 emulated runs of both architectures' machine code: alignment, saved registers, red zone, " +
    "guard bytes",
    "That attack's emulator is not part of the project. `deno test src/native src/store/raw` holds the " +
    "code against plain calls and its listings; each load of a library does so too.",
  ],
  ["3,720 shuffled uses after close", "`deno task test:torture --only closed`"],
  ["66 sizes up to values of 64 MiB and keys of 1 MiB", "`deno task test:torture --only sizes`"],
  ["120 range checks against a model", "`deno test src/store/contract_test.ts` (random histories)"],
  [
    "Collections forced under load; 4 workers; 100,000 cursors and snapshots, 500,000 gets, 480 opens " +
    "without growth",
    "`deno test src/store/raw/leak_e2e_test.ts`, `deno test src/measure/allocation_test.ts`",
  ],
  ["1,120 damaged SST files, no wrong value", "`deno task test:torture --only tables`"],
  ["240 damaged CURRENT and OPTIONS", "`deno test src/store/raw/errors_test.ts`"],
  [
    "Wrong libraries",
    "`deno test src/store/raw/library_test.ts`, and `deno task test:e2e` (bench refuses a librocksdb)",
  ],
  [
    "Pages: 4 sets of payloads in every text, none alive, a strict CSP",
    "`deno task test:torture --only names`, and `deno test src/report/browser_e2e_test.ts`",
  ],
  ["68 imports of hostile names", "`deno task test:fuzz`, its importers"],
  [
    "18 edits of journals",
    "`deno task test:torture --only journals`, `deno task test:fuzz --only journal`",
  ],
  [
    "Links, FIFOs and odd names in `publish`",
    "`deno task test:torture --only other-things`, and `deno test src/publish`",
  ],
  [
    "12 adds at once, two nights at once",
    "`deno task test:torture --only writers,nights`",
  ],
  [
    "Devices of 64 KiB to 20 MB, no inodes, data removed in mid-run: clear errors, code 3, nothing left " +
    "behind",
    "`deno task test:torture --only devices,lost-devices`",
  ],
  [
    "40 kills of the controller, 10 of a child, 4 SIGTERM and 4 SIGHUP: no sample lost, nothing left behind",
    "`deno task test:torture --only kills,child-kills`",
  ],
];
