/** Every file parses, the scripts are clean, and cluster.json is cluster.nix. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { evaluated, filesUnder, NIX, run, skippable, testWith } from "./_testing/tools.ts";

testWith(["nix-instantiate"], "every Nix file parses", async () => {
  const files = filesUnder(".nix");
  assert.ok(files.length > 20);
  const { code, err } = await run("nix-instantiate", ["--parse", ...files]);
  assert.equal(code, 0, err);
});

testWith(["shellcheck"], "shellcheck has nothing to say of the scripts", async () => {
  const files = filesUnder(".sh");
  assert.ok(files.length >= 9);
  const { code, out } = await run("shellcheck", ["--external-sources", ...files]);
  assert.equal(code, 0, out);
});

testWith(["nix-instantiate"], "cluster.json is what cluster.nix is", async () => {
  const json = JSON.parse(Deno.readTextFileSync(`${NIX}/cluster.json`));
  const { madeOf, ...rest } = json;
  assert.deepEqual(rest, await evaluated("import ./cluster.nix"));
  const text = Deno.readTextFileSync(`${NIX}/cluster.nix`);
  assert.equal(madeOf, createHash("sha256").update(text).digest("hex"));
});

testWith(["nix-instantiate", "jq"], "cluster-json.sh agrees with cluster.json", async () => {
  const { code, err } = await run("tests/cluster-json.sh", []);
  assert.equal(code, 0, err);
});

Deno.test("flake.lock pins every input of flake.nix by revision and hash", () => {
  const lock = JSON.parse(Deno.readTextFileSync(`${NIX}/flake.lock`));
  assert.deepEqual(Object.keys(lock.nodes.root.inputs).sort(), ["disko", "nixpkgs"]);
  for (const name of ["disko", "nixpkgs"]) {
    const { rev, narHash } = lock.nodes[name].locked;
    assert.match(rev, /^[0-9a-f]{40}$/);
    assert.match(narHash, /^sha256-[A-Za-z0-9+/]{43}=$/);
  }
});

testWith(["bash"], "evaluate.sh says that it was skipped without nixpkgs", async () => {
  const { code, out } = await run("tests/evaluate.sh", [], { env: { NIXPKGS: "", DISKO: "" } });
  assert.equal(code, 0);
  assert.match(out, /^skipped: /);
});

// Minutes with a download behind it: only where somebody names the checkouts.
const unset = ["NIXPKGS", "DISKO"].filter((name) => !Deno.env.get(name));
Deno.test({
  name: skippable(
    "every system evaluates with nixpkgs",
    unset.length > 0 ? `${unset.join(" and ")} not set` : undefined,
  ),
  ignore: unset.length > 0,
  timeout: 1_200_000,
  async fn() {
    const { code, out, err } = await run("tests/evaluate.sh", [], { seconds: 1_100 });
    console.log(out);
    assert.equal(code, 0, err);
    // Three nodes, on their machines and under QEMU, as installed and as images that install; the
    // netboot image, a node with etcd, the test of virtual machines.
    assert.equal(out.match(/"toplevel":"\/nix\/store/g)?.length, 15);
    assert.equal(out.match(/"disko":"\/nix\/store/g)?.length, 6);
    assert.equal(out.match(/"warnings":\[\]/g)?.length, 15, "no system warns");
    assert.match(out, /"netboot":\["ssh\.authorizedKeys in cluster\.nix still holds a REPLACE-ME/);
  },
});
