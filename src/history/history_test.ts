import assert from "node:assert/strict";
import { mayMount, onSmallDevice } from "../disk/_testing/folders.ts";
import { RESULT_FILE } from "../disk/mod.ts";
import { HistoryError, type NightFile, openHistory } from "./mod.ts";
import { nightAt, type SampleNight, sampleNight } from "./_testing/sample_night.ts";

const NOW = "2036-01-01T00:00:00.000Z";
const FILES: NightFile[] = [{ name: RESULT_FILE, content: { text: "{}\n" } }];

/** Gives a test a new history's directory, and removes it. */
function withDirectory(test: (directory: string) => void): () => void {
  return () => {
    const parent = Deno.makeTempDirSync({ prefix: "tidemark-history-" });
    try {
      test(`${parent}/history`);
    } finally {
      Deno.removeSync(parent, { recursive: true });
    }
  };
}

function open(directory: string) {
  return openHistory(directory, { create: true, now: () => NOW });
}

/** A history of these nights. */
function made(directory: string, nights: SampleNight[], files = FILES) {
  const history = open(directory);
  for (const night of nights) history.add(sampleNight(night), files);
  return history;
}

const LINES = "nodes/node01.jsonl";

Deno.test(
  "add() keeps the record as a line and its files in a folder of night and node",
  { timeout: 300_000 },
  withDirectory((directory) => {
    using history = open(directory);
    const report: NightFile = { name: "report.html", content: { text: "<p>" } };
    const added = history.add(sampleNight({ night: nightAt(0) }), [...FILES, report]);
    assert.equal(added.state, "added");
    const folder = "nights/2026-01-01/node01/2026-01-01T010000Z-baseline-1";
    assert.deepEqual(JSON.parse(Deno.readTextFileSync(`${directory}/${LINES}`)), {
      ...sampleNight({ night: nightAt(0) }),
      addedAt: NOW,
      folder,
      files: ["result.json", "report.html"],
    });
    assert.equal(Deno.readTextFileSync(`${directory}/${folder}/result.json`), "{}\n");
    assert.equal(history.series()[0]!.points[0]!.report, `${folder}/report.html`);
    assert.deepEqual(history.record("2026-01-01", "node01"), added.line);
    assert.equal(history.record("2026-01-02", "node01"), null);
  }),
);

Deno.test(
  "add() copies files and folders from where they are",
  { timeout: 300_000 },
  withDirectory((directory) => {
    const from = `${directory}-from`;
    Deno.mkdirSync(`${from}/figures`, { recursive: true });
    Deno.writeTextFileSync(`${from}/figures/a.svg`, "<svg/>");
    using history = open(directory);
    const figures: NightFile = { name: "figures", content: { path: `${from}/figures` } };
    const { line } = history.add(sampleNight({ night: nightAt(0) }), [figures]);
    assert.equal(Deno.readTextFileSync(`${directory}/${line.folder}/figures/a.svg`), "<svg/>");
    const missing: NightFile = { name: "x", content: { path: `${from}/x` } };
    assert.throws(
      () => history.add(sampleNight({ night: nightAt(1) }), [missing]),
      /Cannot put the result into .*no such file/,
    );
    assert.equal(history.records().length, 1);
  }),
);

Deno.test(
  "add() does nothing where the same result is there, and refuses it under another night",
  { timeout: 300_000 },
  withDirectory((directory) => {
    using history = made(directory, [{ night: nightAt(0) }]);
    const before = Deno.readTextFileSync(`${directory}/${LINES}`);
    assert.equal(history.add(sampleNight({ night: nightAt(0) }), FILES).state, "known");
    const elsewhere = { ...sampleNight({ night: nightAt(0) }), night: nightAt(1) };
    assert.throws(() => history.add(elsewhere, FILES), /it is there already, as 2026-01-01 of/);
    assert.equal(Deno.readTextFileSync(`${directory}/${LINES}`), before);
  }),
);

Deno.test(
  "add() refuses a node whose name another has but for capital letters, and goes on with both",
  { timeout: 300_000 },
  withDirectory((directory) => {
    using history = open(directory);
    const of = (node: string, day: number) =>
      sampleNight({ night: nightAt(day), changes: { node } });
    history.add(of("node01", 0), FILES);
    assert.throws(
      () => history.add(of("Node01", 0), FILES),
      /as of Node01: it has the node node01, which differs by capital letters alone; use that name/,
    );
    assert.deepEqual(history.nodes(), ["node01"]);
    // As a history of before may have it.
    Deno.writeTextFileSync(
      `${directory}/nodes/NODE01.jsonl`,
      Deno.readTextFileSync(`${directory}/nodes/node01.jsonl`).replaceAll("node01", "NODE01"),
    );
    history.add(of("NODE01", 1), FILES);
    assert.deepEqual(history.nodes(), ["NODE01", "node01"]);
  }),
);

