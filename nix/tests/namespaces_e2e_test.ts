/**
 * `deno task nodes` over real SSH on three nodes that are network namespaces of this machine: all
 * goes well, one node loses its power in mid-run, one is cut off and back, and the controller is
 * interrupted and killed. Needs root.
 */
import assert from "node:assert/strict";
import { Namespaces, namespacesMissing, NODES } from "./_testing/namespaces.ts";
import { run, skippable } from "./_testing/tools.ts";

const missing = await namespacesMissing();

interface Row {
  node: string;
  state: string;
  message: string;
  reconnects: number;
  runs: { ended: number; planned: number } | null;
}

/** Runs a subcommand to its end. */
async function nodes(bed: Namespaces, args: string[], cluster?: string) {
  const { code, stdout, stderr } = await bed.controller(
    args,
    cluster === undefined ? {} : { cluster },
  ).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), err: decoder.decode(stderr) };
}

/** Two short runs, of a store that needs nothing installed. */
const SMOKE = [
  ...["bench", "baseline", "--profile", "smoke"],
  ...["--filter", "scan_throughput", "--store", "level"],
];

function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

/** Samples in a node's journal here. */
function samples(out: string, node: string): number {
  return read(`${out}/${node}/journal.jsonl`).split("\n")
    .filter((line) => line.startsWith('{"kind":"sample"')).length;
}

/** The journal as the node has it. */
function farJournal(bed: Namespaces, out: string, node: string): string {
  const { id } = JSON.parse(read(`${out}/nodes.json`)) as { id: string };
  return read(`${bed.state(node)}/results/${id}/journal.jsonl`);
}

function rowsOf(out: string): Record<string, Row> {
  const session = JSON.parse(read(`${out}/nodes.json`) || '{"rows":[]}') as { rows: Row[] };
  return Object.fromEntries(session.rows.map((row) => [row.node, row]));
}

