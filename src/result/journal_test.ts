import assert from "node:assert/strict";
import fc from "fast-check";
import { ResultError } from "./error.ts";
import { resultFromJournal } from "./from_journal.ts";
import type { OutputFile } from "../disk/mod.ts";
import {
  type CountLine,
  type JournalRecord,
  JournalWriter,
  type LookLine,
  type RatioLine,
  readJournal,
  repairTail,
  type RunStartedLine,
} from "./journal.ts";
import { samplePlan, sampleRecords, sampleSession } from "./_testing/sample_journal.ts";

/** Runs a test with the name of a journal that does not exist yet, in a folder of its own. */
function withPath(test: (path: string) => void | Promise<void>) {
  return async () => {
    const folder = Deno.makeTempDirSync();
    try {
      await test(`${folder}/journal.jsonl`);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}

function lines(records: unknown[]): string {
  return records.map((record) => JSON.stringify(record) + "\n").join("");
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

function writeSample(path: string): void {
  using writer = JournalWriter.create(path, samplePlan);
  for (const record of sampleRecords.slice(1)) writer.append(record);
}

/** A file in memory that takes `room` bytes, and then is full. */
class FullFile implements OutputFile {
  bytes: number[] = [];
  constructor(public room: number) {}
  writeSync(bytes: Uint8Array): number {
    const taken = Math.min(bytes.length, this.room - this.bytes.length);
    if (taken === 0) {
      throw Object.assign(new Error("No space left on device (os error 28)"), { code: "ENOSPC" });
    }
    this.bytes.push(...bytes.subarray(0, taken));
    return taken;
  }
  truncateSync(length = 0): void {
    this.bytes.length = length;
  }
  syncSync(): void {}
  close(): void {}
  get text(): string {
    return new TextDecoder().decode(new Uint8Array(this.bytes));
  }
}

Deno.test("JournalWriter writes the golden journal, a record a line", async (t) => {
  await withPath(async (path) => {
    writeSample(path);
    await t.assertSnapshot(Deno.readTextFileSync(path).split("\n"));
  })();
});

Deno.test(
  "readJournal() returns the records that JournalWriter wrote",
  withPath((path) => {
    writeSample(path);
    const journal = readJournal(path);
    assert.deepEqual(journal.records, sampleRecords);
    assert.equal(journal.torn, false);
    assert.equal(journal.end, Deno.statSync(path).size);
  }),
);

Deno.test(
  "readJournal() reads a journal cut at any byte as a prefix of its records",
  withPath((path) => {
    writeSample(path);
    const whole = Deno.readFileSync(path);
    fc.assert(
      fc.property(fc.nat(whole.length), (cut) => {
        Deno.writeFileSync(path, whole.subarray(0, cut));
        const journal = readJournal(path);
        assert.deepEqual(journal.records, sampleRecords.slice(0, journal.records.length));
        assert.equal(journal.torn, journal.end < cut);
        const next = sampleRecords[journal.records.length];
        const lineBytes = next === undefined ? 1 : byteLength(lines([next]));
        assert.ok(cut - journal.end < lineBytes, "a whole line is lost");
      }),
      { seed: 1, numRuns: 500, examples: [[0], [1], [whole.length - 1], [whole.length]] },
    );
  }),
);

Deno.test(
  "repairTail() lets a journal cut at any byte be gone on with",
  withPath((path) => {
    writeSample(path);
    const whole = Deno.readFileSync(path);
    const first = whole.indexOf(0x0A) + 1;
    fc.assert(
      fc.property(fc.integer({ min: first, max: whole.length }), (cut) => {
        Deno.writeFileSync(path, whole.subarray(0, cut));
        const kept = repairTail(path);
        assert.equal(kept.torn, false);
        const { writer, journal } = JournalWriter.resume(path, sampleSession);
        writer.close();
        assert.deepEqual(journal, kept);
        assert.deepEqual(readJournal(path).records, [...kept.records, sampleSession]);
      }),
      { seed: 2, numRuns: 100, examples: [[first], [whole.length]] },
    );
  }),
);

Deno.test(
  "readJournal() forgives a last line that ends but never reached the disk whole",
  withPath((path) => {
    const kept = lines(sampleRecords.slice(0, 3));
    Deno.writeTextFileSync(path, `${kept}\0\0\0\0ns":12,"atNs":0}\n`);
    const journal = readJournal(path);
    assert.deepEqual(journal.records, sampleRecords.slice(0, 3));
    assert.equal(journal.torn, true);
    assert.equal(journal.end, byteLength(kept));
  }),
);

Deno.test(
  "readJournal() keeps fields that this version does not know",
  withPath((path) => {
    const plan = { ...samplePlan, later: { a: [1, null] }, seed: 43 };
    const finished = { ...sampleRecords.at(-1)!, later: true };
    Deno.writeTextFileSync(path, lines([plan, finished]));
    assert.deepEqual(readJournal(path).records, [plan, finished]);
  }),
);

const plan = lines([samplePlan]);
const finished = lines([sampleRecords.at(-1)]);
const sample = lines([{ kind: "sample", iterations: 1, ns: 1, atNs: 0 }]);
const started = lines([sampleRecords[1]]);
const damages: [name: string, text: string | Uint8Array, line: number, message: RegExp][] = [
  ["a torn line in the middle", `${plan}{"kind":"fini\n${finished}`, 2, /line 2 is damaged .*JSON/],
  ["an empty line in the middle", `${plan}\n${finished}`, 2, /line 2 is damaged .*JSON/],
  [
    "bytes that are not UTF-8",
    new Uint8Array([...new TextEncoder().encode(plan + `{"kind":"`), 0xFF, 0x0A, 0x0A]),
    2,
    /line 2 is damaged .*UTF-8/,
  ],
  [
    "a field of the wrong type",
    `${plan}${started}{"kind":"sample","iterations":1,"ns":"fast","atNs":0}\n`,
    3,
    /line 3 is damaged \(ns: /,
  ],
  ["a kind of line that is unknown", `${plan}{"kind":"guess"}\n`, 2, /line 2 is damaged \(kind: /],
  ["a sample outside a run", `${plan}${sample}`, 2, /line 2 is damaged \(no run is under way\)/],
  ["a second plan", plan + plan, 2, /line 2 is damaged \(there is a plan already\)/],
  [
    "a run of a benchmark that was not planned",
    plan + started.replace("raw/put/100", "raw/other"),
    2,
    /line 2 is damaged \(the plan has no benchmark "raw\/other"\)/,
  ],
  ["another file", "# Readme\n\nText.\n", 1, /line 1 is damaged/],
  ["another JSON file", `{"name":"x"}\n`, 1, /it is not a Tidemark journal/],
  [
    "a newer version",
    plan.replace(`"version":1`, `"version":2`),
    1,
    /its version is 2, and this Tidemark knows versions up to 1; use a newer Tidemark/,
  ],
];
Deno.test.each(damages)(
  "readJournal() names file and line when it meets %s",
  async (_name, text, line, message) => {
    await withPath((path) => {
      if (typeof text === "string") Deno.writeTextFileSync(path, text);
      else Deno.writeFileSync(path, text);
      assert.throws(() => readJournal(path), (error) => {
        assert.ok(error instanceof ResultError);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n|\.$/);
        assert.ok(error.message.startsWith(`Cannot read the journal ${path}: `));
        assert.deepEqual([error.path, error.line], [path, line]);
        return true;
      });
    })();
  },
);

Deno.test(
  "readJournal() says so when there is no such file",
  withPath((path) => {
    assert.throws(() => readJournal(path), {
      name: "ResultError",
      message: `Cannot read the journal ${path}: there is no such file or folder; check the path`,
    });
  }),
);

Deno.test(
  "JournalWriter.create() refuses a name that is taken",
  withPath((path) => {
    writeSample(path);
    assert.throws(() => JournalWriter.create(path, samplePlan), {
      name: "ResultError",
      message: /exists already; choose another name, or resume it$/,
    });
    assert.deepEqual(readJournal(path).records, sampleRecords);
  }),
);

Deno.test(
  "JournalWriter.create() leaves no file behind when the plan cannot be written",
  withPath((path) => {
    const broken = { ...samplePlan, seed: -1 };
    assert.throws(() => JournalWriter.create(path, broken), TypeError);
    assert.throws(() => Deno.statSync(path), Deno.errors.NotFound);
  }),
);

Deno.test(
  "JournalWriter.resume() refuses while another process writes",
  withPath((path) => {
    using _writer = JournalWriter.create(path, samplePlan);
    assert.throws(() => JournalWriter.resume(path, sampleSession), {
      name: "ResultError",
      message: /another process is writing it; wait until it has ended$/,
    });
  }),
);

Deno.test(
  "JournalWriter.resume() refuses a journal without a plan",
  withPath((path) => {
    Deno.writeTextFileSync(path, plan.slice(0, 100));
    assert.throws(() => JournalWriter.resume(path, sampleSession), {
      name: "ResultError",
      message: /it holds no plan; measure anew$/,
    });
  }),
);

Deno.test(
  "JournalWriter.append() refuses what could not be read back, and writes nothing",
  withPath((path) => {
    using writer = JournalWriter.create(path, samplePlan);
    const refused: JournalRecord[] = [
      { kind: "sample", iterations: 1, ns: 1, atNs: 0 },
      { kind: "run-started", benchmark: "raw/other", run: 0, position: 0, startedAt: "" },
      samplePlan,
    ];
    for (const record of refused) assert.throws(() => writer.append(record), TypeError);
    writer.append(sampleRecords[1]!);
    assert.throws(
      () => writer.append({ kind: "sample", iterations: 1, ns: NaN, atNs: 0 }),
      /^TypeError: Cannot write a sample to the journal .*: ns: /,
    );
    assert.deepEqual(readJournal(path).records, sampleRecords.slice(0, 2));
  }),
);

Deno.test("JournalWriter.append() says what is kept, and goes on, when the device was full", () => {
  const file = new FullFile(plan.length + 20);
  const writer = new JournalWriter(file, { path: "j.jsonl", records: [], end: 0 });
  writer.append(samplePlan);
  assert.throws(() => writer.append(sampleRecords[1]!), {
    name: "ResultError",
    message: "Cannot write line 2 of the journal j.jsonl: no space is left on the device; " +
      "free some space, then resume; the line before it is kept",
  });
  assert.equal(file.text, plan);
  file.room = Infinity;
  writer.append(sampleRecords[1]!);
  assert.equal(file.text, lines(sampleRecords.slice(0, 2)));
});

Deno.test(
  "readJournal() refuses a journal without an end",
  withPath((path) => {
    Deno.writeTextFileSync(path, "");
    Deno.truncateSync(path, 2 ** 40);
    assert.throws(() => readJournal(path), {
      name: "ResultError",
      message: `Cannot read the journal ${path}: it is larger than 128 MiB; check that it is the ` +
        "right file",
    });
  }),
);

Deno.test("JournalWriter.append() writes nothing that would not be read again", () => {
  const file = new FullFile(Infinity);
  const end = 128 * 1024 * 1024 - 10;
  const writer = new JournalWriter(file, { path: "j.jsonl", records: sampleRecords, end });
  const next = { ...sampleRecords[1] as RunStartedLine, run: 1 };
  assert.throws(() => writer.append(next), {
    name: "ResultError",
    message: /: it would be larger than the 128 MiB that are read; measure less at a time$/,
  });
  assert.equal(file.text, "");
});

const repeated: [
  name: string,
  lines: (records: JournalRecord[]) => JournalRecord[],
  words: RegExp,
][] = [
  [
    "each sample is there twice",
    (records) =>
      records.flatMap((record): JournalRecord[] =>
        record.kind === "sample" ? [record, record] : [record]
      ),
    /^line 5 is damaged \(the sample began 0 ns after the run's first, and the one before it at 0\)/,
  ],
  [
    "samples have changed places",
    (records) => records.with(3, records[4]!).with(4, records[3]!),
    /^line 5 is damaged \(the sample began 0 ns after .*, and the one before it at 4296000\)/,
  ],
  [
    "a run has more samples than its plan says",
    (records) => records.toSpliced(5, 0, { kind: "sample", iterations: 10, ns: 4e6, atNs: 9e6 }),
    /^line 6 is damaged \(the run has the 2 samples of its plan already\)/,
  ],
  [
    "a run is there twice",
    (records) => records.toSpliced(8, 0, ...records.slice(1, 8)),
    /^line 9 is damaged \(run 0 of "raw\/put\/100" is in this session already\)/,
  ],
  [
    "the plan has a benchmark twice",
    (records) => {
      const benchmarks = [...samplePlan.benchmarks, samplePlan.benchmarks[0]!];
      return records.with(0, { ...samplePlan, benchmarks });
    },
    /^line 1 is damaged \(benchmarks: have each benchmark's id once\)/,
  ],
  [
    "a sample has a time that no clock can give",
    (records) => records.with(3, { kind: "sample", iterations: 10, ns: 1e308, atNs: 0 }),
    /^line 4 is damaged \(ns: give a time that a clock can measure, ns\)/,
  ],
  [
    "a sample has iterations of which each took longer than any clock runs",
    (records) => records.with(3, { kind: "sample", iterations: 1e-320, ns: 1e9, atNs: 0 }),
    /^line 4 is damaged \(iterations: give a count that a machine can reach\)/,
  ],
  [
    "the plan has more runs than any bench can do",
    (records) => records.with(0, { ...samplePlan, profile: { ...samplePlan.profile, runs: 1e12 } }),
    /^line 1 is damaged \(profile\.runs: give as many runs as one bench can do\)/,
  ],
  [
    "a run began at no time",
    (records) => records.with(1, { ...records[1] as RunStartedLine, startedAt: "x" }),
    /^line 2 is damaged \(startedAt: give a time in UTC such as/,
  ],
];
Deno.test.each(repeated)("readJournal() says the line when %s", (_name, change, words) => {
  withPath((path) => {
    const lines = change(sampleRecords).map((record) => JSON.stringify(record) + "\n");
    Deno.writeTextFileSync(path, lines.join(""));
    assert.throws(() => readJournal(path), (error) => {
      assert.ok(error instanceof ResultError);
      assert.match(error.message.replace(`Cannot read the journal ${path}: `, ""), words);
      return true;
    });
  })();
});

Deno.test("readJournal() takes a run again where another session has begun", () => {
  withPath((path) => {
    const records = [...sampleRecords, sampleSession, ...sampleRecords.slice(1, 8)];
    Deno.writeTextFileSync(path, records.map((record) => JSON.stringify(record) + "\n").join(""));
    assert.equal(readJournal(path).records.length, records.length);
  })();
});

Deno.test(
  "JournalWriter.append() takes the turns of runs that ended in this session, once, with as many batches of each",
  withPath((path) => {
    const plan = {
      ...samplePlan,
      benchmarks: ["raw/get", "kvstore/get"].map((id) => ({
        ...samplePlan.benchmarks[0]!,
        id,
        store: id.split("/")[0]!,
      })),
    };
    using writer = JournalWriter.create(path, plan);
    const sides = plan.benchmarks.map(({ id }) => ({
      benchmark: id,
      iterations: 10,
      ns: [100, 110],
      awaitedNs: 0,
      turnsNotQuiet: 0,
    }));
    const ratio = (change: Partial<RatioLine>): RatioLine => ({
      kind: "ratio",
      run: 0,
      group: plan.benchmarks.map(({ id }) => id),
      startedAt: plan.startedAt,
      state: "ended",
      sides,
      ...change,
    });
    const refused = (change: Partial<RatioLine>, words: RegExp) =>
      assert.throws(() => writer.append(ratio(change)), words);
    refused({}, /not every run 0 of it is in this session/);
    for (const { id } of plan.benchmarks) {
      const started = sampleRecords.find(({ kind }) => kind === "run-started") as RunStartedLine;
      writer.append({ ...started, benchmark: id, run: 0 });
      refused({}, /a run is under way|not every run/);
      writer.append(sampleRecords.find(({ kind }) => kind === "run-ended")!);
    }
    refused({ group: ["raw/get", "etcd/get"] }, /the plan has no benchmark "etcd\/get"/);
    refused(
      { sides: [sides[0]!, { ...sides[1]!, ns: [100] }] },
      /not all sides have as many batches/,
    );
    writer.append(ratio({}));
    refused({ group: ["kvstore/get", "raw/get"] }, /run 0 of it is in this session already/);
    assert.equal(readJournal(path).records.at(-1)!.kind, "ratio");
  }),
);

Deno.test(
  "a look adds runs to what the plan has, or says why not, and the last one is the last",
  withPath((path) => {
    const look: LookLine = {
      kind: "look",
      at: samplePlan.startedAt,
      open: ["raw/get p99"],
      more: [{ benchmark: "raw/get", runs: 2 }],
    };
    using writer = JournalWriter.create(path, samplePlan);
    const refused = (change: Partial<LookLine>, words: RegExp) =>
      assert.throws(() => writer.append({ ...look, ...change }), words);
    refused(
      { more: [{ benchmark: "raw/scan", runs: 2 }] },
      /the plan has no benchmark "raw\/scan"/,
    );
    refused({ more: [{ benchmark: "raw/get", runs: 1 }] }, /"raw\/get" has 1 runs already/);
    refused({ more: [] }, /it has to add runs, or to say why not/);
    refused({ ended: "time" }, /it has to add runs, or to say why not/);
    writer.append(sampleRecords.find(({ kind }) => kind === "run-started")!);
    refused({}, /a run is under way/);
    writer.append(sampleRecords.find(({ kind }) => kind === "run-ended")!);
    writer.append(look);
    refused({}, /"raw\/get" has 2 runs already/);
    writer.append({ ...look, more: [], ended: "time" });
    refused({ more: [{ benchmark: "raw/get", runs: 4 }] }, /the look before it was the last one/);
    assert.equal(readJournal(path).records.at(-1)!.kind, "look");
  }),
);

Deno.test(
  "a journal has each process that counts once, of a benchmark that is planned, and between runs",
  withPath((path) => {
    using writer = JournalWriter.create(path, samplePlan);
    const count: CountLine = {
      kind: "count",
      benchmark: "raw/get",
      run: 0,
      startedAt: samplePlan.startedAt,
      instructions: [1, 2, 3],
      operations: 20,
    };
    assert.throws(
      () => writer.append({ ...count, benchmark: "raw/scan" }),
      /the plan has no benchmark "raw\/scan"/,
    );
    writer.append(count);
    assert.throws(() => writer.append(count), /count 0 of "raw\/get" is there already/);
    writer.append(sampleRecords.find(({ kind }) => kind === "run-started")!);
    assert.throws(() => writer.append({ ...count, run: 1 }), /a run is under way/);
    writer.append(sampleRecords.find(({ kind }) => kind === "run-ended")!);
    writer.append({ ...count, run: 1, instructions: [], error: "no instruction known" });
    const { kind: _, ...first } = count;
    assert.deepEqual(resultFromJournal(readJournal(path)).counts, [
      first,
      { ...first, run: 1, instructions: [], error: "no instruction known" },
    ]);
  }),
);

Deno.test(
  "a bench that ends with its plan has no looks",
  withPath((path) => {
    const { untilSure: _, ...plan } = samplePlan;
    using writer = JournalWriter.create(path, plan);
    const look = sampleRecords.find(({ kind }) => kind === "look")!;
    assert.throws(() => writer.append(look), /the bench ends with its plan/);
  }),
);
