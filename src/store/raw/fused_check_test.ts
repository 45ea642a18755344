import assert from "node:assert/strict";
import { fusedAgree } from "./fused_check.ts";
import { libraryIsThere, loadLibrary } from "./library.ts";

const library = libraryIsThere() ? loadLibrary() : undefined;
const addresses = library?.addresses;

Deno.test({
  name: "machine code is found to read what plain calls read",
  ignore: addresses === undefined,
  fn() {
    for (let i = 0; i < 3; i++) assert.ok(fusedAgree(library!.path, library!.symbols, addresses!));
    assert.equal(library!.fusedDiffer, false);
  },
});

/** Functions of the same form in each other's places. */
const SWAPPED = [
  ["rocksdb_iter_next", "rocksdb_iter_prev"],
  ["rocksdb_iter_seek_to_first", "rocksdb_iter_seek_to_last"],
  ["rocksdb_iter_key", "rocksdb_iter_value"],
] as const;
for (const [one, other] of SWAPPED) {
  Deno.test({
    name: `machine code that calls ${other} for ${one} is found to read otherwise`,
    ignore: addresses === undefined,
    fn() {
      const wrong = { ...addresses!, [one]: addresses![other] };
      assert.equal(fusedAgree(library!.path, library!.symbols, wrong), false);
    },
  });
}
