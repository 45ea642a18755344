import assert from "node:assert/strict";
import { withFolder } from "../../_testing/folder.ts";
import { addFile, cachedReleases, isCached, thisMachine } from "../../engine/mod.ts";
import { DEFAULT_RELEASE } from "../../engine/mod.ts";
import { smallLibrary, zip } from "../../engine/_testing/archives.ts";
import { readResult } from "../../result/mod.ts";
import { libraryCandidates } from "../../store/mod.ts";
import { expectError } from "./_testing/expect.ts";
import { run, tinyBench } from "./_testing/tidemark.ts";

const machine = thisMachine();
/** A release that is kept on this machine, to measure with. */
const kept = machine === undefined
  ? undefined
  : cachedReleases().find(({ machines }) => machines.includes(machine))?.release;
const installed = libraryCandidates().length > 0;

Deno.test({
  name: "a release is measured with, recorded, and named in the report and in what is compared",
  timeout: 300_000,
  ignore: kept === undefined || !installed,
  fn: withFolder(async (cwd) => {
    const args = tinyBench("--store", "raw", "--runs", "3", "--interleave", `release=${kept}`);
    const { code, err } = await run("bench", [...args, "--out", "out"], { cwd });
    assert.ok(code < 2, err);
    const [base, candidate] = ["base", "candidate"].map((side) =>
      readResult(`${cwd}/out/${side}/result.json`)
    );
    const releases = (result: typeof base) =>
      result!.runs.flatMap(({ store }) => store?.release === undefined ? [] : [store.release]);
    assert.ok(releases(base).every(({ name }) => name === "system"));
    assert.ok(releases(candidate).every(({ name, pinned }) => name === kept && pinned));
    assert.ok(releases(candidate).length >= 3);
    assert.equal(candidate!.interleaved?.differs.release, kept);
    const compared = await run("compare", ["out/base", "out/candidate", "--markdown"], { cwd });
    assert.match(compared.out, new RegExp(`release of raw.*${kept} from .*, pinned, SHA-256 `));
  }),
});

Deno.test({
  name:
    "a library that is given as a file is known by its content, and its path is recorded nowhere",
  timeout: 300_000,
  ignore: !installed,
  fn: withFolder(async (cwd) => {
    const file = `${cwd}/mine/librocksdb.so.1`;
    Deno.mkdirSync(`${cwd}/mine`);
    Deno.copyFileSync(libraryCandidates()[0]!, file);
    const env = { TIDEMARK_CACHE: `${cwd}/cache` };
    const { release } = await addFile(file, { cache: env.TIDEMARK_CACHE });
    const args = tinyBench("--store", "raw", "--set", `release=${file}`, "--out", "out");
    const { code, err } = await run("bench", args, { cwd, env });
    assert.ok(code < 2, err);
    const { storeOptions, runs } = readResult(`${cwd}/out/result.json`);
    assert.equal(storeOptions?.release, release);
    const [store] = runs.flatMap(({ store }) => store?.release ? [store] : []);
    assert.deepEqual([store!.release!.name, store!.release!.pinned], [release, false]);
    assert.equal(store!.release!.source, "the file librocksdb.so.1");
  }),
});

Deno.test(
  "bench --resume fetches no release that a directory names and nobody has pinned",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const env = {
      TIDEMARK_CACHE: `${cwd}/cache`,
      TIDEMARK_ENGINE_REPOSITORY: "http://127.0.0.1:2/",
    };
    const first = await run("bench", tinyBench("--store", "level", "--out", "out"), { cwd, env });
    const journal = `${cwd}/out/journal.jsonl`;
    const lines = Deno.readTextFileSync(journal).split("\n");
    const plan = lines.findIndex((line) => line.includes('"storeOptions"'));
    assert.ok(plan >= 0, first.err);
    const naming = (release: string) => {
      const record = JSON.parse(lines[plan]!);
      record.storeOptions = { ...record.storeOptions, release };
      const rest = lines.slice(0, plan);
      Deno.writeTextFileSync(journal, [...rest, JSON.stringify(record), ""].join("\n"));
      return run("bench", ["--resume", "out"], { cwd, env });
    };
    expectError(
      await naming("99.1.0"),
      2,
      /^error: Cannot resume out: .*RocksDB 99\.1\.0, which is not pinned .*: deno task engine get 99\.1\.0$/m,
    );
    // A pinned one is tried, and its repository is not there.
    expectError(await naming("9.9.3"), 3, /127\.0\.0\.1/);
  }),
);

Deno.test(
  "engine and bench say in one line which release there is not, and what is wrong with a file",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const env = {
      TIDEMARK_CACHE: `${cwd}/cache`,
      TIDEMARK_ENGINE_REPOSITORY: "http://127.0.0.1:2/",
    };
    const says = async (args: string[], code: number, line: RegExp) =>
      expectError(
        await run(args[0] as "bench", args.slice(1), { cwd, env }),
        code,
        line,
      );
    const bench = tinyBench("--store", "raw", "--out", "out");
    await says(["bench", ...bench, "--set", "release=newest"], 2, /release takes a version like/);
    await says(
      ["bench", ...bench, "--offline", "--set", "release=9.9.3"],
      2,
      /Cannot use the release 9\.9\.3: .*deno task engine get 9\.9\.3 gets it/,
    );
    Deno.writeTextFileSync(`${cwd}/text.so`, "no library");
    await says(["bench", ...bench, "--set", "release=./text.so"], 2, /no shared library/);
    Deno.writeFileSync(`${cwd}/lacks.so`, smallLibrary());
    await says(
      ["bench", ...bench, "--set", "release=./lacks.so"],
      2,
      /it has none of RocksDB's C functions/,
    );
    Deno.writeFileSync(`${cwd}/a.jar`, zip([{ name: "x", content: smallLibrary() }]));
    await says(["bench", ...bench, "--set", "release=./a.jar"], 2, /it has no library for /);
  }),
);

Deno.test({
  name: "a damaged library is not loaded, and verify says so",
  timeout: 300_000,
  ignore: machine === undefined || !isCached(DEFAULT_RELEASE, machine),
  fn: withFolder(async (cwd) => {
    const env = { TIDEMARK_CACHE: `${cwd}/cache` };
    Deno.writeFileSync(`${cwd}/lib.so`, smallLibrary());
    const { path, release } = await addFile(`${cwd}/lib.so`, { cache: env.TIDEMARK_CACHE });
    Deno.writeTextFileSync(path, "x", { append: true });
    const args = tinyBench("--store", "raw", "--set", `release=${release}`, "--out", "out");
    expectError(await run("bench", args, { cwd, env }), 2, /its SHA-256 is .*so it is not loaded/);
  }),
});
