/**
 * Plug-ins over engines of Rust's registry: cargo builds them, for minutes, so that they have a task
 * of their own (`deno task test:engines`).
 */
import assert from "node:assert/strict";
import { run, succeeds } from "../_testing/child.ts";
import { checkPlugin } from "./check/check.ts";

const FOLDER = new URL("./examples/kvstore/", import.meta.url).pathname;
const CRATE = new URL("./rust/", import.meta.url).pathname;

/** Why the plug-in over the `rocksdb` crate is not built here. */
async function missingForRocksdb(): Promise<string | undefined> {
  if (Deno.env.get("TIDEMARK_LONG") === undefined) return "deno task test:engines builds it";
  if (!await succeeds("cargo", "--version")) return "there is no cargo";
  const library = `/usr/lib/${Deno.build.arch}-linux-gnu/librocksdb.so`;
  if (!isThere(library)) return "there is no librocksdb.so (Debian: librocksdb-dev)";
  return clang() === undefined ? "there is no libclang (Debian: libclang-dev)" : undefined;
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

/** Where Debian has libclang, which the crate reads C headers with. */
function clang(): string | undefined {
  for (let version = 30; version > 9; version--) {
    const folder = `/usr/lib/llvm-${version}/lib`;
    if (isThere(`${folder}/libclang.so.1`) || isThere(`${folder}/libclang.so`)) return folder;
  }
  return undefined;
}

const missing = await missingForRocksdb();
Deno.test({
  name: `the plug-in over the rocksdb crate holds the whole check${missing ? ` (${missing})` : ""}`,
  timeout: 1_800_000,
  ignore: missing !== undefined,
  async fn() {
    const folder = Deno.makeTempDirSync({ prefix: "tidemark-engines-" });
    try {
      // Cargo writes a lock file beside what it builds.
      Deno.mkdirSync(`${folder}/src`);
      for (const file of ["src/lib.rs", "src/store.rs"]) {
        Deno.copyFileSync(`${FOLDER}${file}`, `${folder}/${file}`);
      }
      const manifest = Deno.readTextFileSync(`${FOLDER}Cargo.toml`);
      Deno.writeTextFileSync(`${folder}/Cargo.toml`, manifest.replace("../../rust", CRATE));
      const { code, err } = await run("cargo", ["build", "--release"], {
        cwd: folder,
        env: {
          ROCKSDB_LIB_DIR: `/usr/lib/${Deno.build.arch}-linux-gnu`,
          LIBCLANG_PATH: clang()!,
          CARGO_TARGET_DIR: `${folder}/target`,
        },
        seconds: 1500,
      });
      assert.equal(code, 0, err);
      const checked = await checkPlugin(`${folder}/target/release/libkvstore.so`);
      assert.equal(checked.plugin?.description.name, "kvstore-rs");
      assert.deepEqual(checked.verdicts.filter(({ state }) => state === "fails"), []);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});

const noCargo = await succeeds("cargo", "--version") ? "" : " (skipped: there is no cargo)";
Deno.test({
  name: `the Rust crate's own tests hold${noCargo}`,
  timeout: 400_000,
  ignore: noCargo !== "",
  async fn() {
    const folder = Deno.makeTempDirSync({ prefix: "tidemark-crate-" });
    try {
      Deno.mkdirSync(`${folder}/src`);
      for (const file of ["Cargo.toml", "src/lib.rs", "src/abi.rs", "src/config.rs"]) {
        Deno.copyFileSync(`${CRATE}${file}`, `${folder}/${file}`);
      }
      const { code, out, err } = await run("cargo", ["test", "--offline"], {
        cwd: folder,
        env: { CARGO_TARGET_DIR: `${folder}/target` },
        seconds: 300,
      });
      assert.equal(code, 0, err);
      assert.match(out, /2 passed/);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
