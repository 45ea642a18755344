/**
 * Plug-ins over engines that are to be had, in `examples/`: what each is made of, and how it is built.
 * What a machine lacks for one of them is no error, and is said.
 */
import { outputWithin } from "../child/mod.ts";
import { isFile } from "../disk/mod.ts";

/** One in C or C++, over a library of the system's. */
interface NativeEngine {
  source: string;
  /** A header of the library, by which it is seen whether it is there. */
  header: string;
  links: string;
  /** Debian's package of it. */
  debian: string;
}

/** One in Rust, a member of the workspace of `examples/`. */
interface CrateEngine {
  crate: string;
  /** Whether it is linked to the system's librocksdb, whose C headers are read. */
  rocksdb?: true;
}

/** The engines by their names, and the file that is made of each. */
const ENGINES = {
  rocksdb: {
    file: "librocksdb_plugin.so",
    source: "rocksdb.c",
    header: "rocksdb/c.h",
    links: "rocksdb",
    debian: "librocksdb-dev",
  },
  leveldb: {
    file: "libleveldb_plugin.so",
    source: "leveldb.cpp",
    header: "leveldb/db.h",
    links: "leveldb",
    debian: "libleveldb-dev",
  },
  lmdb: {
    file: "liblmdb_plugin.so",
    source: "lmdb.c",
    header: "lmdb.h",
    links: "lmdb",
    debian: "liblmdb-dev",
  },
  sqlite: {
    file: "libsqlite_plugin.so",
    source: "sqlite.c",
    header: "sqlite3.h",
    links: "sqlite3",
    debian: "libsqlite3-dev",
  },
  redb: { file: "libredb_plugin.so", crate: "redb-plugin" },
  fjall: { file: "libfjall_plugin.so", crate: "fjall-plugin" },
  sled: { file: "libsled_plugin.so", crate: "sled-plugin" },
  tokio: { file: "libtokio_plugin.so", crate: "tokio-plugin" },
  "rocksdb-crate": { file: "libkvstore.so", crate: "kvstore-plugin", rocksdb: true },
} as const satisfies Record<string, { file: string } & (NativeEngine | CrateEngine)>;

/** An engine that a plug-in comes with. */
export type EngineName = keyof typeof ENGINES;

/** Their names: first those that a compiler makes in seconds, then those that cargo takes minutes for. */
export const ENGINE_NAMES = Object.keys(ENGINES) as readonly EngineName[];

/** Whether it is built by a compiler alone, and needs no registry. */
export function isNative(engine: EngineName): boolean {
  return "source" in ENGINES[engine];
}

/** The file that an engine's plug-in is, without its folder. */
export function engineFile(engine: EngineName): string {
  return ENGINES[engine].file;
}

const HERE = decodeURIComponent(new URL("./", import.meta.url).pathname);
const EXAMPLES = `${HERE}examples`;
/** Where Debian has what is linked. */
const LIBRARIES = `/usr/lib/${Deno.build.arch}-linux-gnu`;
const COMPILE_SECONDS = 120;
/** Cargo fetches and compiles an engine with all that it needs. */
const CARGO_SECONDS = 1800;

/**
 * What this machine lacks for an engine's plug-in, in words; `undefined` where it can be built. Cargo
 * fetches what it needs for one in Rust.
 */
export function missingFor(engine: EngineName): Promise<string | undefined> {
  const own: NativeEngine | CrateEngine = ENGINES[engine];
  return "source" in own ? missingToCompile(own) : missingToMake(own);
}

/**
 * Builds an engine's plug-in, for which nothing is missing.
 *
 * @param folder Where it is put, absolute; cargo's own files are beside it, and kept.
 * @param flags More for the compiler of one in C or C++.
 * @returns The library's path.
 * @throws {Error} Where its source does not compile here.
 */
export async function buildEngine(
  engine: EngineName,
  folder: string,
  flags: readonly string[] = [],
): Promise<string> {
  const { file, ...own }: { file: string } & (NativeEngine | CrateEngine) = ENGINES[engine];
  const path = `${folder}/${file}`;
  if ("source" in own) await compile(own, path, flags);
  else {
    const target = `${folder}/target`;
    await make(own, target);
    await Deno.copyFile(`${target}/release/${file}`, path);
  }
  return path;
}

