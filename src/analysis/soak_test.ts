import assert from "node:assert/strict";
import type { WindowRecord } from "../result/mod.ts";
import { Random } from "../stats/mod.ts";
import { analyseSoaks } from "./soak.ts";

const MIB = 1024 * 1024;

/** Windows of a second, in which memory and files grow by so many bytes each. */
function soak(
  count: number,
  { leak = 0, files = 0, slowing = 0, written = 300 }: {
    leak?: number;
    files?: number;
    slowing?: number;
    written?: number;
  } = {},
): WindowRecord[] {
  const random = new Random(3);
  return Array.from({ length: count }, (_, i) => ({
    atNs: i * 1e9,
    ns: 1e9,
    operations: Math.round(1000 * (1 - slowing * i / count) + 10 * random.normal()),
    service: { p50: 1e4, p99: 1e5 * (1 + 0.1 * random.uniform()), p999: 2e5, max: 3e5 },
    bytesPut: 100,
    rssBytes: 200 * MIB + leak * i + MIB * random.normal(),
    facts: { liveFileBytes: 50 * MIB + files * i + MIB * random.normal() },
    counts: { processWritten: written * (i + 1) },
  }));
}

const analysed = (windows: WindowRecord[]) => analyseSoaks([{ run: 0, windows }], 5)[0]!;

Deno.test("analyseSoaks() compares the last tenth with the first, and an hour where it is longer", () => {
  const short = analysed(soak(600, { slowing: 0.5 }));
  assert.equal(short.stretchNs, 60e9);
  const { first, last, change } = short.rate;
  assert.ok(first! > 950 && last! < 550, `${first} to ${last}`);
  assert.ok(change!.high < 0.6 && change!.low > 0.45, JSON.stringify(change));
  assert.ok(short.p99.change!.low < 1 && short.p99.change!.high > 1);
  assert.equal(short.scheduled, false);
  assert.equal(analysed(soak(40_000)).stretchNs, 3600e9);
});

Deno.test("analyseSoaks() tells what grows in an hour, and does not where nothing does", () => {
  const hour = 3600;
  const { rssAnHour, filesAnHour, amplificationAnHour } = analysed(
    soak(hour, { leak: 2 * MIB / hour }),
  );
  assert.ok(rssAnHour!.low > MIB && rssAnHour!.high < 3 * MIB, JSON.stringify(rssAnHour));
  assert.ok(filesAnHour!.low < 0 && filesAnHour!.high > 0, JSON.stringify(filesAnHour));
  // Three bytes for each, from the first to the last.
  assert.ok(Math.abs(amplificationAnHour!.value) < 1e-9);
});

Deno.test("analyseSoaks() has the worst window, and those without an operation", () => {
  const windows = soak(100);
  windows[42] = { ...windows[42]!, operations: 0, service: null };
  const { worst, silent } = analysed(windows);
  assert.deepEqual(worst, { atNs: 42e9, rate: 0 });
  assert.equal(silent, 1);
});

Deno.test("analyseSoaks() takes no short run for a soak, and says nothing of what is not told", () => {
  assert.deepEqual(analyseSoaks([{ run: 0, windows: soak(59) }, { run: 1 }], 5), []);
  const untold = soak(100).map((window) => ({ ...window, facts: {}, counts: {}, bytesPut: 0 }));
  const { filesAnHour, amplificationAnHour, rssAnHour } = analysed(untold);
  assert.deepEqual([filesAnHour, amplificationAnHour], [null, null]);
  assert.notEqual(rssAnHour, null);
  assert.equal(analysed(untold).ownAnHour, null);
});

Deno.test("analyseSoaks() tells memory that is the engine's own of keys from all other", () => {
  const windows = soak(3600, { leak: 10 * MIB / 3600 }).map((window, i) => ({
    ...window,
    facts: { ...window.facts, memtableBytes: Math.round(10 * MIB / 3600 * i), blockCacheBytes: 0 },
  }));
  const { rssAnHour, ownAnHour } = analysed(windows);
  assert.ok(rssAnHour!.low > 8 * MIB);
  assert.ok(ownAnHour!.low < 0 && ownAnHour!.high > 0, JSON.stringify(ownAnHour));
});
