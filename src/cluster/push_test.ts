import assert from "node:assert/strict";
import { localNode, LocalTransport } from "./_testing/local_transport.ts";
import type { Places } from "./places.ts";
import { push, type PushOptions } from "./push.ts";

interface Bed {
  folder: string;
  places: Places;
  options: PushOptions;
  push(change?: Partial<PushOptions>): Promise<void>;
}

async function withProject(
  body: (bed: Bed) => Promise<void>,
  transport = new LocalTransport(),
): Promise<void> {
  const folder = Deno.makeTempDirSync();
  const far = `${folder}/it's far`;
  const places: Places = {
    project: `${far}/project`,
    releases: `${far}/releases`,
    results: `${far}/results`,
    databases: `${far}/databases`,
    lock: `${far}/lock`,
  };
  Deno.mkdirSync(`${folder}/near/src`, { recursive: true });
  Deno.mkdirSync(`${folder}/near/node_modules`);
  Deno.mkdirSync(`${folder}/near/reports`);
  Deno.writeTextFileSync(`${folder}/near/main.ts`, "one");
  Deno.writeTextFileSync(`${folder}/near/src/-rf $(id)'.ts`, "two");
  const options: PushOptions = {
    project: `${folder}/near`,
    release: "one",
    commit: "c0ffee",
    seconds: 20,
  };
  const link = await transport.connect(localNode("node01"));
  try {
    await body({
      folder,
      places,
      options,
      push: (change) => push(link, places, { ...options, ...change }),
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map((entry) => entry.name).sort();

Deno.test("push() makes the project of what a node needs", { timeout: 300_000 }, async () => {
  await withProject(async ({ places, push }) => {
    await push();
    assert.deepEqual(names(places.project), [
      ".git",
      ".release",
      "main.ts",
      "node_modules",
      "src",
    ]);
    assert.equal(Deno.readTextFileSync(`${places.project}/src/-rf $(id)'.ts`), "two");
    assert.equal(Deno.readTextFileSync(`${places.project}/.git/HEAD`), "c0ffee\n");
  });
});

Deno.test("push() keeps the release before, and none older", { timeout: 300_000 }, async () => {
  await withProject(async ({ folder, places, push }) => {
    for (const release of ["one", "two", "three"]) {
      Deno.writeTextFileSync(`${folder}/near/main.ts`, release);
      await push({ release });
      assert.equal(Deno.readTextFileSync(`${places.project}/main.ts`), release);
    }
    assert.deepEqual(names(places.releases), ["three", "two"]);
  });
});

Deno.test("push() leaves what was there when it breaks off", { timeout: 300_000 }, async () => {
  const transport = new LocalTransport();
  await withProject(async ({ places, push }) => {
    await push();
    transport.instead = (command) =>
      command.replace("tar --extract", "head -c 100 >/dev/null; false");
    await assert.rejects(
      push({ release: "two" }),
      /^ClusterError: Cannot push: its side ended with/,
    );
    assert.deepEqual(names(places.releases), ["one"]);
    assert.equal(Deno.readTextFileSync(`${places.project}/main.ts`), "one");
  }, transport);
});

Deno.test("push() says so when the node's disk is full", { timeout: 300_000 }, async () => {
  const transport = new LocalTransport();
  transport.instead = (command) =>
    command.replace("tar --extract", "cat >/dev/full; tar --extract");
  await withProject(async ({ push }) => {
    await assert.rejects(push(), /^ClusterError: Cannot push: its disk is full; free some space/);
  }, transport);
});

Deno.test("push() gives up a node that hangs", { timeout: 300_000 }, async () => {
  const transport = new LocalTransport();
  transport.instead = () => "exec sleep 60";
  await withProject(async ({ push }) => {
    await assert.rejects(
      push({ seconds: 1 }),
      /^ClusterError: Cannot push: it took longer than 1 s$/,
    );
  }, transport);
});

Deno.test("push() refuses a project without its packages, and a hostile release", {
  timeout: 300_000,
}, async () => {
  await withProject(async ({ folder, push }) => {
    await assert.rejects(push({ release: "../x" }), TypeError);
    Deno.removeSync(`${folder}/near/node_modules`);
    await assert.rejects(push(), /its packages are not there; run deno install/);
  });
});