/** The compiler of a source, and what it calls the language. */
function compilerOf(source: string): { compiler: string; language: string } {
  return source.endsWith(".cpp")
    ? { compiler: "c++", language: "c++" }
    : { compiler: "cc", language: "c" };
}

async function missingToCompile(
  { source, header, debian }: NativeEngine,
): Promise<string | undefined> {
  const { compiler, language } = compilerOf(source);
  if (!await succeeds(compiler, ["--version"])) return `there is no compiler (${compiler})`;
  if (await succeeds(compiler, ["-x", language, "-E", "-include", header, "/dev/null"])) return;
  return `there is no ${header} (Debian: ${debian})`;
}

async function compile(
  { source, links }: NativeEngine,
  path: string,
  flags: readonly string[],
): Promise<void> {
  const shared = ["-O2", "-shared", "-fPIC", "-fvisibility=hidden", "-pthread"];
  const args = [...shared, `-I${HERE}include`, ...versionFlags(links), ...flags];
  await runToBuild(
    source,
    compilerOf(source).compiler,
    [...args, "-o", path, `${EXAMPLES}/${source}`, `-l${links}`],
    COMPILE_SECONDS,
  );
}

/** RocksDB's C interface does not say which version it is of; its C++ header does. */
function versionFlags(links: string): string[] {
  const header = "/usr/include/rocksdb/version.h";
  if (links !== "rocksdb" || !isFile(header)) return [];
  const text = Deno.readTextFileSync(header);
  const part = (name: string) => new RegExp(`#define ROCKSDB_${name} (\\d+)`).exec(text)?.[1];
  return [`-DVERSION="${["MAJOR", "MINOR", "PATCH"].map(part).join(".")}"`];
}

/** What cargo is told of where it works. */
const WORKSPACE = ["--quiet", "--locked", "--manifest-path", `${EXAMPLES}/Cargo.toml`];

async function missingToMake({ rocksdb }: CrateEngine): Promise<string | undefined> {
  if (!await succeeds("cargo", ["--version"])) return "there is no cargo";
  if (rocksdb && !isFile(`${LIBRARIES}/librocksdb.so`)) {
    return "there is no librocksdb.so (Debian: librocksdb-dev)";
  }
  if (rocksdb && folderOfClang() === undefined) {
    return "there is no libclang (Debian: libclang-dev)";
  }
  const fetched = await outputWithin("cargo", ["fetch", ...WORKSPACE], CARGO_SECONDS);
  if (fetched?.success === true) return undefined;
  return `cargo cannot get its crates: ${lastLine(fetched?.err ?? TOO_LONG)}`;
}

async function make({ crate, rocksdb }: CrateEngine, target: string): Promise<void> {
  const linked = rocksdb ? rocksdbCrateSettings() : {};
  const config = Object.entries(linked)
    .flatMap(([name, folder]) => ["--config", `env.${name}=${JSON.stringify(folder)}`]);
  const args = ["build", "--release", "--offline", ...WORKSPACE, "--package", crate];
  await runToBuild(crate, "cargo", [...args, "--target-dir", target, ...config], CARGO_SECONDS);
}

/** What the `rocksdb` crate's build reads of the environment to be linked to the system's library. */
export function rocksdbCrateSettings(): Record<string, string> {
  return { ROCKSDB_LIB_DIR: LIBRARIES, LIBCLANG_PATH: folderOfClang() ?? "" };
}

/** Where Debian has libclang, which the `rocksdb` crate reads C headers with. */
function folderOfClang(): string | undefined {
  for (let version = 30; version > 9; version--) {
    const folder = `/usr/lib/llvm-${version}/lib`;
    if (isFile(`${folder}/libclang.so.1`) || isFile(`${folder}/libclang.so`)) return folder;
  }
  return undefined;
}

const TOO_LONG = "it took too long";

/** @throws {Error} Where it fails, with what it printed. */
async function runToBuild(
  what: string,
  program: string,
  args: readonly string[],
  seconds: number,
): Promise<void> {
  const ended = await outputWithin(program, args, seconds);
  if (ended?.success === true) return;
  throw new Error(`Cannot compile ${what}: ${ended?.err ?? TOO_LONG}`);
}

async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  try {
    return (await outputWithin(program, args, COMPILE_SECONDS))?.success === true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)!.trim();
}
