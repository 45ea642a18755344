import assert from "node:assert/strict";
import { describe, sampleResult, sampleStore } from "./_testing/sample_result.ts";
import { analyse } from "./analyse.ts";
import { findDifferences } from "./compare/differences.ts";
import { nightRecord } from "./history/night_record.ts";
import { storeTitle } from "./release.ts";
import type { Result } from "../result/mod.ts";

/** What is recorded of a release. */
function release(name: string) {
  const sha256 = name.replaceAll(".", "").padStart(64, "0");
  const source = "a Maven repository";
  return { name, sha256, pinned: true, source, compiler: "GCC 7.3.1", compressions: null };
}

/** The sample result as measured with a release of the engine. */
function measuredWith(name: string): Result {
  const result = sampleResult({ stores: [sampleStore("raw", 1)], runs: 3 });
  for (const run of result.runs) {
    if (run.store?.store === "raw") {
      run.store = { ...run.store, version: name, release: release(name) };
    }
  }
  return result;
}

Deno.test("storeTitle() names the engine's release, and what else is another", () => {
  const titleOf = (store: string, version = "10.4.2", engine = "RocksDB") =>
    storeTitle({
      store,
      description: { ...describe(store), engine, version, release: release(version) },
      differences: [],
      benchmarks: [],
    });
  assert.equal(titleOf("raw"), "raw, RocksDB 10.4.2");
  assert.equal(titleOf("raw@10.4.2"), "raw, RocksDB 10.4.2");
  assert.equal(titleOf("raw@10.4.2,wal=off"), "raw, RocksDB 10.4.2, wal=off");
  assert.equal(titleOf("kvstore@10.4.2", "10.4.2", "MVCC over RocksDB"), "kvstore, RocksDB 10.4.2");
});

Deno.test("a comparison and a night say when two results differ in the release", () => {
  const [before, after] = [measuredWith("7.10.2"), measuredWith("10.4.2")];
  const differing = findDifferences(before, after).filter(({ topic }) => topic === "store")
    .map(({ what }) => what);
  assert.ok(differing.includes("version of raw") && differing.includes("release of raw"));
  assert.deepEqual(findDifferences(before, measuredWith("7.10.2")), []);
  const libraryOf = (result: Result) =>
    nightRecord(result, analyse(result, { resamples: 100 })).stores
      .find(({ store }) => store === "raw")!.library;
  assert.notEqual(libraryOf(before), libraryOf(after));
  assert.match(libraryOf(before)!, /7\.10\.2 \(release /);
});