Deno.test(
  "add() refuses what is no record, no night, no node, or yet to come, and writes nothing",
  { timeout: 300_000 },
  withDirectory((directory) => {
    using history = open(directory);
    const night = nightAt(0);
    for (
      const [changes, message] of [
        [{ night: "2026-02-30" }, /night: it is no date like 2026-11-22/],
        [{ night: "0001-01-01" }, /no date/],
        [{ node: "../other" }, /node: it cannot be the name of a node/],
        [{ night: "2036-01-03" }, /is yet to come/],
        [{ digest: "" }, /digest/],
      ] as const
    ) {
      assert.throws(() => history.add(sampleNight({ night, changes }), FILES), (error: Error) => {
        assert.ok(error instanceof HistoryError);
        assert.match(error.message, message);
        return true;
      });
    }
    assert.deepEqual(history.nights(), []);
    assert.deepEqual(history.series(), []);
  }),
);

Deno.test(
  "add() copies nothing through a link, and waits for no pipe",
  { timeout: 300_000 },
  withDirectory((directory) => {
    const from = `${directory}-from`;
    Deno.mkdirSync(`${from}/figures`, { recursive: true });
    Deno.writeTextFileSync(`${directory}-private`, "private");
    Deno.symlinkSync(`${directory}-private`, `${from}/report.html`);
    Deno.symlinkSync("/etc", `${from}/figures/x`);
    new Deno.Command("mkfifo", { args: [`${from}/report.md`] }).outputSync();
    using history = open(directory);
    const refused: [name: string, reason: RegExp][] = [
      ["report.html", /report\.html: it is a link; put the file itself there$/],
      ["figures", /figures\/x: it is a link; put the file itself there$/],
      ["report.md", /report\.md: it is not a regular file; copy it to one$/],
    ];
    for (const [name, message] of refused) {
      const file = { name, content: { path: `${from}/${name}` } };
      assert.throws(() => history.add(sampleNight({ night: nightAt(0) }), [...FILES, file]), {
        name: "HistoryError",
        message,
      });
    }
    assert.deepEqual(history.nights(), []);
    assert.deepEqual([...Deno.readDirSync(`${directory}/nights/2026-01-01/node01`)], []);
  }),
);

Deno.test(
  "add() replaces a folder that a killed process left, and no other one",
  { timeout: 300_000 },
  withDirectory((directory) => {
    using history = made(directory, [{ night: nightAt(0) }]);
    const folder = `${directory}/nights/2026-01-02/node01/2026-01-02T010000Z-baseline-1`;
    Deno.mkdirSync(folder, { recursive: true });
    Deno.writeTextFileSync(`${folder}/result.json`, "hal");
    history.add(sampleNight({ night: nightAt(1) }), FILES);
    assert.equal(Deno.readTextFileSync(`${folder}/result.json`), "{}\n");
    // A resumed result has the same id and other content.
    const digest = "f".repeat(64);
    const resumed = history.add(sampleNight({ night: nightAt(1), changes: { digest } }), FILES);
    assert.ok(resumed.line.folder.endsWith("-baseline-1-2"));
    assert.equal(resumed.others.length, 1);
  }),
);

Deno.test(
  "series() has every night from the first to the last, and says why a value is missing",
  { timeout: 300_000 },
  withDirectory((directory) => {
    const both = ["raw/write/100", "raw/read/100"];
    using history = made(directory, [
      { night: nightAt(4), benchmarks: both, value: 104 },
      { night: nightAt(0), benchmarks: both, value: 100 },
      { night: nightAt(2), value: 102 },
      { night: nightAt(5), node: "node02", value: 105 },
    ]);
    assert.deepEqual(history.nights(), [0, 1, 2, 3, 4, 5].map(nightAt));
    assert.deepEqual(history.nodes(), ["node01", "node02"]);
    const [read] = history.series({ benchmark: "raw/read/100", metric: "throughput" });
    assert.deepEqual(read!.points.map(({ value }) => value), [100, null, null, null, 104, null]);
    assert.deepEqual(read!.points.map(({ reason }) => reason), [
      null,
      "there is no result of it",
      "the night's result does not have it",
      "there is no result of it",
      null,
      "there is no result of it",
    ]);
    assert.deepEqual(
      history.series().map(({ node, benchmark, metric, better }) =>
        [node, benchmark, metric, better].join(" ")
      ),
      [
        "node01 raw/read/100 throughput higher",
        "node01 raw/read/100 mean lower",
        "node01 raw/write/100 throughput higher",
        "node01 raw/write/100 mean lower",
        "node02 raw/write/100 throughput higher",
        "node02 raw/write/100 mean lower",
      ],
    );
    assert.equal(history.series({ node: "node02" }).length, 2);
    assert.deepEqual(history.series({ node: "node03" }), []);
  }),
);

