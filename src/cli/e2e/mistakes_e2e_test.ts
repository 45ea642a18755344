import assert from "node:assert/strict";
import { withFolder } from "../../_testing/folder.ts";
import { succeeds } from "../../_testing/child.ts";
import { readResult } from "../../result/mod.ts";
import { libraryCandidates } from "../../store/mod.ts";
import { expectError } from "./_testing/expect.ts";
import {
  CAN_MOUNT,
  HAS_CC,
  inNamespace,
  isThere,
  run,
  TINY,
  tinyBench,
  treeOf,
} from "./_testing/tidemark.ts";

const bench = tinyBench("--store", "level", "--filter", "write");

Deno.test(
  "bench refuses an unknown option, in one line and without touching anything",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const ended = await run("bench", ["--profle", "quick"], { cwd });
    expectError(ended, 2, /Unknown option '--profle'; did you mean --profile\?/);
    assert.deepEqual(treeOf(cwd), {});
  }),
);

Deno.test(
  "bench says what to mend when there is no deno on the PATH to start runs with",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const ended = await run("bench", bench, { cwd, env: { PATH: "/nowhere" } });
    expectError(ended, 2, /Cannot start runs: there is no deno on the PATH.*add .+ to PATH/);
    assert.deepEqual(treeOf(cwd), {});
  }),
);

/** What may lie where a directory is to be, and what is said of it. */
const PLACES: [what: string, make: (path: string) => void, line: RegExp][] = [
  ["is not empty", (path) => {
    Deno.mkdirSync(path);
    Deno.writeTextFileSync(`${path}/thesis.txt`, "years of work");
  }, /it is not empty; name an empty or a new directory/],
  ["is a file", (path) => Deno.writeTextFileSync(path, "mine"), /is not a folder; check the path/],
  ["lies in a loop of links", (path) => Deno.symlinkSync("place", path), /Cannot use place as/],
];
for (const option of ["--out", "--data"]) {
  for (const [what, make, line] of PLACES) {
    Deno.test(
      `bench refuses an ${option} that ${what}, and leaves everything as it was`,
      { timeout: 300_000 },
      withFolder(async (cwd) => {
        make(`${cwd}/place`);
        const before = isThere(`${cwd}/place/thesis.txt`) ? treeOf(cwd) : undefined;
        const others = option === "--data" ? ["--out", "out"] : [];
        const ended = await run("bench", [...bench, option, "place", ...others], { cwd });
        expectError(ended, 2, line);
        if (before !== undefined) assert.deepEqual(treeOf(cwd), before);
        assert.deepEqual([...Deno.readDirSync(cwd)].map(({ name }) => name), ["place"]);
      }),
    );
  }

  Deno.test(
    `bench refuses an ${option} whose name is too long before it measures, and leaves nothing`,
    { timeout: 300_000 },
    withFolder(async (cwd) => {
      const others = option === "--data" ? ["--out", "out"] : [];
      for (const place of ["a".repeat(300), `new/newer/${"a".repeat(300)}`]) {
        const ended = await run("bench", [...bench, option, place, ...others], { cwd });
        expectError(ended, 2, /a name in its path is too long; choose a shorter one/);
        assert.doesNotMatch(ended.err, / run 0\b/, "nothing was measured");
        assert.deepEqual(treeOf(cwd), {});
      }
    }),
  );

  Deno.test({
    name: `bench refuses an ${option} on a read-only file system (needs root to mount one)`,
    timeout: 300_000,
    ignore: !CAN_MOUNT,
    fn: withFolder(async (cwd) => {
      Deno.mkdirSync(`${cwd}/mnt`);
      const others = option === "--data" ? ["--out", "out"] : [];
      const wrapper = inNamespace('mount -t tmpfs -o ro none mnt && "$@"');
      for (const place of ["mnt", "mnt/new"]) {
        const ended = await run("bench", [...bench, option, place, ...others], { cwd, wrapper });
        expectError(ended, 2, /the file system is read-only; choose another folder/);
      }
      assert.deepEqual(treeOf(cwd), { "mnt/": "" });
    }),
  });

  Deno.test({
    name: `bench refuses an ${option} that may not be written (needs root to give rights up)`,
    timeout: 300_000,
    ignore: !CAN_MOUNT,
    fn: withFolder(async (cwd) => {
      Deno.mkdirSync(`${cwd}/theirs`, { mode: 0o755 });
      Deno.chownSync(`${cwd}/theirs`, 65534, 65534);
      const others = option === "--data" ? ["--out", "out"] : [];
      // Root without the right to pass over rights.
      const wrapper = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"];
      for (const place of ["theirs", "theirs/new"]) {
        const ended = await run("bench", [...bench, option, place, ...others], { cwd, wrapper });
        expectError(ended, 2, /permission is denied; check who owns it/);
      }
      assert.deepEqual(treeOf(cwd), { "theirs/": "" });
    }),
  });
}

