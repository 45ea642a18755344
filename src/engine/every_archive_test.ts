/**
 * Every archive of the table, as the repository serves it today: `deno task test:long`. Libraries for
 * other systems are not loaded, but found, unpacked, held against their digests, and their names read.
 */
import assert from "node:assert/strict";
import { librariesIn, unpackLibrary } from "./archive.ts";
import { fetchArchive } from "./fetch_archive.ts";
import { isFor, readLibraryFile } from "./library_file.ts";
import { MACHINE_NAMES } from "./machine.ts";
import { parseRelease } from "./release.ts";
import { librarySymbols } from "./symbols.ts";
import { pinFor, TABLE } from "./table.ts";

const LONG = Deno.env.get("TIDEMARK_LONG") !== undefined;

/** Libraries for processors that Deno does not run on; known by their archive's digest alone. */
const OTHERS = /^lib\w+jni-linux-(ppc64le|s390x|riscv64)(-musl)?\.so$/;
/** As ELF numbers the processors. */
const PROCESSORS: Record<string, number> = { ppc64le: 21, s390x: 22, riscv64: 243 };
/** Fewer functions of RocksDB's C API than any library of the table exports: 693 and more. */
const FUNCTIONS = 690;

function assertWhole(bytes: Uint8Array, entry: string): void {
  const { exported } = librarySymbols(bytes)!;
  for (const name of ["rocksdb_open_column_families", "rocksdb_flush_cf", "rocksdb_iter_next"]) {
    assert.ok(exported.has(name), `${entry} has ${name}`);
  }
  const functions = [...exported].filter((name) => name.startsWith("rocksdb_")).length;
  assert.ok(functions >= FUNCTIONS, `${entry} has ${functions} functions`);
}

for (const { name, archives } of TABLE.releases) {
  for (const pinned of archives) {
    const { classifier } = pinned;
    Deno.test({
      name: `the archive ${classifier ?? "for all systems"} of ${name} has each system's library`,
      timeout: 600_000,
      ignore: !LONG,
      async fn() {
        const folder = Deno.makeTempDirSync({ prefix: "tidemark-archive-" });
        try {
          const path = `${folder}/archive.part`;
          const request = { release: parseRelease(name), classifiers: [classifier], pin: pinned };
          await fetchArchive({ ...request, folder, file: "archive.part" });
          const told: string[] = [];
          for (const machine of MACHINE_NAMES) {
            const pin = pinFor(name, machine);
            if (pin?.archive !== pinned) continue;
            const to = `${folder}/${machine}`;
            const { entry, sha256, bytes } = await unpackLibrary(path, name, machine, to);
            assert.deepEqual({ entry, sha256, bytes }, pin.library);
            const content = Deno.readFileSync(to);
            assert.ok(isFor(machine, readLibraryFile(content)!), machine);
            assertWhole(content, entry);
            told.push(machine);
          }
          assert.ok(told.length > 0);
          const chunks: Record<string, Uint8Array[]> = {};
          const isOther = (entry: string) => OTHERS.test(entry);
          const take = (entry: string, chunk: Uint8Array) => (chunks[entry] ??= []).push(chunk);
          for (const { entry } of await librariesIn(path, name, isOther, take)) {
            const content = new Uint8Array(
              await new Blob(chunks[entry] as BlobPart[]).arrayBuffer(),
            );
            const [, processor = "", musl = ""] = OTHERS.exec(entry)!;
            assert.deepEqual(
              readLibraryFile(content)?.arch,
              `processor ${PROCESSORS[processor]}`,
              entry,
            );
            assertWhole(content, entry);
            told.push(`linux-${processor}${musl}`);
          }
          console.log(`${name} ${classifier ?? "all"}: ${told.join(" ")}`);
        } finally {
          Deno.removeSync(folder, { recursive: true });
        }
      },
    });
  }
}
