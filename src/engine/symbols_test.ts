import assert from "node:assert/strict";
import fc from "fast-check";
import { compressionsOf, librarySymbols } from "./symbols.ts";
import { cachedLibrary, cachedReleases } from "./cache.ts";
import { smallLibrary } from "./_testing/archives.ts";

/** What binutils' `nm` says that a file has for others; `undefined` where it is not installed. */
async function judged(path: string): Promise<Set<string> | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("nm", {
      args: ["--dynamic", "--defined-only", "--without-symbol-versions", "--format=posix", path],
    }).output();
    if (!success) return undefined;
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    return new Set(lines.map((line) => line.split(" ")[0]!));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

const kept = cachedReleases().flatMap(({ release, machines }) =>
  machines.map((machine) => ({ release, machine }))
);

for (const { release, machine } of kept) {
  Deno.test(`librarySymbols() finds what nm finds in ${release} for ${machine}`, {
    timeout: 60_000,
  }, async () => {
    const { path } = cachedLibrary(release, machine)!;
    const { exported, wanted } = librarySymbols(Deno.readFileSync(path))!;
    assert.ok(exported.has("rocksdb_open_column_families"));
    assert.ok(wanted.has(machine.startsWith("macos") ? "_Znwm" : "malloc"));
    const expected = await judged(path);
    if (expected === undefined) return;
    const rocksdb = (names: Set<string>) =>
      [...names].filter((name) => name.startsWith("rocksdb_")).sort();
    assert.deepEqual(rocksdb(exported), rocksdb(expected));
  });
}

Deno.test("librarySymbols() gives undefined for what is no library, and fails at no bytes", {
  timeout: 60_000,
}, () => {
  assert.equal(librarySymbols(new TextEncoder().encode("#!/bin/sh\n".repeat(20))), undefined);
  // It has no section headers.
  assert.deepEqual(librarySymbols(smallLibrary()), { exported: new Set(), wanted: new Set() });
  const header = smallLibrary();
  fc.assert(fc.property(fc.uint8Array({ minLength: 60, maxLength: 60 }), (noise) => {
    const bytes = header.slice();
    // Sections anywhere, as many as a header can say.
    bytes.set(noise.subarray(0, 8), 40);
    bytes.set(noise.subarray(8, 14), 58);
    librarySymbols(bytes);
  }));
});

/** A library whose one section header, which it says that it has 65,535 of, is a table of symbols. */
function endlessSymbols(bytes: number): Uint8Array {
  const file = new Uint8Array(bytes).fill("a".charCodeAt(0));
  file.set(smallLibrary().subarray(0, 64));
  const view = new DataView(file.buffer);
  view.setBigUint64(40, 64n, true);
  view.setUint16(58, 0, true);
  view.setUint16(60, 65_535, true);
  view.setUint32(64 + 4, 11, true);
  view.setBigUint64(64 + 24, 200n, true);
  view.setBigUint64(64 + 32, BigInt(bytes - 1000), true);
  view.setUint32(64 + 40, 0, true);
  return file;
}

Deno.test(
  "librarySymbols() ends with tables that are named again and again, and names without an end",
  {
    timeout: 60_000,
  },
  () => {
    const began = performance.now();
    assert.equal(librarySymbols(endlessSymbols(2_000_000)), undefined);
    // A Mach-O library of four billion commands that have no size.
    const apple = new Uint8Array(4096);
    new Uint32Array(apple.buffer).set([0xfeedfacf, 0x01000007, 3, 6, 0xffffffff, 0, 0, 0]);
    assert.equal(librarySymbols(apple), undefined);
    assert.ok(performance.now() - began < 5000, `it took ${performance.now() - began} ms`);
  },
);

Deno.test("compressionsOf() goes by a function of each library, inside or wanted", {
  timeout: 60_000,
}, () => {
  const exported = new Set(["ZSTD_compressStream2", "rocksdb_open"]);
  const wanted = new Set(["deflate", "deflated", "LZ4_decompress_safe"]);
  assert.deepEqual(compressionsOf({ exported, wanted }), ["zlib", "zstd"]);
});
