/**
 * `deno task nodes` over real SSH on three nodes that are network namespaces of this machine: all
 * goes well, one node loses its power in mid-run, one is cut off and back, and the controller is
 * interrupted and killed. Needs root.
 */
import assert from "node:assert/strict";
import { keptReleases, Namespaces, namespacesMissing, NODES } from "./_testing/namespaces.ts";
import { run, skippable } from "./_testing/tools.ts";

const missing = await namespacesMissing();

/** The default release, and another one, as far as they are kept here: these nodes have no network. */
const { usual, other } = await keptReleases();
const NOT_KEPT = usual !== undefined && other !== undefined
  ? undefined
  : "the default release and another one are not kept here; deno task engine get";

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

/** One that writes, on a disk that has no room for it. */
const WRITES = SMOKE.with(SMOKE.indexOf("scan_throughput"), "write_throughput");

/** The same of RocksDB itself. */
const RAW = [...SMOKE.slice(0, -1), "raw"];

/** The releases that the runs of a node's result were measured with. */
function releasesOf(out: string, node: string): { name: string; pinned: boolean }[] {
  const { runs } = JSON.parse(read(`${out}/${node}/result.json`)) as {
    runs: { store: { store: string; release?: { name: string; pinned: boolean } } }[];
  };
  const releases = runs.map(({ store }) => store.release).filter((release) =>
    release !== undefined
  );
  return releases.filter(({ name }, i) => releases.findIndex((one) => one.name === name) === i);
}

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

    await t.step({
      name: skippable(
        "a node without librocksdb is given the default release, and measures raw natively",
        NOT_KEPT,
      ),
      ignore: NOT_KEPT !== undefined,
      async fn() {
        // Where there are no overlays, the release is asked for.
        const hidden = await bed.hideLibrary("node02");
        const asked = hidden ? [] : ["--set", `release=${usual}`];
        const look = async () => {
          const { out } = await nodes(bed, ["check", "--json", "--node", "node02"]);
          const [{ checks, doctor }] = JSON.parse(out);
          return [checks.library.word, doctor.engine.kept];
        };
        if (hidden) assert.deepEqual(await look(), ["none", []]);
        const push = async () => {
          const pushed = await nodes(bed, ["push", "--json", "--node", "node02", ...asked]);
          assert.equal(pushed.code, 0, pushed.out + pushed.err);
          return JSON.parse(pushed.out)[0].engines;
        };
        assert.deepEqual(await push(), { sent: [usual], had: [], note: null });
        assert.deepEqual(await push(), { sent: [], had: [usual], note: null });
        if (hidden) assert.deepEqual(await look(), [usual, [usual]]);
        const out = `${bed.folder}/native`;
        const { code, err } = await nodes(bed, [
          ...RAW,
          ...asked,
          "--node",
          "node02",
          "--out",
          out,
        ]);
        assert.equal(code, 0, err);
        const [release, ...others] = releasesOf(out, "node02");
        assert.equal(release?.name, usual);
        assert.equal(release?.pinned, true);
        assert.deepEqual(others, []);
      },
    });

    await t.step({
      name: skippable("a sweep over releases gives them to nodes that have none", NOT_KEPT),
      ignore: NOT_KEPT !== undefined,
      async fn() {
        const out = `${bed.folder}/sweep`;
        const releases = [usual, other];
        const { code, err } = await nodes(bed, [
          ...RAW,
          ...releases.flatMap((release) => ["--set", `release=${release}`]),
          ...["--node", "node01,node03", "--out", out],
        ]);
        assert.equal(code, 0, err);
        for (const node of ["node01", "node03"]) {
          assert.match(err, new RegExp(`^${node} \\| was given .*${usual}`, "m"));
          const names = releasesOf(out, node).map(({ name }) => name);
          assert.deepEqual(names.toSorted(), releases.toSorted());
        }
        assert.match(read(`${out}/report.md`), new RegExp(`raw@${other}`));
      },
    });

    await t.step({
      name: skippable("a node without room for a release says so, and keeps nothing", NOT_KEPT),
      ignore: NOT_KEPT !== undefined,
      async fn() {
        await using _ = await bed.fillDisk("node03", bed.cache);
        const args = ["push", "--json", "--set", `release=${other}`, "--node", "node01,node03"];
        const { code, out } = await nodes(bed, args);
        assert.equal(code, 3, out);
        const [first, third] = JSON.parse(out);
        assert.equal(first.problem, null);
        assert.match(
          third.problem,
          /^Cannot give it the release .*: no space left|no space is left/,
        );
        const { out: left } = await bed.inside("node03", "find", bed.cache, "-name", "*.part");
        assert.equal(left, "");
      },
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
        const on = (nodes: string, out: string) => ["--node", nodes, "--out", out];
        const { code, err } = await nodes(bed, [...WRITES, ...on("node01,node02", out)]);
        assert.equal(code, 3, err);
        assert.equal(rowsOf(out).node01?.state, "measured", err);
        assert.equal(rowsOf(out).node02?.state, "incomplete", err);
        // What is known beforehand not to fit is not begun.
        const load = await nodes(bed, [...SMOKE, ...on("node02", `${out}-load`)]);
        assert.equal(load.code, 3, load.err);
        const refused = rowsOf(`${out}-load`).node02;
        assert.equal(refused?.state, "refused", load.err);
        assert.match(refused?.message ?? "", /Cannot load .*it needs some .*, and .* are free on/);
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
