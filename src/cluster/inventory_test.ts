import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { ClusterError } from "./error.ts";
import { chooseNodes, parseInventory, readInventory } from "./inventory.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2g3Zq6q0k5sB7lJ6y6f9m1hQ0vXkB2m8r0cJxY1abc";

function node(n: number, change: Record<string, unknown> = {}) {
  return {
    address: `10.77.0.1${n}`,
    sshPort: 22,
    mac: `52:54:00:77:00:0${n}`,
    disk: "/dev/disk/by-id/nvme-x",
    role: n === 1 ? "controller" : "worker",
    hostKey: null,
    ...change,
  };
}

function cluster(nodes: Record<string, unknown>, change: Record<string, unknown> = {}): string {
  return JSON.stringify({
    version: 1,
    ssh: { user: "bench", authorizedKeys: [KEY] },
    directories: { state: "/var/lib/tidemark", data: "/srv/tidemark" },
    nodes,
    ...change,
  });
}

Deno.test("parseInventory() has the nodes by name when the file is right", () => {
  const inventory = parseInventory(cluster({ node02: node(2), node01: node(1) }), "c.json");
  assert.deepEqual(inventory.nodes.map((each) => each.name), ["node01", "node02"]);
  assert.deepEqual(inventory.nodes.map((each) => each.problem), [null, null]);
  assert.deepEqual(inventory.warnings, []);
  assert.equal(inventory.dataDirectory, "/srv/tidemark");
  assert.deepEqual(inventory.releases, []);
});

Deno.test("parseInventory() has the releases that every node is given", () => {
  const nodes = { node01: node(1) };
  const releases = ["9.10.0", "flink-8.10.0"];
  assert.deepEqual(parseInventory(cluster(nodes, { releases }), "c.json").releases, releases);
  for (const wrong of ["9.10.0", ["../x"], [1]]) {
    assert.throws(
      () => parseInventory(cluster(nodes, { releases: wrong }), "c.json"),
      { name: "ClusterError", message: /^Cannot use the cluster file c\.json: .*releases/ },
    );
  }
});

Deno.test("parseInventory() says of single nodes what is wrong with them", () => {
  const cases: [Record<string, unknown>, RegExp][] = [
    [{ address: "10.77.0.11" }, /^node01 has the same address 10\.77\.0\.11$/],
    [{ address: "REPLACE-ME" }, /^its address is still REPLACE-ME$/],
    [{ mac: "52:54:00:77:00:01" }, /^node01 has the same MAC/],
    [{ hostKey: "ssh-ed25519 REPLACE-ME" }, /^its hostKey is still REPLACE-ME$/],
    [{ hostKey: "a key" }, /^its hostKey is no public key; copy/],
    [{ hostKey: `${KEY}\n* ${KEY}` }, /^its hostKey is no public key; copy/],
  ];
  for (const [change, message] of cases) {
    const nodes = { node01: node(1), node02: node(2, change), node03: node(3) };
    const inventory = parseInventory(cluster(nodes), "c.json");
    assert.match(inventory.nodes[1]!.problem ?? "", message);
    assert.equal(inventory.nodes[2]!.problem, null);
  }
});

