/** `nodes` as a process, as far as it goes without a node: the cluster file, and machines that are not there. */
import assert from "node:assert/strict";
import { withFolder } from "../../_testing/folder.ts";
import { succeeds } from "../../_testing/child.ts";
import { expectError } from "./_testing/expect.ts";
import { isThere, run, start, treeOf } from "./_testing/tidemark.ts";

const KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDJQ1Zi7zL+QVxFnYAtYBn3BcVZDhG13JPkuHVcL7dCd";
const HAS_SSH = await succeeds("ssh", "-V");
/** Why a test is skipped, behind its name. */
const WITHOUT_SSH = HAS_SSH ? "" : " (skipped: ssh not on the PATH)";

/** Writes a cluster file of two nodes, the second changed, and says how to name it. */
function clusterFile(cwd: string, change: Record<string, unknown> = {}): string[] {
  const node = (number: number) => ({
    address: `10.77.0.1${number}`,
    sshPort: 22,
    mac: `52:54:00:77:00:0${number}`,
    disk: "/dev/disk/by-id/nvme-test",
    role: number === 1 ? "controller" : "worker",
    hostKey: KEY,
  });
  Deno.writeTextFileSync(
    `${cwd}/cluster.json`,
    JSON.stringify({
      version: 1,
      ssh: { user: "bench", authorizedKeys: [KEY] },
      directories: { state: "/var/lib/tidemark", data: "/srv/tidemark" },
      nodes: { node01: node(1), node02: { ...node(2), ...change } },
    }),
  );
  return ["--cluster", "cluster.json"];
}

Deno.test(
  "nodes list says which node cannot be used as the file stands, and ends with 2",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const cases: [Record<string, unknown>, RegExp][] = [
      [{ address: "10.77.0.11" }, /^node01 .* node02 has the same address 10\.77\.0\.11$/m],
      [{ hostKey: "ssh-ed25519 REPLACE-ME" }, /^node02 .* its hostKey is still REPLACE-ME$/m],
    ];
    for (const [change, line] of cases) {
      const { code, out } = await run("nodes", ["list", ...clusterFile(cwd, change)], { cwd });
      assert.equal(code, 2);
      assert.match(out, line);
    }
    const { code, out } = await run("nodes", ["list", ...clusterFile(cwd)], { cwd });
    assert.equal(code, 0);
    assert.match(out, /^node02 +10\.77\.0\.12:22 +worker +\/dev\/disk\/by-id\/nvme-test$/m);
  }),
);

Deno.test(
  "nodes bench refuses a mistake in its call in one line, and makes nothing",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const cluster = clusterFile(cwd);
    Deno.mkdirSync(`${cwd}/full`);
    Deno.writeTextFileSync(`${cwd}/full/thesis.txt`, "years of work");
    const before = treeOf(cwd);
    const cases: [string[], RegExp][] = [
      [["--node", "node03"], /Unknown node "node03": cluster\.json has node01, node02$/],
      [["--profile", "qick"], /Unknown profile "qick": did you mean quick\?/],
      [["--patience", "soon"], /Cannot take "soon" for --patience: give whole seconds/],
      [["--out", "full"], /Cannot use full: it is not empty; name an empty or a new directory$/],
    ];
    for (const [args, line] of cases) {
      expectError(await run("nodes", ["bench", ...cluster, ...args], { cwd }), 2, line);
      assert.deepEqual(treeOf(cwd), before);
    }
    const none = await run("nodes", ["list", "--cluster", "clustre.json"], { cwd });
    expectError(none, 2, /Cannot read the cluster file clustre\.json: there is no such file/);
  }),
);

Deno.test({
  name:
    `nodes bench gives each node that is not there a row and a report, and ends with 3${WITHOUT_SSH}`,
  timeout: 300_000,
  ignore: !HAS_SSH,
  fn: withFolder(async (cwd) => {
    // Nobody listens there any more.
    const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const closed = { address: "127.0.0.1", sshPort: listener.addr.port };
    listener.close();
    const args = ["bench", ...clusterFile(cwd, closed), "--node", "node02", "--out", "out"];
    const { code, out, err } = await run("nodes", [...args, "--ssh-config", "/dev/null"], { cwd });
    assert.equal(code, 3, err);
    assert.match(out, /^node02 +unreachable +– +Cannot reach .*: the connection is refused; /m);
    assert.match(Deno.readTextFileSync(`${cwd}/out/report.md`), /\| `node02` \| unreachable \| – /);
  }),
});

Deno.test({
  name: `nodes bench ends with 3 when it is interrupted while it waits for a node${WITHOUT_SSH}`,
  timeout: 300_000,
  ignore: !HAS_SSH,
  fn: withFolder(async (cwd) => {
    // It takes the connection, and never says a word.
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const silent = { address: "127.0.0.1", sshPort: listener.addr.port };
    const args = ["bench", ...clusterFile(cwd, silent), "--node", "node02", "--out", "out"];
    const bench = start("nodes", [...args, "--ssh-config", "/dev/null"], { cwd });
    using _ = await listener.accept();
    bench.process.kill("SIGINT");
    const { code, out, err } = await bench.ended;
    assert.equal(code, 3, err);
    assert.match(out, /^node02 +incomplete +– +Cannot reach .*: it was interrupted$/m);
    assert.ok(isThere(`${cwd}/out/nodes.json`));
  }),
});
