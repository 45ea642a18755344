import assert from "node:assert/strict";
import * as v from "valibot";
import { EnvironmentRecord } from "../result/mod.ts";
import { collectEnvironment } from "./collect.ts";
import { filesOf, machines } from "./_testing/fixtures.ts";

for (const [name, { dataDirectory, files, system }] of Object.entries(machines)) {
  Deno.test(`collectEnvironment() describes ${name}`, async (t) => {
    const environment = collectEnvironment(dataDirectory, files, system);
    assert.deepEqual(v.parse(EnvironmentRecord, environment), environment);
    assert.doesNotMatch(JSON.stringify(environment), /alice|example\.org|192\.0\.2/);
    await t.assertSnapshot(environment);
  });
}

Deno.test("collectEnvironment() describes this machine for a folder that is still to be made", () => {
  const folder = Deno.makeTempDirSync();
  const environment = collectEnvironment(`${folder}/not/yet`);
  assert.deepEqual(v.parse(EnvironmentRecord, environment), environment);
  assert.equal(environment.os, Deno.build.os);
  assert.deepEqual(environment.data.filesystem, collectEnvironment(folder).data.filesystem);
  assert.ok(environment.data.freeBytes! > 0);
  assert.ok(environment.cpu.logical! >= 1);
  Deno.removeSync(folder);
});

Deno.test(
  "collectEnvironment() is no error when Deno may do nothing",
  { permissions: "none" },
  () => {
    const environment = collectEnvironment("/var/lib/tidemark");
    assert.deepEqual(v.parse(EnvironmentRecord, environment), environment);
    assert.deepEqual([environment.kernel, environment.host], ["unknown", "unknown"]);
    assert.equal(environment.data.freeBytes, null);
  },
);

Deno.test("collectEnvironment() joins governors when the processors differ", () => {
  const files = filesOf({
    "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "performance\n",
    "/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor": "powersave\n",
    "/sys/devices/system/cpu/cpufreq/policy0/scaling_governor": "ondemand\n",
  });
  const { system } = machines["a server"]!;
  assert.equal(collectEnvironment("/", files, system).cpu.governor, "performance/powersave");
});