Deno.test("readInventory() refuses a JSON file that was made of another Nix file", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const path = `${folder}/cluster.nix`;
    Deno.writeTextFileSync(path, "{ }\n");
    const madeOf = createHash("sha256").update("{ }\n").digest("hex");
    Deno.writeTextFileSync(`${folder}/cluster.json`, cluster({ node01: node(1) }, { madeOf }));
    const withoutNix = () => readInventory(path, () => Promise.resolve(undefined));
    assert.equal((await withoutNix()).nodes.length, 1);
    Deno.writeTextFileSync(path, "{ version = 1; }\n");
    await assert.rejects(withoutNix, /cluster\.json: .*cluster\.nix has changed since it was made/);
    // Where the Nix file is not at hand, the JSON file is all there is.
    Deno.removeSync(path);
    assert.equal((await withoutNix()).nodes.length, 1);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("parseInventory() takes a MAC that is not known yet", () => {
  const { nodes } = parseInventory(cluster({ node01: node(1, { mac: "REPLACE-ME" }) }), "c.json");
  assert.equal(nodes[0]!.problem, null);
});

Deno.test("parseInventory() warns of a placeholder key and of no single controller", () => {
  const ssh = { user: "bench", authorizedKeys: ["ssh-ed25519 REPLACE-ME operator"] };
  const { warnings } = parseInventory(cluster({ node02: node(2) }, { ssh }), "c.json");
  assert.equal(warnings.length, 2);
  assert.match(warnings[0]!, /REPLACE-ME key/);
  assert.match(warnings[1]!, /has 0 controllers/);
});

Deno.test("parseInventory() refuses names and addresses that mean something to a program", () => {
  const names = ["-oProxyCommand=id", "a b", "a;id", "$(id)", "../x", "", "A", "a/b", "a\nb"];
  for (const name of names) {
    assert.throws(() => parseInventory(cluster({ [name]: node(1) }), "c.json"), ClusterError);
  }
  const addresses = ["-oProxyCommand=id", "a b", "a;id", "bench@host", "", "a\nb", "`id`"];
  for (const address of addresses) {
    const text = cluster({ node01: node(1, { address }) });
    assert.throws(() => parseInventory(text, "c.json"), /nodes\.node01\.address/);
  }
  for (const state of ["relative", "/a/../b c", "/a'b", "/"]) {
    const text = cluster({ node01: node(1) }, { directories: { state, data: "/d" } });
    assert.throws(() => parseInventory(text, "c.json"), /directories\.state/);
  }
});

Deno.test("parseInventory() accepts nothing that begins with a dash or holds a space", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        const { nodes } = parseInventory(cluster({ [text]: node(1, { address: text }) }), "c");
        assert.match(nodes[0]!.name, /^[a-z0-9-]+$/);
        assert.match(nodes[0]!.address, /^[A-Za-z0-9][A-Za-z0-9.:-]*$/);
      } catch (error) {
        if (!(error instanceof ClusterError)) throw error;
      }
    }),
    { seed: 5, numRuns: 300 },
  );
});

Deno.test("parseInventory() refuses what is no cluster file", () => {
  for (const text of ["", "[]", "{}", cluster({}), cluster({ node01: {} })]) {
    assert.throws(() => parseInventory(text, "c.json"), /^ClusterError: Cannot use .* c\.json: /);
  }
});

Deno.test("readInventory() takes the JSON beside it when there is no Nix", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.writeTextFileSync(`${folder}/cluster.json`, cluster({ node01: node(1) }));
    const without = await readInventory(`${folder}/cluster.nix`, () => Promise.resolve(undefined));
    assert.equal(without.path, `${folder}/cluster.json`);
    const evaluated = cluster({ node01: node(1), node02: node(2) });
    const withNix = await readInventory(`${folder}/cluster.nix`, () => Promise.resolve(evaluated));
    assert.equal(withNix.nodes.length, 2);
    await assert.rejects(readInventory(`${folder}/other.json`), /there is no such file/);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("chooseNodes() keeps the inventory's order, and refuses an unknown name", () => {
  const inventory = parseInventory(
    cluster({ node01: node(1), node02: node(2), node03: node(3) }),
    "c.json",
  );
  const names = (chosen: string[]) => chooseNodes(inventory, chosen).map((each) => each.name);
  assert.deepEqual(names([]), ["node01", "node02", "node03"]);
  assert.deepEqual(names(["node03", "node01"]), ["node01", "node03"]);
  assert.throws(
    () => names(["node1"]),
    /^ClusterError: Unknown node "node1": c\.json has node01, node02, node03$/,
  );
});