Deno.test(
  "series() has what values depend on, and no interval over fewer than three runs",
  { timeout: 300_000 },
  withDirectory((directory) => {
    using history = made(directory, [
      { night: nightAt(0), value: 100 },
      { night: nightAt(1), value: 100, runs: 2 },
    ]);
    const { points } = history.series()[0]!;
    const common = { commit: "0123456789abcdef", library: "RocksDB 7.8.3", conditions: "00112233" };
    const rest = { value: 100, reason: null, report: null, ...common };
    assert.deepEqual(points, [
      { night: nightAt(0), low: 99, high: 101, runs: 3, ...rest },
      { night: nightAt(1), low: null, high: null, runs: 2, ...rest },
    ]);
  }),
);

Deno.test(
  "series() takes of two results of a night the one begun last, for each benchmark that it has",
  { timeout: 300_000 },
  withDirectory((directory) => {
    const night = nightAt(0);
    const late = { startedAt: "2026-01-01T05:00:00.000Z" };
    using history = made(directory, [
      { night, id: "late", value: 5, changes: late },
      { night, id: "early", value: 1, benchmarks: ["raw/write/100", "raw/read/100"] },
    ]);
    const values = history.series({ metric: "throughput" })
      .map(({ benchmark, points }) => [benchmark, points[0]!.value]);
    assert.deepEqual(values, [["raw/read/100", 1], ["raw/write/100", 5]]);
    assert.match(history.record(night, "node01")!.result, /late$/);
    assert.equal(history.records().length, 2);
  }),
);

Deno.test(
  "series() is the same after the index was deleted, damaged or replaced by something else",
  { timeout: 300_000 },
  withDirectory((directory) => {
    const nights = [0, 1, 2].map((day) => ({ night: nightAt(day), value: 100 + day }));
    using history = made(directory, nights);
    const expected = history.series();
    const lines = Deno.readTextFileSync(`${directory}/${LINES}`);
    history.close();
    const index = `${directory}/index.sqlite`;
    const whole = Deno.readFileSync(index);
    const damages: [what: string, damage: () => void][] = [
      ["deleted", () => Deno.removeSync(index)],
      ["empty", () => Deno.writeFileSync(index, new Uint8Array())],
      ["text", () => Deno.writeTextFileSync(index, "index")],
      ["cut", () => Deno.writeFileSync(index, whole.subarray(0, whole.length / 2))],
      ["zeroed", () => Deno.writeFileSync(index, whole.slice().fill(0, 4096))],
    ];
    for (const [what, damage] of damages) {
      damage();
      using again = open(directory);
      assert.deepEqual(again.series(), expected, what);
      assert.equal(again.add(sampleNight(nights[0]!), FILES).state, "known", what);
    }
    assert.equal(history.rebuild(), 3);
    assert.deepEqual(history.series(), expected);
    assert.equal(Deno.readTextFileSync(`${directory}/${LINES}`), lines);
  }),
);

Deno.test(
  "series() sees what another process added, took back from a copy, or removed",
  { timeout: 300_000 },
  withDirectory((directory) => {
    using history = made(directory, [{ night: nightAt(0) }]);
    const one = Deno.readTextFileSync(`${directory}/${LINES}`);
    assert.equal(history.nights().length, 1);
    open(directory).add(sampleNight({ night: nightAt(1) }), FILES);
    assert.equal(history.nights().length, 2);
    Deno.writeTextFileSync(`${directory}/${LINES}`, one);
    assert.equal(history.nights().length, 1);
    // Longer than before, and not what was indexed with something behind it.
    const moved = one.replaceAll(nightAt(0), nightAt(7));
    const other = JSON.stringify({ ...JSON.parse(moved), more: "x".repeat(9999) });
    Deno.writeTextFileSync(`${directory}/${LINES}`, `${other}\n`);
    assert.deepEqual(history.nights(), [nightAt(7)]);
    Deno.removeSync(`${directory}/${LINES}`);
    assert.deepEqual(history.nights(), []);
  }),
);

