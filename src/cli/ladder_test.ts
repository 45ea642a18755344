import assert from "node:assert/strict";
import { pinnedNames } from "../engine/mod.ts";
import { ladderProfile, rungsTogether, settingsOf } from "./ladder.ts";
import type { MeasuringFlags } from "./options/measuring.ts";
import { loadSuite } from "./suites.ts";

const releases = await loadSuite("releases");
const baseline = await loadSuite("baseline");

/** The releases that a call measures. */
function rungsOf(flags: MeasuringFlags): string[] {
  const settings = settingsOf(releases, flags)!;
  const first = settings.findIndex((setting) => setting.startsWith("release="));
  return settings.slice(first).map((setting) => setting.replace("release=", ""));
}

Deno.test("a ladder goes from its first to its last release, as many as the profile has", () => {
  for (const [profile, count] of [["smoke", 2], ["quick", 3], ["baseline", 8]] as const) {
    const rungs = rungsOf({ profile });
    assert.equal(rungs.length, count, profile);
    assert.deepEqual([rungs[0], rungs.at(-1)], ["6.29.5", "10.10.1"]);
    assert.equal(new Set(rungs).size, count);
  }
});

Deno.test("a nightly ladder has all pinned releases in between, in their order", () => {
  const rungs = rungsOf({ profile: "nightly", from: "8.0.0", to: "8.3.3" });
  assert.deepEqual(rungs, ["8.0.0", "8.1.1.1", "8.3.3"]);
  const all = rungsOf({ profile: "nightly" });
  assert.ok(all.length > 30 && all.every((name) => pinnedNames().includes(name)));
  assert.ok(all.every((name) => /^\d/.test(name)), "no other engine's");
});

Deno.test("a ladder's own options come first, so that a call may change them", () => {
  assert.deepEqual(settingsOf(releases, { set: ["wal=off"], profile: "smoke" }), [
    "defaults=engine",
    "wal=off",
    "release=6.29.5",
    "10.10.1",
  ]);
  assert.deepEqual(settingsOf(releases, { set: ["release=9.10.0", "9.10.0"] }), [
    "defaults=engine",
    "release=9.10.0",
    "9.10.0",
  ]);
  assert.deepEqual(settingsOf(baseline, { set: ["wal=off"] }), ["wal=off"]);
});

const refusals: [what: string, flags: MeasuringFlags, message: RegExp][] = [
  ["the first is the newer one", { from: "10.4.2", to: "7.10.2" }, /first is the newer one; swap/],
  ["both are one", { from: "10.4.2", to: "10.4.2" }, /one release is no ladder/],
  ["they are of two engines", { from: "7.10.2", to: "flink-8.10.0" }, /of two engines/],
  ["one is no release", { from: "seven" }, /Cannot tell the release "seven": write a version/],
  ["all are named besides", { from: "7.10.2", set: ["release=8.11.4", "9.10.0"] }, /beside --set/],
];
Deno.test.each(refusals)("a ladder is refused when %s", (_, flags, message) => {
  assert.throws(() => settingsOf(releases, flags), (error) => {
    assert.match((error as Error).message, message);
    assert.doesNotMatch((error as Error).message, /\n/);
    return true;
  });
});

Deno.test("a suite that is no ladder takes neither end", () => {
  assert.throws(
    () => settingsOf(baseline, { to: "10.4.2" }),
    /^UsageError: Cannot take --to for the suite baseline: it is no ladder; bench releases/,
  );
});

Deno.test("rungsTogether() has each rung with its neighbour and with the first, six at most", () => {
  for (let count = 2; count <= 42; count++) {
    const names = Array.from({ length: count }, (_, i) => `${i}.0`);
    const groups = rungsTogether(names);
    const has = (a: string, b: string) => groups.some((own) => own.includes(a) && own.includes(b));
    for (const [i, name] of names.entries()) {
      assert.ok(i === 0 || has(names[i - 1]!, name), `${name} of ${count}`);
      assert.ok(has(names[0]!, name));
    }
    assert.ok(groups.every((own) => own.length <= 6 && new Set(own).size === own.length));
    assert.ok(groups.every((own) => own[0] === names[0]));
  }
  assert.equal(rungsTogether(Array.from({ length: 42 }, (_, i) => `${i}`)).length, 10);
});

Deno.test("ladderProfile() is the ladder's own, and none of another suite", () => {
  assert.deepEqual(ladderProfile(releases, "quick"), {
    name: "quick",
    runs: 4,
    warmupMs: 120,
    measureMs: 120,
  });
  assert.equal(ladderProfile(baseline, "quick"), undefined);
});
