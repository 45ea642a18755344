/**
 * Plug-ins over engines that are to be had. A compiler makes those over the system's libraries in a
 * second each; cargo makes the others, for minutes, so that they have a task of their own
 * (`deno task test:engines`).
 */
import assert from "node:assert/strict";
import { run, succeeds } from "../_testing/child.ts";
import { loadPlugin } from "../store/plugin/mod.ts";
import { checkPlugin } from "./check/check.ts";
import {
  buildEngine,
  ENGINE_NAMES,
  engineFile,
  type EngineName,
  isNative,
  missingFor,
} from "./engines.ts";

const HERE = new URL("./", import.meta.url).pathname;
const CRATE = `${HERE}rust/`;

/** Whether the long tests are asked for. */
const isLong = Deno.env.get("TIDEMARK_LONG") !== undefined;

/** Of this process; cargo's own files in it serve all of its tests. */
let folder: string | undefined;
function buildFolder(): string {
  if (folder === undefined) {
    const made = folder = Deno.makeTempDirSync({ prefix: "tidemark-engines-" });
    addEventListener("unload", () => Deno.removeSync(made, { recursive: true }));
  }
  return folder;
}

/** What is built to be loaded into a test's own process must have no warning. */
const STRICT = ["-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror"];

/** What an engine itself does not hold, which the check finds. */
const KNOWN: Partial<Record<EngineName, readonly string[]>> = {
  // Large values lie in files of their own, which it never syncs.
  sled: ["what is said to be synced has left the page cache"],
};

/** Which version an engine in Rust is to say: what cargo is told to take of its crate. */
function pinned(engine: EngineName): string | undefined {
  const crate = engine === "rocksdb-crate" ? "kvstore" : engine;
  const manifest = Deno.readTextFileSync(`${HERE}examples/${crate}/Cargo.toml`);
  // What runs on Tokio is an engine of the example's own.
  const version = engine === "tokio" ? /^version = "([0-9.]+)"/m : /"=([0-9.]+)"/;
  return version.exec(manifest)?.[1];
}

for (const engine of ENGINE_NAMES) {
  const missing = isNative(engine) || isLong
    ? await missingFor(engine)
    : "deno task test:engines builds it";
  const why = missing === undefined ? "" : ` (skipped: ${missing})`;
  Deno.test({
    name: `the plug-in over ${engine} says its version, and holds the check's core${why}`,
    timeout: 2_000_000,
    ignore: missing !== undefined,
    async fn() {
      const path = await buildEngine(engine, buildFolder(), STRICT);
      assert.equal(path, `${buildFolder()}/${engineFile(engine)}`);
      const { plugin, refused, verdicts } = await checkPlugin(path, { core: !isLong });
      assert.equal(refused, null);
      const failed = verdicts.filter(({ name, state }) =>
        state === "fails" && !KNOWN[engine]?.includes(name)
      );
      assert.deepEqual(failed, []);
      const { version } = plugin!.description;
      if (isNative(engine)) assert.match(version, /^\d+\.\d+/);
      else assert.ok(version.endsWith(pinned(engine)!), `${version}, and not ${pinned(engine)}`);
      // What a bench needs of it.
      for (const name of ["cursor", "batch", "flush", "compact"]) {
        assert.ok(loadPlugin(path).has.includes(name), name);
      }
    },
  });
}

const noCargo = await succeeds("cargo", "--version") ? "" : " (skipped: there is no cargo)";
Deno.test({
  name: `the Rust crate's own tests hold${noCargo}`,
  timeout: 400_000,
  ignore: noCargo !== "",
  async fn() {
    const copy = Deno.makeTempDirSync({ prefix: "tidemark-crate-" });
    try {
      Deno.mkdirSync(`${copy}/src`);
      Deno.copyFileSync(`${CRATE}Cargo.toml`, `${copy}/Cargo.toml`);
      for (const { name } of Deno.readDirSync(`${CRATE}src`)) {
        Deno.copyFileSync(`${CRATE}src/${name}`, `${copy}/src/${name}`);
      }
      const { code, out, err } = await run("cargo", ["test", "--offline"], {
        cwd: copy,
        env: { CARGO_TARGET_DIR: `${copy}/target` },
        seconds: 300,
      });
      assert.equal(code, 0, err);
      assert.match(out, /6 passed/);
    } finally {
      Deno.removeSync(copy, { recursive: true });
    }
  },
});
