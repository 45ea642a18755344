import assert from "node:assert/strict";
import { MACHINE_NAMES } from "./machine.ts";
import { compareReleases, parseRelease } from "./release.ts";
import { DEFAULT_RELEASE, pinFor, pinnedNames, releaseOfLibrary, TABLE } from "./table.ts";

Deno.test("every line of the table is a release with whole digests, once, in order", () => {
  const names = pinnedNames();
  assert.deepEqual([...new Set(names)].sort(compareReleases), names);
  for (const { name, archives } of TABLE.releases) {
    parseRelease(name);
    for (const { bytes, sha256, libraries } of archives) {
      for (const file of [{ bytes, sha256 }, ...libraries]) {
        assert.match(file.sha256, /^[0-9a-f]{64}$/);
        assert.ok(file.bytes > 1e6 && file.bytes < 1e8, `${name} ${file.bytes}`);
      }
    }
  }
});

Deno.test("the ladder's rungs are pinned, for every kind of machine", () => {
  const rungs = ["6.29.5", "7.8.3", "7.10.2", "8.11.4", "9.10.0", "10.4.2", "10.10.1"];
  for (const name of [...rungs, DEFAULT_RELEASE]) {
    for (const machine of MACHINE_NAMES) {
      const pin = pinFor(name, machine);
      assert.ok(pin, `${name} ${machine}`);
      assert.equal(releaseOfLibrary(pin.library.sha256, machine), name);
    }
  }
  for (const name of ["flink-8.10.0", "speedb-2.8.0"]) {
    assert.ok(pinFor(name, "linux-x86_64"), name);
  }
});
