import assert from "node:assert/strict";
import type { PlanLine } from "../result/mod.ts";
import { FakeWorld, type Play } from "./_testing/fake_world.ts";
import { RunError } from "./error.ts";
import { requireServers } from "./servers.ts";

/** A plan of one benchmark for each store, with the options of its variant. */
function planOf(...stores: [store: string, variant?: Record<string, string>][]): PlanLine {
  const benchmarks = stores.map(([store, variant]) => ({ store, variant }));
  return { benchmarks, storeOptions: { deadlineMs: 300 } } as unknown as PlanLine;
}

const NEVER = new AbortController().signal;
const A = { endpoints: "a:1" };
const B = { endpoints: "b:1" };

/** Servers of which those at A are not there. */
const withoutA: Play = (spec) =>
  spec.options.endpoints === "a:1"
    ? { state: "failed", error: `Cannot open the database ${spec.store}: nothing listens at a:1` }
    : { state: "interrupted" };

async function look(world: FakeWorld, ...plans: PlanLine[]): Promise<unknown> {
  return await requireServers(plans, world, NEVER).catch((error) => error);
}

Deno.test("requireServers() tries each of the servers that run already, and once", async () => {
  const world = new FakeWorld(withoutA);
  const error = await look(world, planOf(["null"], ["etcd@a", A]), planOf(["etcd@a", A]));
  assert.ok(error instanceof RunError);
  assert.equal(error.message, "Cannot open etcd@a: nothing listens at a:1");
  assert.equal(error.kind, "measuring");
  assert.deepEqual(world.specs.map(({ looks, options }) => [looks, options]), [
    [true, { deadlineMs: 300, ...A }],
  ]);
});

Deno.test("requireServers() says what the caller has to mend", async () => {
  const refuse: Play = () => ({ state: "failed", error: "Cannot open x: no PEM", usage: true });
  const error = await look(new FakeWorld(refuse), planOf(["etcd", A]));
  assert.ok(error instanceof RunError && error.kind === "usage");
});

Deno.test("requireServers() lets those be measured that are there", async () => {
  // The runs of the others say themselves how they fail.
  assert.equal(
    await look(new FakeWorld(withoutA), planOf(["etcd@a", A], ["etcd@b", B])),
    undefined,
  );
  const world = new FakeWorld(withoutA);
  assert.equal(await look(world, planOf(["etcd@a", A], ["level"])), undefined);
  assert.deepEqual(world.specs, []);
});

Deno.test("requireServers() asks the program of servers that are started for a run, once", async () => {
  const plan = planOf(["level"], ["etcd@nodes=1"], ["etcd@nodes=3"], ["etcd@a", A]);
  const world = new FakeWorld(() => ({
    state: "failed",
    error: "Cannot open the database etcd@nodes=1: x is no etcd",
    usage: true,
  }));
  // Whatever else could be measured: every run would wait for it.
  const error = await look(world, plan);
  assert.ok(error instanceof RunError && error.kind === "usage");
  assert.equal(error.message, "Cannot open etcd@nodes=1: x is no etcd");
  assert.equal(world.specs.length, 1);
  const well = new FakeWorld(() => ({ state: "interrupted" }));
  assert.equal(await look(well, plan), undefined);
  assert.deepEqual(well.specs.map(({ store, looks }) => [store, looks]), [["etcd@nodes=1", true]]);
});