Deno.test({
  name: "bench records runs that fail on a full device, keeps the others, and is resumed " +
    "(needs root to mount one)",
  timeout: 300_000,
  ignore: !CAN_MOUNT,
  fn: withFolder(async (cwd) => {
    Deno.mkdirSync(`${cwd}/mnt`);
    const full = inNamespace('mount -t tmpfs -o size=28k none mnt && "$@"');
    const args = [...bench, "--out", "out", "--data", "mnt/data"];
    const { code, err } = await run("bench", args, { cwd, wrapper: full });
    assert.equal(code, 3, err);
    assert.match(err, /^failed: level\/write\/20 run 0: Cannot .*No space left on device/m);
    assert.match(err, /^Not complete \(failed runs: 1\): what was measured is kept; go on with/m);
    const result = JSON.parse(Deno.readTextFileSync(`${cwd}/out/result.json`));
    const states = result.runs.map((run: { state: string }) => run.state);
    assert.deepEqual(states.toSorted(), ["ended", "failed"], "calibration needs no device");
    assert.ok(!JSON.stringify(result.runs).includes(cwd), "the path is told, and not recorded");
    const { code: resumed, err: told } = await run("bench", ["--resume", "out"], { cwd });
    assert.equal(resumed, 0, told);
  }),
});

for (const store of ["raw", "kvstore"]) {
  Deno.test({
    name: `bench says what ${store} says of a device that fills while it is measured ` +
      "(needs root to mount one, and librocksdb)",
    timeout: 300_000,
    ignore: !CAN_MOUNT || libraryCandidates().length === 0,
    fn: withFolder(async (cwd) => {
      Deno.mkdirSync(`${cwd}/mnt`);
      const args = ["--profile", "smoke", "--store", store, "--filter", "write_throughput"];
      const { code, err } = await run("bench", [...args, "--out", "out", "--data", "mnt/data"], {
        cwd,
        wrapper: inNamespace('mount -t tmpfs -o size=2m none mnt && "$@"'),
      });
      assert.equal(code, 3, err);
      assert.match(
        err,
        new RegExp(`^failed: ${store}/.* run 0: Cannot put .*No space left on device`, "m"),
      );
    }),
  });
}

Deno.test({
  name:
    "bench --interleave throws a block away of which one side's device fills, and says it of that " +
    "side (needs root to mount one, and librocksdb)",
  timeout: 300_000,
  ignore: !CAN_MOUNT || libraryCandidates().length === 0,
  fn: withFolder(async (cwd) => {
    Deno.mkdirSync(`${cwd}/mnt`);
    const args = ["--profile", "smoke", "--store", "raw", "--filter", "write_throughput/1000"];
    const turns = ["--interleave", "same", "--runs", "1"];
    const { code, err } = await run(
      "bench",
      [...args, ...turns, "--out", "out", "--data", "mnt/data"],
      { cwd, wrapper: inNamespace('mount -t tmpfs -o size=2m none mnt && "$@"') },
    );
    assert.equal(code, 3, err);
    assert.match(err, /^failed: .*raw\/.* run 0: Cannot put .*No space left on device/m);
    const states = ["base", "candidate"].map((role) =>
      readResult(`${cwd}/out/${role}/result.json`).runs
        .filter(({ benchmark }) => benchmark.startsWith("raw/"))
        .map(({ state }) => state)
    );
    assert.deepEqual(states.flat().toSorted(), ["failed", "interrupted"]);
    assert.equal(isThere(`${cwd}/mnt/data`), false);
  }),
});

