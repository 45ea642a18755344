import assert from "node:assert/strict";
import type { PlanLine } from "../result/mod.ts";
import { FakeWorld, MACHINE } from "./_testing/fake_world.ts";
import { bench } from "./bench.ts";
import { requireRoom } from "./room.ts";
import { defineSuite, PROFILES } from "../suite/mod.ts";

const MIB = 1024 * 1024;

/** A plan of one benchmark over a store, on a device with so much room. */
function plan(
  freeBytes: number | null,
  { store = "raw", workload = {}, options = {}, ...rest }: {
    store?: string;
    workload?: Record<string, unknown>;
    options?: Record<string, string | number>;
    turns?: PlanLine["turns"];
  } = {},
): PlanLine {
  return {
    environment: { ...MACHINE, data: { ...MACHINE.data, device: "sdz1", freeBytes } },
    storeOptions: options,
    profile: { runs: 1 },
    benchmarks: [{
      id: `${store}/scan`,
      store,
      workload: {
        ...{ operation: "scan", keys: 1024, keyBytes: 16, valueBytes: 1008, order: "sequential" },
        clients: 1,
        ...workload,
      },
    }],
    ...rest,
  } as unknown as PlanLine;
}

const fits = (plans: PlanLine[]) => requireRoom(plans, "/data");
const fails = (plans: PlanLine[], message: RegExp) =>
  assert.throws(() => fits(plans), { name: "RunError", kind: "usage", message });

Deno.test("requireRoom() takes what is loaded with a fifth more, and what lives at once", () => {
  fits([plan(1.2 * MIB)]);
  fails(
    [plan(1.2 * MIB - 1)],
    /^Cannot load 1,024 keys for raw\/scan into \/data: it needs some 1\.2 MiB, and 1\.2 MiB are free on sdz1; free some space, or name a folder elsewhere with --data$/,
  );
  // The sides of a duet are there at the same time, and so is a group of releases.
  fits([plan(2.4 * MIB), plan(2.4 * MIB)]);
  fails([plan(2 * MIB), plan(2 * MIB)], /2\.4 MiB for 2 databases at once, and 2 MiB are free/);
  const turns = { groups: [["raw", "raw@a", "raw@b"]] } as unknown as PlanLine["turns"];
  fits([plan(3.6 * MIB, { turns })]);
  fails([plan(3.5 * MIB, { turns })], / for 3 databases at once/);
});

Deno.test("requireRoom() takes what clients find loaded, and values of the largest size", () => {
  const load = (filled: boolean) => ({
    workload: {
      operation: null,
      valueBytes: null,
      load: { filled, valueSize: { kind: "uniform", least: 1, most: 1008 } },
    },
  });
  fits([plan(1.2 * MIB, load(true))]);
  fails([plan(1.2 * MIB - 1, load(true))], /^Cannot load 1,024 keys for raw\/scan into /);
  fits([plan(0, load(false))]);
});

Deno.test("requireRoom() refuses nothing of which it is not known what is written", () => {
  fits([plan(null)]);
  fits([plan(0, { workload: { operation: "put" } })]);
  fits([plan(0, { workload: { operation: null } })]);
  for (const store of ["null", "null-async", "plugin"]) fits([plan(0, { store })]);
  // All of it stays in memory; unless it is flushed, or is too much.
  fits([plan(0, { options: { wal: "off" } })]);
  fails([plan(0, { options: { wal: "off" }, workload: { shape: "settled" } })], /1\.2 MiB/);
  fails([plan(0, { options: { wal: "off", writeBufferBytes: MIB } })], /1\.2 MiB/);
  fails([plan(0, { options: { wal: "synced" } })], /1\.2 MiB/);
});

Deno.test("bench() refuses a load that there is no room for, and makes nothing", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const world = new FakeWorld();
    const environment = { ...MACHINE, data: { ...MACHINE.data, freeBytes: 100 } };
    world.environment = () => environment;
    const size = { samples: 1, keys: 100, valueBytes: 16, kind: "throughput" } as const;
    const request = {
      suite: defineSuite({
        name: "small",
        title: "Small",
        summary: "",
        stores: ["raw"],
        benchmarks: [{ name: "scan", operation: "scan", ...size }],
        ...{ targets: [], claims: [], figures: [], nextSteps: [] },
      }),
      profile: PROFILES.smoke!,
      stores: ["raw"],
      storeOptions: {},
      seed: 1,
      directory: `${folder}/out`,
      ...{ command: [], warnings: [], version: "0" },
    };
    await assert.rejects(bench(request, {}, new AbortController().signal, world), {
      name: "RunError",
      kind: "usage",
      message: /^Cannot load 100 keys for raw\/scan into /,
    });
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
