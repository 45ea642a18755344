import assert from "node:assert/strict";
import { run, succeeds } from "../../_testing/child.ts";
import { pretendVariable } from "../../_testing/environment.ts";
import { smallLibrary } from "../../engine/_testing/archives.ts";
import { StoreError } from "../error.ts";
import {
  candidates,
  defaultSearch,
  LIBRARY_VARIABLE,
  libraryIsThere,
  type LibrarySearch,
  loadLibrary,
  versionOfName,
} from "./library.ts";

/** Runs a test in a folder of its own, which is removed afterwards. */
function test(name: string, body: (folder: string) => void | Promise<void>, skip?: string): void {
  Deno.test({
    name: skip === undefined ? name : `${name} (skipped: ${skip})`,
    ignore: skip !== undefined,
    timeout: 300_000,
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "tidemark-library-" });
      try {
        await body(folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

function touch(folder: string, ...names: string[]): void {
  Deno.mkdirSync(folder, { recursive: true });
  for (const name of names) Deno.writeTextFileSync(`${folder}/${name}`, "");
}

/** The error of loading what a search finds. */
function refusal(search: LibrarySearch): string {
  try {
    loadLibrary(search);
  } catch (error) {
    assert.ok(error instanceof StoreError, `${error}`);
    assert.deepEqual([error.call, error.kind], ["load", "usage"]);
    return error.message;
  }
  return assert.fail("It was loaded");
}

const named = (path: string): LibrarySearch => ({ named: path, directories: [] });

Deno.test(
  "versionOfName() reads the version in a shared library's name",
  { timeout: 300_000 },
  () => {
    const cases: Record<string, number[] | undefined> = {
      "librocksdb.so": [],
      "librocksdb.so.7": [7],
      "librocksdb.so.7.8.3": [7, 8, 3],
      "librocksdb.so.10.10": [10, 10],
      "librocksdb.dylib": [],
      "librocksdb.9.2.1.dylib": [9, 2, 1],
      "librocksdb.a": undefined,
      "librocksdb-shared.so": undefined,
      "librocksdbjni-linux64.so": undefined,
      "librocksdb.so.7.8.3-gdb.py": undefined,
      "librocksdb.so.7.x": undefined,
      "": undefined,
    };
    for (const [name, version] of Object.entries(cases)) {
      assert.deepEqual(versionOfName(name), version, name);
    }
  },
);

test("candidates() has the newest version of each folder first, folder by folder", (folder) => {
  const [a, b] = [`${folder}/a`, `${folder}/b`];
  touch(a, "librocksdb.so", "librocksdb.so.7.8", "librocksdb.so.7.10.2", "librocksdb.so.7.9.9");
  touch(a, "librocksdb.a", "libz.so.1");
  touch(b, "librocksdb.so.10.2.1", "librocksdb.so.9");
  const search = { named: undefined, directories: [`${folder}/none`, a, b] };
  assert.deepEqual(candidates(search), [
    `${a}/librocksdb.so.7.10.2`,
    `${a}/librocksdb.so.7.9.9`,
    `${a}/librocksdb.so.7.8`,
    `${a}/librocksdb.so`,
    `${b}/librocksdb.so.10.2.1`,
    `${b}/librocksdb.so.9`,
  ]);
  assert.equal(libraryIsThere(search), true);
  assert.equal(libraryIsThere({ named: undefined, directories: [`${folder}/none`] }), false);
});

test("candidates() has only the file that is named when one is", (folder) => {
  touch(folder, "librocksdb.so.99");
  assert.deepEqual(candidates({ named: "/some/where.so", directories: [folder] }), [
    "/some/where.so",
  ]);
});

test("defaultSearch() takes the environment variable, and an empty one for none", () => {
  {
    using _ = pretendVariable(LIBRARY_VARIABLE, "/some/where.so");
    assert.equal(defaultSearch().named, "/some/where.so");
    assert.deepEqual(candidates(), ["/some/where.so"]);
  }
  for (const none of ["", undefined]) {
    using _ = pretendVariable(LIBRARY_VARIABLE, none);
    assert.equal(defaultSearch().named, undefined);
  }
});

test("defaultSearch() ends with the Nix store's RocksDBs, newest first", (folder) => {
  const hash = (digit: string) => digit.repeat(32);
  const packages = [
    `${hash("a")}-rocksdb-9.11.2`,
    `${hash("c")}-rocksdb-10.4.2`,
    `${hash("b")}-rocksdb-10.4.2-tools`,
    `${hash("d")}-rocksdb-jni-10.4.2`,
    `${hash("e")}-zlib-1.3`,
    `short-rocksdb-11.0`,
  ];
  for (const name of packages) Deno.mkdirSync(`${folder}/${name}/lib`, { recursive: true });
  const { directories } = defaultSearch(folder);
  assert.deepEqual(directories.filter((directory) => directory.startsWith(folder)), [
    `${folder}/${hash("b")}-rocksdb-10.4.2-tools/lib`,
    `${folder}/${hash("c")}-rocksdb-10.4.2/lib`,
    `${folder}/${hash("a")}-rocksdb-9.11.2/lib`,
  ]);
  assert.deepEqual(directories.slice(-3), directories.filter((name) => name.startsWith(folder)));
  assert.ok(directories.includes("/run/current-system/sw/lib"));
});

test("loadLibrary() says how to get a library when there is none", (folder) => {
  const message = refusal({ named: undefined, directories: [folder] });
  assert.ok(message.startsWith(`Cannot find librocksdb: none in ${folder} or the Nix store; `));
  assert.match(message, new RegExp(`install it .* or set ${LIBRARY_VARIABLE} to its file$`));
});

test("loadLibrary() names the file when it is missing or no library", (folder) => {
  const missing = refusal(named(`${folder}/librocksdb.so.7`));
  assert.ok(missing.startsWith(`Cannot load ${folder}/librocksdb.so.7 as librocksdb: `), missing);
  assert.match(missing, /there is no such file or folder; set /);
  assert.match(missing, new RegExp(`set ${LIBRARY_VARIABLE}`));
  const text = `${folder}/librocksdb.so.8`;
  Deno.writeTextFileSync(text, "This is text\n");
  const wrong = refusal({ named: undefined, directories: [folder] });
  assert.ok(wrong.startsWith(`Cannot load ${text} as librocksdb: it is no shared library`), wrong);
  assert.ok(!wrong.includes("\n"));
});

test("loadLibrary() waits for no pipe, and says of a library that it is another machine's", async (folder) => {
  const pipe = `${folder}/librocksdb.so`;
  assert.ok(await succeeds("mkfifo", pipe));
  assert.match(refusal(named(pipe)), /: it is not a regular file; set /);
  assert.match(refusal(named("/dev/zero")), /: it is not a regular file; set /);
  assert.match(refusal(named(folder)), /: it is a folder; set /);
  const other = Deno.build.arch === "x86_64" ? "aarch64" : "x86_64";
  Deno.writeFileSync(`${folder}/other.so`, smallLibrary(other));
  assert.match(
    refusal(named(`${folder}/other.so`)),
    new RegExp(`: it is for linux on ${other}, and this machine is linux-`),
  );
});

test(
  "loadLibrary() says that a library is another one",
  () => {
    const message = refusal(named("libc.so.6"));
    assert.match(message, /^Cannot use libc\.so\.6 as librocksdb: it has none of RocksDB's C func/);
  },
  Deno.build.os === "linux" ? undefined : "the name is Linux's",
);

test(
  "loadLibrary() says what a library that is too old lacks",
  async (folder) => {
    const file = `${folder}/librocksdb.so.5.0`;
    const have = ["rocksdb_close", "rocksdb_free", "rocksdb_open_column_families"];
    const source = have.map((name) => `void ${name}(void) {}\n`).join("");
    await Deno.writeTextFile(`${file}.c`, source);
    const { code, err } = await run("cc", ["-shared", "-fPIC", "-o", file, `${file}.c`]);
    assert.equal(code, 0, err);
    const message = refusal({ named: undefined, directories: [folder] });
    assert.ok(message.startsWith(`Cannot use ${file}: this librocksdb is too old, it lacks `));
    assert.match(message, / rocksdb_[a-z_]+ and \d+ more; install RocksDB 7 or newer, or set /);
    assert.ok(have.every((name) => !message.includes(`${name} `)));
  },
  await succeeds("cc", "--version") ? undefined : "there is no C compiler (cc)",
);

Deno.test({
  name: "loadLibrary() loads a library once, whatever failed between",
  timeout: 300_000,
  ignore: !libraryIsThere(),
  fn() {
    const library = loadLibrary();
    assert.equal(library.path, candidates()[0]);
    assert.match(library.name, /^librocksdb/);
    refusal(named("/no/such/library.so"));
    assert.equal(loadLibrary(), library);
  },
});