Deno.test({
  name: "bench ends with 3 when the journal's device is full, and goes on when it has space " +
    "(needs root to mount one)",
  timeout: 300_000,
  ignore: !CAN_MOUNT,
  fn: withFolder(async (cwd) => {
    Deno.mkdirSync(`${cwd}/mnt`);
    const flags = ["--out", "mnt/out", "--data", "data", "--runs", "20"];
    const ended = await run("bench", [...bench, ...flags], {
      cwd,
      wrapper: inNamespace(
        'mount -t tmpfs -o size=20k none mnt && "$@"; code=$?; cp -r mnt/out kept; exit $code',
      ),
    });
    expectError(
      ended,
      3,
      /Cannot write line \d+ of the journal .*: no space is left on the device/,
    );
    assert.equal(isThere(`${cwd}/data`), false, "no database is left");
    const text = Deno.readTextFileSync(`${cwd}/kept/journal.jsonl`);
    assert.ok(text.endsWith("\n"), "no line is torn");
    for (const line of text.trimEnd().split("\n")) JSON.parse(line);
    const resumed = await run("bench", ["--resume", "kept"], { cwd });
    assert.equal(resumed.code, 0, resumed.err);
    const after = Deno.readTextFileSync(`${cwd}/kept/journal.jsonl`);
    assert.ok(after.startsWith(text), "what was kept is kept");
  }),
});

Deno.test(
  "bench refuses a TIDEMARK_LIBROCKSDB that is not there",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const env = { TIDEMARK_LIBROCKSDB: "/nonexistent/librocksdb.so" };
    for (const store of [[], ["--store", "raw"], ["--store", "kvstore"]]) {
      const ended = await run("bench", [TINY, "--out", "out", ...store], { cwd, env });
      expectError(ended, 2, /Cannot load \/nonexistent\/librocksdb\.so as librocksdb: .* unset it/);
    }
    assert.deepEqual(treeOf(cwd), {});
    const doctor = await run("doctor", [], { cwd, env });
    assert.match(doctor.out, /^store raw: Cannot load \/nonexistent\/librocksdb\.so/m);
  }),
);