async function until(what: () => boolean | Promise<boolean>, why: string): Promise<void> {
  const limit = performance.now() + 60_000;
  while (!await what()) {
    assert.ok(performance.now() < limit, `waited a minute until ${why}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function nothingRuns(bed: Namespaces, names: string[]): Promise<void> {
  for (const node of names) {
    let left: string[] = [];
    await until(async () => (left = await bed.running(node)).length === 0, `${node} runs nothing`)
      .catch(() => assert.deepEqual(left, [], node));
  }
}

Deno.test({
  name: skippable(
    "nodes in namespaces are pushed to, asked, benched and collected from over SSH",
    missing,
  ),
  timeout: 1_200_000,
  ignore: missing !== undefined,
  async fn(t) {
    await using bed = await Namespaces.start();

    await t.step("a node that nothing was pushed to says so", async () => {
      const { code, out } = await nodes(bed, ["status", "--json", "--node", "node01"]);
      assert.equal(code, 3);
      assert.deepEqual(JSON.parse(out)[0].problems, [
        "nothing was pushed to it; deno task nodes push",
      ]);
    });

    await t.step("push and status", async () => {
      const pushed = await nodes(bed, ["push", "--json"]);
      assert.equal(pushed.code, 0, pushed.out + pushed.err);
      const { code, out, err } = await nodes(bed, ["status", "--json"]);
      assert.equal(code, 0, out + err);
      for (const [i, status] of JSON.parse(out).entries()) {
        assert.equal(status.doctor.environment.host, NODES[i]);
        assert.deepEqual(status.problems, []);
      }
    });

    await t.step("bench --profile smoke on all nodes, collected", async () => {
      const out = `${bed.folder}/smoke`;
      const { code, err } = await nodes(bed, [...SMOKE, "--out", out]);
      assert.equal(code, 0, err);
      for (const node of NODES) {
        assert.equal(rowsOf(out)[node]?.state, "measured", err);
        const result = JSON.parse(read(`${out}/${node}/result.json`));
        assert.ok(result.complete);
        assert.equal(result.environment.host, node);
        assert.match(err, new RegExp(`^${node} \\| .*level/scan_throughput`, "m"));
      }
      assert.match(read(`${out}/report.md`), /^## node03$/m);
      assert.match(read(`${out}/report.html`), /level\/scan_throughput/);
      await nothingRuns(bed, NODES);
    });

    await t.step("a target that a node misses ends with 1", async () => {
      const { code, err } = await nodes(bed, [
        ...[
          "bench",
          "src/cli/e2e/_testing/missing_suite.ts",
          "--profile",
          "smoke",
          // Fewer than three runs miss nothing.
          "--runs",
          "3",
          "--store",
          "kvstore",
        ],
        ...["--node", "node01", "--out", `${bed.folder}/missed`],
      ]);
      assert.equal(code, 1, err);
      assert.match(
        read(`${bed.folder}/missed/report.md`),
        /^\| `node01` \| measured \| .* \| 1 missed \|/m,
      );
    });

    await t.step("a host key that changed stops that node alone", async () => {
      const cluster = JSON.parse(read(bed.cluster));
      cluster.nodes.node02.hostKey = cluster.nodes.node03.hostKey;
      const path = `${bed.folder}/changed.json`;
      bed.writeCluster(cluster.nodes, path);
      const { code, out } = await nodes(bed, ["status", "--json", "--node", "node01,node02"], path);
      assert.equal(code, 3);
      const [first, second] = JSON.parse(out);
      assert.deepEqual(first.problems, []);
      assert.equal(second.reachable, false);
      assert.match(second.problems[0], /: its host key is not the one that is known; find out why/);
    });

    await t.step(
      "a full disk on a node is said in its row, and stops that node alone",
      async () => {
        const out = `${bed.folder}/full`;
        await using _ = await bed.fillDisk("node02");
        const { code, err } = await nodes(bed, [...SMOKE, "--out", out, "--node", "node01,node02"]);
        assert.equal(code, 3, err);
        assert.equal(rowsOf(out).node01?.state, "measured", err);
        assert.equal(rowsOf(out).node02?.state, "incomplete", err);
        assert.match(rowsOf(out).node02?.message ?? "", /^\d+ runs? did not end: .*no space left/i);
        await nothingRuns(bed, NODES);
      },
    );

    await t.step("Ctrl-C ends the benches on the nodes", async () => {
      const out = `${bed.folder}/interrupted`;
      const controller = bed.controller([...SMOKE, "--runs", "100", "--out", out]);
      await until(() => NODES.every((node) => samples(out, node) > 5), "all nodes measure");
      await bed.interrupt(controller);
      const { code, stderr } = await controller.output();
      const err = new TextDecoder().decode(stderr);
      assert.equal(code, 3, err);
      for (const node of NODES) {
        assert.equal(rowsOf(out)[node]?.state, "incomplete", err);
        assert.equal(read(`${out}/${node}/journal.jsonl`), farJournal(bed, out, node));
      }
      await nothingRuns(bed, NODES);
    });

    await t.step(
      "a killed controller leaves nothing running, and collect has what was measured",
      async () => {
        const out = `${bed.folder}/killed`;
        const controller = bed.controller([...SMOKE, "--runs", "100", "--out", out]);
        await until(() => NODES.every((node) => samples(out, node) > 5), "all nodes measure");
        const { out: pids } = await run("ip", ["netns", "pids", bed.name("hub")]);
        await run("kill", ["-KILL", ...pids.split("\n").filter(Boolean)]);
        await controller.output();
        await nothingRuns(bed, NODES);
        const before = NODES.map((node) => samples(out, node));
        const { err } = await nodes(bed, ["collect", out]);
        for (const [i, node] of NODES.entries()) {
          assert.equal(rowsOf(out)[node]?.state, "incomplete", err);
          assert.ok(samples(out, node) >= before[i]!);
          assert.equal(read(`${out}/${node}/journal.jsonl`), farJournal(bed, out, node));
        }
      },
    );

    // Last, since node02 stays dead.
    await t.step("one node loses its power, one is cut off and back, one goes on", async () => {
      const out = `${bed.folder}/faults`;
      const controller = bed.controller([
        ...SMOKE,
        ...["--runs", "8", "--out", out, "--patience", "6", "--reconnect", "15"],
      ]);
      // Each as soon as it measures: one may be done before another begins.
      const measures = (node: string) => until(() => samples(out, node) > 5, `${node} measures`);
      await Promise.all([
        measures("node02").then(() => bed.powerOff("node02")),
        measures("node03").then(() => bed.unplug("node03")),
      ]);
      await until(() => rowsOf(out).node03?.state === "lost", "node03 is lost");
      await bed.plugIn("node03");
      const { code, stderr } = await controller.output();
      const err = new TextDecoder().decode(stderr);
      assert.equal(code, 3, err);
      const { node01, node02, node03 } = rowsOf(out);
      assert.equal(node01?.state, "measured", err);
      assert.equal(node01?.reconnects, 0);
      assert.equal(node02?.state, "lost", err);
      assert.ok(samples(out, "node02") > 5);
      assert.ok(JSON.parse(read(`${out}/node02/result.json`)).runs.length > 0);
      assert.equal(node03?.state, "measured", err);
      // On a slow machine its lease ends in mid-run, on a fast one perhaps after its last.
      assert.match(node03?.message ?? "", /^cut off once, (resumed|and done when it was back)$/);
      await nothingRuns(bed, ["node01", "node03"]);
    });
  },
});
