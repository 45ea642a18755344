/** An archive or a library that is given as a file, the record beside it, and what is kept of it. */
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { smallLibrary, zip } from "../../engine/_testing/archives.ts";
import { addFile, cachedLibrary, cachedReleases, EngineError } from "../../engine/mod.ts";
import type { Random } from "../../stats/mod.ts";
import { chance, flipBits, pick } from "../mutate.ts";
import type { FuzzTarget } from "../target.ts";

/** The kind of machine that it is for, whatever this one is. */
const MACHINE = "linux-x86_64";
const library = smallLibrary("x86_64");

/** A library with sections: names, a compiler's word, and a table of symbols. */
function withSections(): Uint8Array {
  const names = "\0.comment\0rocksdb_close\0ZSTD_compress\0";
  const comment = "GCC: (GNU) 13.2.0\0";
  const [at, sections] = [library.length, library.length + 512];
  const file = new Uint8Array(sections + 4 * 64);
  file.set(library);
  file.set(new TextEncoder().encode(names), at);
  file.set(new TextEncoder().encode(comment), at + 128);
  const view = new DataView(file.buffer);
  const symbols = at + 256;
  [11, 25].forEach((name, index) => {
    view.setUint32(symbols + 24 * index, name, true);
    view.setUint16(symbols + 24 * index + 6, index, true);
  });
  const section = (index: number, name: number, type: number, from: number, size: number) => {
    const header = sections + 64 * index;
    view.setUint32(header, name, true);
    view.setUint32(header + 4, type, true);
    view.setBigUint64(header + 24, BigInt(from), true);
    view.setBigUint64(header + 32, BigInt(size), true);
    view.setUint32(header + 40, 1, true);
  };
  section(1, 0, 3, at, names.length);
  section(2, 1, 1, at + 128, comment.length);
  section(3, 0, 11, symbols, 48);
  view.setBigUint64(40, BigInt(sections), true);
  view.setUint16(58, 64, true);
  view.setUint16(60, 4, true);
  view.setUint16(62, 1, true);
  return file;
}

/** Inputs are texts to the fuzzer; these are bytes. */
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
const SEEDS = [
  text(withSections()),
  text(zip([
    { name: "org/rocksdb/RocksDB.class", content: new Uint8Array(100) },
    { name: "librocksdbjni-linux64.so", content: withSections() },
  ])),
];

/** Numbers that lead beyond a file's end, or back to its beginning. */
const FIELDS = [0, 1, 64, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff];

/** Changes bytes as they stand: what a mutated text hardly ever leaves whole. */
function changed(bytes: Uint8Array<ArrayBuffer>, random: Random): Uint8Array {
  const view = new DataView(bytes.buffer);
  switch (random.below(5)) {
    case 0:
      flipBits(bytes, random);
      return bytes;
    case 1:
      return bytes.subarray(0, random.below(bytes.length));
    case 2:
      // In the head, and in what stands at the end: section headers, an archive's directory.
      for (let fields = 1 + random.below(3); fields > 0; fields--) {
        const at = chance(random, 0.5)
          ? random.below(60)
          : bytes.length - 4 - random.below(Math.min(300, bytes.length - 4));
        view.setUint32(at, pick(random, FIELDS), true);
      }
      return bytes;
    case 3: {
      const at = random.below(bytes.length);
      return bytes.fill(pick(random, [0, 0xff, 0x41]), at, at + random.below(64));
    }
    default:
      return Buffer.concat([bytes, bytes.subarray(random.below(bytes.length))]);
  }
}

/** The target. */
export const archive: FuzzTarget = {
  name: "archive",
  what:
    "an archive or a library of a release, and the record of what is kept: `engine add`, `list`",
  seeds: () => SEEDS,
  make: (random, seeds) =>
    chance(random, 0.8)
      ? Buffer.from(text(changed(Uint8Array.fromBase64(pick(random, seeds)), random)))
      : undefined,
  async read(input, folder, random) {
    const cache = `${folder}/cache`;
    const path = `${folder}/given`;
    Deno.writeFileSync(path, Buffer.from(new TextDecoder().decode(input), "base64"));
    const { release } = await addFile(path, { machine: MACHINE, cache });
    assert.deepEqual(cachedReleases(cache).map(({ release }) => release), [release]);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      "cache",
      "given",
    ]);
    // Its record as somebody else might have written it.
    const record = `${cache}/engines/${release}/${MACHINE}/engine.json`;
    const said = Deno.readFileSync(record);
    Deno.writeFileSync(record, chance(random, 0.5) ? said : changed(said, random));
    const kept = cachedLibrary(release, MACHINE, cache);
    if (kept === undefined) throw new EngineError(`Cannot use ${release}: it is gone`, "usage");
    assert.ok(kept.path.startsWith(`${cache}/engines/${release}/`), kept.path);
    assert.doesNotMatch(kept.file, /\//);
  },
};