/** Libraries that are not what is looked for. */
const STUBS: [what: string, source: string, line: RegExp][] = [
  ["is not RocksDB", "int nothing;", /it has none of RocksDB's C functions; set TIDEMARK_LIBROCKS/],
  ["is too old", "void rocksdb_close(void) {}", /this librocksdb is too old, it lacks rocksdb_/],
];
for (const [what, source, line] of STUBS) {
  Deno.test({
    name: `bench refuses a librocksdb that ${what} (needs cc)`,
    timeout: 300_000,
    ignore: !HAS_CC,
    fn: withFolder(async (cwd) => {
      Deno.writeTextFileSync(`${cwd}/stub.c`, source);
      const library = `${cwd}/librocksdb.so`;
      assert.ok(await succeeds("cc", "-shared", "-o", library, `${cwd}/stub.c`));
      const before = Object.keys(treeOf(cwd));
      const env = { TIDEMARK_LIBROCKSDB: library };
      const ended = await run("bench", [TINY, "--store", "raw", "--out", "out"], { cwd, env });
      expectError(ended, 2, line);
      assert.deepEqual(Object.keys(treeOf(cwd)), before);
      const doctor = await run("doctor", ["--json"], { cwd, env });
      assert.match(JSON.parse(doctor.out).stores[0].missing, line);
    }),
  });
}

/** The folders that librocksdb is found in, with a layer over each that hides it. */
const HIDE_LIBRARY = [...new Set(libraryCandidates().map((path) => path.replace(/\/[^/]*$/, "")))]
  .map((folder, i) => `
    mkdir -p layer/${i}/upper layer/${i}/work || exit 99
    mount -t overlay overlay -o lowerdir=${folder},upperdir=layer/${i}/upper,workdir=layer/${i}/work \\
      ${folder} || exit 99
    rm ${folder}/librocksdb* || exit 99`).join("");
Deno.test({
  name: "bench measures kvstore and level, and says that raw is not, when there is no librocksdb " +
    "(needs root to hide one)",
  timeout: 300_000,
  ignore: HIDE_LIBRARY !== "" && !CAN_MOUNT,
  fn: withFolder(async (cwd) => {
    const wrapper = HIDE_LIBRARY === "" ? [] : inNamespace(
      `mkdir -p layer && mount -t tmpfs none layer || exit 99\n${HIDE_LIBRARY}\n"$@"`,
    );
    // Where nothing answers, as without a network.
    const env = {
      TIDEMARK_CACHE: `${cwd}/cache`,
      TIDEMARK_ENGINE_REPOSITORY: "http://127.0.0.1:2/",
    };
    const options = { cwd, wrapper, env };
    const { code, err } = await run("bench", tinyBench("--out", "out"), options);
    assert.equal(code, 0, err);
    assert.match(err, /^Getting RocksDB [\d.]+ from 127\.0\.0\.1:2 \(.* MiB, once\); --offline /);
    assert.match(
      err,
      /^note: Cannot get RocksDB [\d.]+: 127\.0\.0\.1:2 cannot be reached: the connection is refused; /m,
    );
    assert.match(err, /^note: No librocksdb is here: what is measured is npm:rocksdb's /m);
    assert.match(err, /^note: The store raw is not measured\. Cannot find librocksdb: .*\.$/m);
    const { runs, warnings } = JSON.parse(Deno.readTextFileSync(`${cwd}/out/result.json`));
    const stores = new Set(runs.map((run: { benchmark: string }) => run.benchmark.split("/")[0]));
    assert.deepEqual([...stores].sort(), ["kvstore", "level", "null-async"]);
    assert.match(warnings[0], /^No librocksdb is here: /);
    assert.match(warnings[1], /^The store raw is not measured\./);
    assert.match(warnings[2], /is information: no target is held against kvstore and level\.$/);
    const asked = await run("bench", [TINY, "--store", "raw", "--out", "raw"], options);
    expectError(
      asked,
      2,
      /Cannot find librocksdb: none in .* or set TIDEMARK_LIBROCKSDB to its file/,
    );
    assert.equal(isThere(`${cwd}/raw`), false);
    const doctor = await run("doctor", [], options);
    assert.match(doctor.out, /^store raw: Cannot find librocksdb/m);
    assert.match(doctor.out, /^store kvstore: can be measured$/m);
  }),
});

/** A finished bench in `out`, whose files tests then damage. */
async function measured(cwd: string): Promise<{ journal: string; result: string }> {
  const { code, err } = await run("bench", [...bench, "--out", "out"], { cwd });
  assert.equal(code, 0, err);
  return { journal: `${cwd}/out/journal.jsonl`, result: `${cwd}/out/result.json` };
}

Deno.test(
  "bench --resume forgives a torn last line, and refuses a damaged one before it",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const { journal } = await measured(cwd);
    const lines = Deno.readTextFileSync(journal).trimEnd().split("\n");
    // A bench that was killed while it wrote a line of its second run.
    const second = lines.findLastIndex((line) => line.includes('"run-started"'));
    const killed = [...lines.slice(0, second + 3), lines[second + 3]!.slice(0, 20)].join("\n");
    Deno.writeTextFileSync(journal, killed);
    const resumed = await run("bench", ["--resume", "out"], { cwd });
    assert.equal(resumed.code, 0, resumed.err);
    const whole = killed.slice(0, killed.lastIndexOf("\n") + 1);
    assert.ok(Deno.readTextFileSync(journal).startsWith(whole), "the whole lines are kept");

    lines[3] = lines[3]!.slice(0, -5);
    Deno.writeTextFileSync(journal, lines.join("\n") + "\n");
    const before = treeOf(cwd);
    for (const [task, args] of [["bench", ["--resume", "out"]], ["report", [journal]]] as const) {
      const ended = await run(task, args, { cwd });
      assert.equal(ended.code, 2, ended.err);
      assert.match(
        ended.err,
        /^error: Cannot read the journal .*: line 4 is damaged \(it is not JSON/m,
      );
    }
    assert.deepEqual(treeOf(cwd), before);
  }),
);

Deno.test(
  "report refuses what is no result of its version, and touches nothing",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const { result } = await measured(cwd);
    const good = JSON.parse(Deno.readTextFileSync(result));
    const bad: [file: string, text: string, line: RegExp][] = [
      ["newer.json", JSON.stringify({ ...good, version: 99 }), /its version is 99, .* use a newer/],
      ["other.json", '{"name": "package"}', /it is not a Tidemark result; name a result\.json/],
      ["text.json", "hello", /it is not JSON; name a result\.json/],
      ["damaged.json", JSON.stringify({ ...good, runs: 1 }), /runs: .*make it again from its jour/],
      ["empty.jsonl", "", /it holds no plan/],
    ];
    for (const [file, text] of bad) Deno.writeTextFileSync(`${cwd}/${file}`, text);
    Deno.mkdirSync(`${cwd}/empty`);
    const before = treeOf(cwd);
    for (const [file, , line] of bad) expectError(await run("report", [file], { cwd }), 2, line);
    expectError(
      await run("report", ["empty"], { cwd }),
      2,
      /Cannot read the journal empty\/journal/,
    );
    const nowhere = await run("report", ["out", "--html", "no/such/folder.html"], { cwd });
    expectError(nowhere, 2, /Cannot write no\/such\/folder\.html: there is no such file or folder/);
    assert.deepEqual(treeOf(cwd), before);
  }),
);

