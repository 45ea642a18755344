import assert from "node:assert/strict";
import { collectEnvironment } from "../collect.ts";
import type { Remark } from "../../remark/mod.ts";
import { examine } from "./examine.ts";
import { filesOf, machines } from "../_testing/fixtures.ts";
import type { EnvironmentRecord, PressureRecord } from "../../result/mod.ts";

function environmentOf(name: string): EnvironmentRecord {
  const { dataDirectory, files, system } = machines[name]!;
  return collectEnvironment(dataDirectory, files, system);
}

for (const name of Object.keys(machines)) {
  Deno.test(`examine() finds what is wrong with ${name}`, async (t) => {
    const findings = examine(environmentOf(name));
    for (const finding of findings) {
      assert.match(finding.text, /^[A-Z0-9].*\.$/);
      assert.match(finding.why!, /^[A-Z].*\.$/);
      assert.notEqual(finding.mend, "");
    }
    const severities = findings.map((finding) => finding.severity);
    assert.deepEqual(severities, severities.toSorted().reverse(), "warnings come first");
    await t.assertSnapshot(
      findings.map(({ id, severity, text, mend }) => `${severity} ${id}: ${text} ${mend}`),
    );
  });
}

const tuned = environmentOf("a server");
const calm: PressureRecord = { load1: 0.2, steal: 0, busyOthers: 0.01 };

function brief(findings: Remark[]): string[] {
  return findings.map(({ severity, id }) => `${severity} ${id}`);
}

Deno.test("examine() finds nothing when a machine is tuned and calm", () => {
  assert.deepEqual(examine(tuned, calm), []);
});

/** A change of the tuned machine, and what is to be found then. */
const changes: [name: string, change: (environment: EnvironmentRecord) => void, string[]][] = [
  ["one processor", (e) => e.cpu.logical = e.cpu.usable = 1, ["warn processors"]],
  ["one usable processor", (e) => e.cpu.usable = 1, ["warn processors"]],
  ["two processors", (e) => e.cpu.logical = e.cpu.usable = 2, []],
  ["swap that is not used", (e) => e.swapBytes = 2 ** 30, []],
  ["swap in use", (e) => e.swapBytes = e.swapUsedBytes = 2 ** 30, ["warn swap"]],
  ["5 GiB free", (e) => e.data.freeBytes = 5 * 2 ** 30, []],
  ["less than 5 GiB free", (e) => e.data.freeBytes = 5 * 2 ** 30 - 1, ["info free-space"]],
  ["less than 1 GiB free", (e) => e.data.freeBytes = 2 ** 30 - 1, ["warn free-space"]],
  ["a disk that spins", (e) => e.data.rotational = true, ["warn disk"]],
  ["a scheduler", (e) => e.data.scheduler = "bfq", ["info scheduler"]],
  ["NFS", (e) => e.data.filesystem = "nfs4", ["warn filesystem"]],
  ["a FUSE file system", (e) => e.data.filesystem = "fuseblk", ["warn filesystem"]],
  ["a layered file system", (e) => e.data.filesystem = "overlay", ["warn filesystem"]],
  ["tmpfs without a disk", (e) => {
    Object.assign(e.data, { filesystem: "tmpfs", rotational: null, scheduler: null });
  }, ["warn filesystem"]],
  ["hpet", (e) => e.clocksource = "hpet", ["warn clocksource"]],
  ["Hyper-V's clock", (e) => e.clocksource = "hyperv_clocksource_tsc_page", ["info clocksource"]],
  ["a battery", (e) => e.onBattery = true, ["warn battery"]],
  ["a record without the later fields", (e) => {
    delete e.swapUsedBytes;
    delete e.clocksource;
    delete e.onBattery;
    delete e.cpu.usable;
    e.swapBytes = 1;
  }, ["info clocksource", "info battery", "info swap"]],
];
Deno.test.each(changes)("examine() judges %s", (_name, change, found) => {
  const environment = structuredClone(tuned);
  change(environment);
  assert.deepEqual(brief(examine(environment)), found);
});

Deno.test("examine() says first that nothing could be read", () => {
  const { dataDirectory, system } = machines["a server"]!;
  const environment = collectEnvironment(dataDirectory, filesOf({}), system);
  const [first, ...others] = examine(environment);
  assert.equal(`${first!.severity} ${first!.id}`, "warn permissions");
  assert.equal(others.length, 10);
  for (const { text } of others) assert.match(text, / could not be found out\.$/);
});

const pressures: [PressureRecord, string[]][] = [
  [{ ...calm, steal: 0.01 }, []],
  [{ ...calm, steal: 0.02 }, ["warn steal"]],
  [{ ...calm, busyOthers: 0.05 }, []],
  [{ ...calm, busyOthers: 0.06 }, ["warn other-processes"]],
  [{ load1: 16.5, steal: 0, busyOthers: 0.06 }, ["warn other-processes", "warn load"]],
  [{ load1: 16.5, steal: 0, busyOthers: 0.01 }, []],
  [{ load1: 16.5, steal: 0, busyOthers: null }, ["warn load", "info other-processes"]],
  [{ load1: 16, steal: 0, busyOthers: null }, ["info other-processes"]],
  [{ load1: null, steal: null, busyOthers: null }, [
    "info steal",
    "info other-processes",
    "info load",
  ]],
];
Deno.test.each(pressures)("examine() judges the pressure %j", (pressure, found) => {
  assert.deepEqual(brief(examine(tuned, pressure)), found);
});