Deno.test(
  "openHistory() keeps fields that it does not know",
  { timeout: 300_000 },
  withDirectory((directory) => {
    const changes = { weather: { rain: true } };
    made(directory, [{ night: nightAt(0), changes }]).close();
    using history = open(directory);
    assert.deepEqual(history.record(nightAt(0), "node01")!["weather"], { rain: true });
  }),
);

Deno.test(
  "openHistory() refuses a directory that is no history, and leaves it as it was",
  { timeout: 300_000 },
  withDirectory((directory) => {
    assert.throws(() => openHistory(directory), /Cannot read the history .*: there is none; name/);
    Deno.mkdirSync(directory);
    Deno.writeTextFileSync(`${directory}/thesis.txt`, "years of work");
    assert.throws(() => open(directory), /it is not empty, and has no history\.json; name a new/);
    assert.deepEqual([...Deno.readDirSync(directory)].map(({ name }) => name), ["thesis.txt"]);
  }),
);

Deno.test(
  "openHistory() refuses a newer version of the directory and of a line",
  { timeout: 300_000 },
  withDirectory((directory) => {
    using history = made(directory, [{ night: nightAt(0) }]);
    const line = JSON.parse(Deno.readTextFileSync(`${directory}/${LINES}`));
    Deno.writeTextFileSync(`${directory}/${LINES}`, JSON.stringify({ ...line, version: 2 }) + "\n");
    assert.throws(() => history.nights(), /its version is 2, .*; use a newer Tidemark/);
    const mark = JSON.stringify({ schema: "tidemark.history", version: 2 });
    Deno.writeTextFileSync(`${directory}/history.json`, mark);
    assert.throws(() => open(directory), /its version is 2, .*; use a newer Tidemark/);
  }),
);