/** Files that a suite may be by mistake. */
const SUITES: [what: string, text: string, line: RegExp][] = [
  [
    "does not parse",
    "export default {",
    /Cannot load the suite mine\.ts: it is no TypeScript, at line 1, letter \d+; mend the file$/,
  ],
  [
    "imports what is not there",
    'import "./none.ts";',
    /Cannot load the suite mine\.ts: it imports \S*none\.ts, which is not there; name a file/,
  ],
  [
    "imports a package that is not there",
    'import "no-such-package";',
    /Cannot load the suite mine\.ts: it imports no-such-package, which is not there; name a file/,
  ],
  ["throws", "throw new Error('boom')", /Cannot load the suite mine\.ts: boom; mend the file/],
  ["exports nothing", "export {};", /its default export is no suite; export defineSuite/],
  ["exports something else", "export default {}", /Cannot define the suite: name: /],
  [
    "has a benchmark that makes no sense",
    `import { defineSuite } from "${new URL("../../mod.ts", import.meta.url)}";
     import tiny from "${new URL("./_testing/tiny_suite.ts", import.meta.url)}";
     export default defineSuite({ ...tiny, name: "../../mine" });`,
    /Cannot define the suite "\.\.\/\.\.\/mine": name it with letters/,
  ],
  ...([[0, "give a whole"], [1.5, "give a whole"], ['"3"', 'it is "3", and']] as const).map((
    [runs, said],
  ): [string, string, RegExp] => [
    `asks for ${runs} runs of a benchmark`,
    `import { defineSuite } from "${new URL("../../mod.ts", import.meta.url)}";
     import tiny from "${new URL("./_testing/tiny_suite.ts", import.meta.url)}";
     const [first, ...others] = tiny.benchmarks;
     export default defineSuite({ ...tiny, name: "mine", benchmarks: [{ ...first, runs: ${runs} }, ...others] });`,
    new RegExp(`Cannot define the suite "mine": benchmarks\\.0\\.runs: ${said}`),
  ]),
];
for (const [what, text, line] of SUITES) {
  Deno.test(
    `bench refuses a suite file that ${what}`,
    { timeout: 300_000 },
    withFolder(async (cwd) => {
      Deno.writeTextFileSync(`${cwd}/mine.ts`, text);
      const ended = await run("bench", ["mine.ts", "--out", "out"], { cwd });
      expectError(ended, 2, line);
      assert.deepEqual(treeOf(cwd), { "mine.ts": text });
    }),
  );
}

Deno.test(
  "bench measures a suite file outside of the project, in a folder whose name needs escaping",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    Deno.mkdirSync(`${cwd}/my #suites, 100%`);
    Deno.writeTextFileSync(
      `${cwd}/my #suites, 100%/mine.ts`,
      `import { defineSuite } from "${new URL("../../mod.ts", import.meta.url)}";
       import tiny from "${new URL("./_testing/tiny_suite.ts", import.meta.url)}";
       export default defineSuite({ ...tiny, name: "mine" });`,
    );
    const args = ["my #suites, 100%/mine.ts", "--profile", "smoke", "--store", "level"];
    const place = ["--out", "my #suites, 100%/out"];
    const { code, err } = await run("bench", [...args, ...place], { cwd });
    assert.equal(code, 0, err);
    assert.match(err, /^Suite mine, profile smoke, stores level/m);
  }),
);

Deno.test(
  "report is content when nobody reads on, as behind head",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    await measured(cwd);
    const wrapper = ["sh", "-c", '"$@" | true', "sh"];
    const { code, err } = await run("report", ["out"], { cwd, wrapper });
    assert.deepEqual([code, err], [0, ""]);
  }),
);
