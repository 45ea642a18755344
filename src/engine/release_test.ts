import assert from "node:assert/strict";
import { compareReleases, fileRelease, isFileRelease, isPath } from "./release.ts";
import { nearestReleases, parseRelease } from "./release.ts";

Deno.test("a release's name leads to its artifact", () => {
  const artifact = (name: string) => {
    const { engine, version, coordinates } = parseRelease(name);
    return [engine, version, ...Object.values(coordinates)].join(" ");
  };
  assert.equal(artifact("10.4.2"), "RocksDB 10.4.2 org.rocksdb rocksdbjni 10.4.2");
  assert.equal(artifact("10.10.1.1"), "RocksDB 10.10.1.1 org.rocksdb rocksdbjni 10.10.1.1");
  assert.equal(
    artifact("flink-8.10.0"),
    "FRocksDB 8.10.0 com.ververica frocksdbjni 8.10.0-ververica-1.0",
  );
  assert.equal(
    artifact("flink-6.20.3-ververica-2.0"),
    "FRocksDB 6.20.3 com.ververica frocksdbjni 6.20.3-ververica-2.0",
  );
  assert.equal(artifact("speedb-2.8.0"), "Speedb 2.8.0 io.github.speedb-io speedbjni 2.8.0");
});

Deno.test("releases are in the order of their versions, engine by engine", () => {
  const ordered = ["6.29.5", "9.10.0", "10.4.2", "10.10.1", "10.10.1.1", "flink-8.10.0"];
  assert.deepEqual([...ordered].reverse().sort(compareReleases), ordered);
});

Deno.test("the nearest releases are of the same engine and near by version", () => {
  const names = ["6.29.5", "9.10.0", "10.4.2", "10.10.1", "11.0.4", "flink-8.10.0"];
  assert.deepEqual(nearestReleases("10.5.0", names), ["9.10.0", "10.4.2", "10.10.1"]);
  assert.deepEqual(nearestReleases("flink-8.9.0", names), ["flink-8.10.0"]);
  assert.deepEqual(nearestReleases("speedb-1.0.0", names), []);
});

Deno.test("a file's name is made of its content, and a path has a slash", () => {
  const name = fileRelease("0123456789abcdef".repeat(4));
  assert.equal(name, "file-0123456789abcdef");
  assert.ok(isFileRelease(name));
  assert.ok(!isFileRelease("file-12"));
  assert.deepEqual(["./a.so", "/a", "a\\b", "10.4.2", name].map(isPath), [
    true,
    true,
    true,
    false,
    false,
  ]);
});