Deno.test(
  "openHistory() says where a line is damaged that is not the last one",
  { timeout: 300_000 },
  withDirectory((directory) => {
    using history = made(directory, [{ night: nightAt(0) }, { night: nightAt(1) }]);
    const text = Deno.readTextFileSync(`${directory}/${LINES}`);
    Deno.writeTextFileSync(`${directory}/${LINES}`, text.replace("{", "["));
    assert.throws(() => history.nights(), /node01\.jsonl, at byte 0: the line is damaged \(it is/);
    Deno.writeTextFileSync(`${directory}/${LINES}`, text.replace('"node01"', '"node02"'));
    assert.throws(() => history.nights(), /it is of the node node02, and not of node01/);
    Deno.writeTextFileSync(`${directory}/${LINES}`, text.replace(/"folder":"/, "$&../../"));
    assert.throws(() => history.nights(), /folder: it leaves the history/);
  }),
);

Deno.test(
  "add() waits for another process that is writing, and gives up where that does not end",
  { timeout: 300_000 },
  withDirectory((directory) => {
    made(directory, [{ night: nightAt(0) }]).close();
    using lock = Deno.openSync(`${directory}/lock`, { write: true });
    lock.lockSync(true);
    using history = openHistory(directory, { patienceMs: 30 });
    assert.equal(history.nights().length, 1, "reading waits for nobody");
    assert.throws(
      () => history.add(sampleNight({ night: nightAt(1) }), FILES),
      /another process has been writing it for 0\.03 s; wait until it has ended/,
    );
  }),
);

Deno.test(
  "thin() removes results by its rule, keeps every line, and is done when it is done",
  { timeout: 300_000 },
  withDirectory((directory) => {
    const nights = Array.from({ length: 120 }, (_, day) => ({ night: nightAt(day) }));
    using history = made(directory, nights);
    const values = history.series().map(({ points }) => points.map(({ value }) => value));
    const rule = { nights: 10, weeks: 4, keep: () => null };
    const plan = history.thin(rule, { dryRun: true });
    assert.equal(history.thin(rule, { dryRun: true }).removed.length, plan.removed.length);
    const done = history.thin(rule);
    assert.deepEqual(done, plan);
    for (const { line } of done.removed) {
      assert.throws(() => Deno.statSync(`${directory}/${line.folder}`), Deno.errors.NotFound);
    }
    assert.equal(done.removed.length + done.kept, 120);
    assert.equal(done.removed[0]!.bytes, 3);
    assert.equal([...Deno.readDirSync(`${directory}/nights`)].length, done.kept);
    assert.equal(done.keptBytes, 3 * done.kept);
    const again = { removed: [], spared: [], kept: done.kept, keptBytes: done.keptBytes };
    assert.deepEqual(history.thin(rule), again);
    const bounded = history.thin({ ...rule, mostBytes: 20 });
    assert.deepEqual([bounded.kept, bounded.keptBytes], [6, 18]);
    assert.deepEqual(
      history.series().map(({ points }) => points.map(({ value }) => value)),
      values,
    );
  }),
);

Deno.test(
  "a line that names another folder than its own is damaged, and nothing is removed",
  { timeout: 300_000 },
  withDirectory((directory) => {
    using history = made(directory, [{ night: nightAt(0) }, { night: nightAt(1) }]);
    const text = Deno.readTextFileSync(`${directory}/${LINES}`);
    const rule = { nights: 0, weeks: 0 };
    for (
      const folder of [
        "nodes",
        "nights",
        "nights/2026-01-01",
        "index.sqlite",
        "nights/2020-01-01/n/r",
      ]
    ) {
      Deno.writeTextFileSync(
        `${directory}/${LINES}`,
        text.replace(/"folder":"[^"]*"/, `"folder":"${folder}"`),
      );
      assert.throws(() => history.thin(rule), {
        name: "HistoryError",
        message:
          /the line is damaged \(folder: it is not the folder of the line's night, node and result\)/,
      });
      assert.ok(Deno.statSync(`${directory}/${LINES}`).isFile);
      assert.ok(Deno.statSync(`${directory}/nights/${nightAt(0)}`).isDirectory);
    }
    Deno.writeTextFileSync(`${directory}/${LINES}`, text.replace('"files":["', "$&../../"));
    assert.throws(() => history.nights(), /files\.0: it is no file's name/);
    Deno.writeTextFileSync(`${directory}/${LINES}`, text);
    assert.equal(history.nights().length, 2);
  }),
);

Deno.test(
  "nothing is read, replaced or removed through a link",
  { timeout: 300_000, ignore: Deno.build.os === "windows" },
  withDirectory((directory) => {
    using history = made(directory, [{ night: nightAt(0) }, { night: nightAt(9) }]);
    const elsewhere = `${directory}-elsewhere`;
    const night = `${directory}/nights/${nightAt(0)}`;
    Deno.renameSync(night, elsewhere);
    Deno.symlinkSync(elsewhere, night);
    const refusal = {
      name: "HistoryError",
      message: /^Cannot use .*: it is a link, and the history's/,
    };
    assert.throws(() => history.thin({ nights: 0, weeks: 0 }), refusal);
    const again = sampleNight({ night: nightAt(0), id: "another" });
    assert.throws(() => history.add(again, FILES), refusal);
    assert.equal([...Deno.readDirSync(`${elsewhere}/node01`)].length, 1);
  }),
);

Deno.test(
  "add() refuses names that no index keeps as they are, and the history goes on",
  { timeout: 300_000 },
  withDirectory((directory) => {
    using history = made(directory, [{ night: nightAt(0) }]);
    for (const id of ["raw/a\0b", "raw/\ud800"]) {
      const record = sampleNight({ night: nightAt(1) });
      record.benchmarks[0]!.id = id;
      assert.throws(() => history.add(record, FILES), {
        name: "HistoryError",
        message:
          /^Cannot add .* to the history: the name "raw\/.*" holds a NUL or half a surrogate/,
      });
    }
    assert.equal(history.add(sampleNight({ night: nightAt(1) }), FILES).state, "added");
    assert.equal(history.nights().length, 2);
  }),
);

const NOTE = { night: "2026-01-01", node: null, benchmark: null, metric: null, text: "new disk" };

Deno.test(
  "note() appends lines that stay whatever is rebuilt, and goes over one that was torn",
  { timeout: 300_000 },
  withDirectory((directory) => {
    using history = made(directory, [{ night: nightAt(0) }]);
    assert.deepEqual(history.notes(), []);
    history.note([NOTE, { ...NOTE, node: "node01", text: "again" }]);
    const path = `${directory}/notes.jsonl`;
    Deno.writeTextFileSync(path, '{"schema":"tidemark.night-n', { append: true });
    history.rebuild();
    assert.deepEqual(history.notes().map(({ text }) => text), ["new disk", "again"]);
    history.note([{ ...NOTE, text: "third" }]);
    assert.deepEqual(history.notes().map(({ text }) => text), ["new disk", "again", "third"]);
    assert.deepEqual(history.notes()[0], {
      schema: "tidemark.night-note",
      version: 1,
      ...NOTE,
      addedAt: NOW,
    });
  }),
);

Deno.test(
  "note() refuses what is no note, and says which line is damaged",
  { timeout: 300_000 },
  withDirectory((directory) => {
    using history = made(directory, [{ night: nightAt(0) }]);
    const refused = (note: Parameters<typeof history.note>[0][0], reason: RegExp) =>
      assert.throws(() => history.note([note]), reason);
    refused(
      { ...NOTE, text: "" },
      /^HistoryError: Cannot add a note of 0 letters: write 1 to 1000$/,
    );
    refused({ ...NOTE, night: "2026-02-30" }, /Cannot add a note: night: it is no date/);
    refused({ ...NOTE, node: "../x" }, /Cannot add a note: node: it cannot be the name of a node/);
    assert.deepEqual(history.notes(), []);
    Deno.writeTextFileSync(`${directory}/notes.jsonl`, "{}\n{}\n");
    assert.throws(
      () => history.notes(),
      /^HistoryError: Cannot read the note in .*notes\.jsonl, line 1: the line is damaged/,
    );
    assert.throws(() => history.note([NOTE]), /line 1: the line is damaged/);
  }),
);

Deno.test(
  "series() tells the nights whose times are medians",
  { timeout: 300_000 },
  withDirectory((directory) => {
    using history = open(directory);
    [undefined, "median" as const].forEach((estimator, n) => {
      const night = sampleNight({ night: nightAt(n) });
      const benchmarks = night.benchmarks.map((benchmark) => ({
        ...benchmark,
        ...(estimator !== undefined && { estimator }),
      }));
      history.add({ ...night, benchmarks }, FILES);
    });
    const [{ points }] = history.series() as [ReturnType<typeof history.series>[number]];
    assert.deepEqual(points.map(({ estimator }) => estimator), [undefined, "median"]);
  }),
);

Deno.test(
  "series() has the result that is known to have begun, and not one of which only the files' time is",
  { timeout: 300_000 },
  withDirectory((directory) => {
    using history = open(directory);
    const night = nightAt(0);
    const times = { startedAt: "2030-01-01T00:00:00.000Z", times: "files" as const };
    history.add(sampleNight({ night, id: "1", value: 100 }), FILES);
    history.add(sampleNight({ night, id: "2", value: 300, changes: times }), FILES);
    const value = () => history.series()[0]!.points[0]!.value;
    assert.equal(value(), 100);
    history.add(sampleNight({ night: nightAt(1), id: "3", value: 400, changes: times }), FILES);
    assert.equal(history.series()[0]!.points[1]!.value, 400);
  }),
);

Deno.test({
  name: "a history on a full device is read by its lines, and loses none (needs root to mount one)",
  ignore: !mayMount,
  timeout: 300_000,
  fn: onSmallDevice((device) => {
    const directory = `${device}/history`;
    {
      using history = open(directory);
      history.add(sampleNight({ night: nightAt(0), value: 100 }), FILES);
      // Seen once, the index has its file.
      assert.equal(history.series().length > 0, true);
    }
    const values = () => {
      using history = open(directory);
      return history.series()[0]!.points.map(({ value }) => value);
    };
    const fill = (left: number) => {
      const filler = `${device}/filler`;
      Deno.writeFileSync(filler, new Uint8Array());
      const block = new Uint8Array(1024);
      for (;;) {
        try {
          Deno.writeFileSync(filler, block, { append: true });
        } catch {
          break;
        }
      }
      Deno.truncateSync(filler, Math.max(0, Deno.statSync(filler).size - left));
    };
    fill(0);
    assert.deepEqual(values(), [100]);
    assert.throws(
      () => {
        using history = open(directory);
        history.add(sampleNight({ night: nightAt(1), value: 200 }), FILES);
      },
      { name: "HistoryError", message: /no space is left on the device; free some space/ },
    );
    assert.deepEqual(values(), [100]);
    // Room for the night, and none for a new index beside the old one.
    fill(16 * 1024);
    {
      using history = open(directory);
      history.add(sampleNight({ night: nightAt(1), value: 200 }), FILES);
      assert.equal(history.nights().length, 2);
    }
    assert.deepEqual(values(), [100, 200]);
    using history = open(directory);
    assert.throws(() => history.rebuild(), {
      name: "HistoryError",
      message:
        /^Cannot write the index of the history \S+: no space is left on the device; free some space$/,
    });
    assert.deepEqual(values(), [100, 200]);
  }),
});
