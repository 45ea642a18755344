/**
 * `deno task nightly --nodes` over real SSH on three nodes that are network namespaces: a night that
 * is interrupted and gone on with, one whose controller is killed, and one with a node that is dead.
 * Needs root.
 */
import assert from "node:assert/strict";
import { keptReleases, Namespaces, namespacesMissing, NODES } from "./_testing/namespaces.ts";
import { run, skippable } from "./_testing/tools.ts";

const missing = await namespacesMissing();
const { usual, other } = await keptReleases();
const notKept = usual !== undefined && other !== undefined
  ? undefined
  : "the default release and another one are not kept here; deno task engine get";

/** Nights of a store that needs nothing installed, two benchmarks with their calibration. */
const NIGHT = [
  ...["--nodes", "--profile", "smoke", "--filter", "scan_throughput", "--store", "level"],
  ...["--patience", "5", "--reconnect", "5"],
];

interface Record {
  settled: boolean;
  stages: { name: string; state: string; message: string }[];
}

/** A line of a node's file in the history. */
interface Line {
  night: string;
  complete: boolean;
  missing?: string;
  benchmarks: unknown[];
}

async function night(bed: Namespaces, args: string[]) {
  const controller = bed.controller([...args, "--json"], { task: "nightly" });
  const { code, stdout, stderr } = await controller.output();
  const decoder = new TextDecoder();
  const record: Record = JSON.parse(decoder.decode(stdout) || '{"stages":[]}');
  const stage = (name: string) => record.stages.find((each) => each.name === name);
  return { code, err: decoder.decode(stderr), record, stage };
}

function read(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}

/** Samples in a node's journal here, of a night. */
function samples(out: string, date: string, node: string): number {
  let names: string[] = [];
  try {
    names = [...Deno.readDirSync(`${out}/nights`)].map(({ name }) => name);
  } catch {
    // No night was begun yet.
  }
  const folder = names.map((name) => `${out}/nights/${name}`)
    .find((folder) => JSON.parse(read(`${folder}/night.json`) || "{}").night === date);
  return read(`${folder}/bench/${node}/journal.jsonl`).split("\n")
    .filter((line) => line.startsWith('{"kind":"sample"')).length;
}

/** Samples in the journals that a node has itself. */
function farSamples(bed: Namespaces, node: string): number {
  const results = `${bed.state(node)}/results`;
  let names: string[] = [];
  try {
    names = [...Deno.readDirSync(results)].map(({ name }) => name);
  } catch {
    // No bench has begun there yet.
  }
  return names.flatMap((name) => read(`${results}/${name}/journal.jsonl`).split("\n"))
    .filter((line) => line.startsWith('{"kind":"sample"')).length;
}

/** What the history has of a night, by node; the last line counts. */
function kept(out: string, date: string): { [node: string]: Line | undefined } {
  return Object.fromEntries(NODES.map((node) => {
    const lines = read(`${out}/history/nodes/${node}.jsonl`).split("\n").filter(Boolean)
      .map((line): Line => JSON.parse(line));
    return [node, lines.findLast((line) => line.night === date)];
  }));
}

async function until(what: () => boolean | Promise<boolean>, why: string): Promise<void> {
  const limit = performance.now() + 180_000;
  while (!await what()) {
    assert.ok(performance.now() < limit, `waited three minutes until ${why}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function nothingRuns(bed: Namespaces, names: readonly string[]): Promise<void> {
  for (const node of names) {
    await until(() => bed.isIdle(node), `${node} runs nothing`);
  }
}

Deno.test({
  name: skippable("nights on nodes in namespaces lose nothing, whatever happens", missing),
  timeout: 1_200_000,
  ignore: missing !== undefined,
  async fn(t) {
    await using bed = await Namespaces.start();
    const out = `${bed.folder}/out`;
    const pushed = await bed.controller(["push"]).output();
    assert.equal(pushed.code, 0, new TextDecoder().decode(pushed.stderr));

    await t.step({
      name: skippable("a night sweeps releases, which its nodes are given", notKept),
      ignore: notKept !== undefined,
      async fn() {
        // Kept apart: what other nights hold is counted.
        const out = `${bed.folder}/sweep`;
        const { err, stage } = await night(bed, [
          ...NIGHT.with(NIGHT.indexOf("level"), "raw"),
          ...["--set", `release=${usual},${other}`, "--node", "node01,node03"],
          ...["--out", out, "--night", "2026-11-18"],
        ]);
        assert.equal(stage("bench")?.state, "done", err);
        for (const node of ["node01", "node03"]) {
          assert.match(err, new RegExp(`^${node} \\| was given ${usual}, ${other}`, "m"));
          const ids = JSON.stringify(kept(out, "2026-11-18")[node]?.benchmarks);
          for (const release of [usual, other]) assert.ok(ids.includes(`raw@${release}/`), ids);
        }
      },
    });

    await t.step("Ctrl-C ends the remote benches, and --resume goes on with them", async () => {
      const args = [...NIGHT, "--out", out, "--night", "2026-11-20", "--runs", "4"];
      const controller = bed.controller(args, { task: "nightly" });
      // Each is held up as soon as it measures, or it might be done before another has begun.
      await Promise.all(NODES.map(async (node) => {
        await until(() => farSamples(bed, node) > 3, `${node} measures`);
        const held = async () => await bed.signalRuns(node, "STOP") || await bed.isIdle(node);
        await until(held, `a run of ${node} is held up`);
      }));
      await until(() => NODES.every((node) => samples(out, "2026-11-20", node) > 3), "it is seen");
      await bed.interrupt(controller);
      const { code, stdout, stderr } = await controller.output();
      // What the stages came to is the night's outcome, and what happened on the way is progress.
      const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
      assert.equal(code, 3, said);
      assert.match(said, /^history +skipped .*the night was interrupted$/m);
      // All of them, unless this machine is so busy that one was done before it could be held up.
      const broken = NODES.filter((node) => said.includes(`${node}: incomplete: interrupted`));
      assert.ok(broken.length > 0, said);
      await nothingRuns(bed, NODES);
      const before = NODES.map((node) => samples(out, "2026-11-20", node));
      const { err, record, stage } = await night(bed, [...NIGHT, "--out", out, "--resume"]);
      assert.equal(stage("bench")?.state, "done", err);
      assert.ok(record.settled);
      for (const [i, node] of NODES.entries()) {
        const more = samples(out, "2026-11-20", node) - before[i]!;
        assert.ok(broken.includes(node) ? more > 0 : more === 0, `${node}: ${more} more samples`);
        assert.equal(kept(out, "2026-11-20")[node]?.complete, true, err);
      }
    });

    // node02 stays dead.
    await t.step(
      "a night takes up what a killed one has, and a dead node does not stop it",
      async () => {
        const args = [...NIGHT, "--out", out, "--night", "2026-11-21", "--runs", "100"];
        const controller = bed.controller(args, { task: "nightly" });
        await until(
          () => NODES.every((node) => samples(out, "2026-11-21", node) > 3),
          "all nodes measure",
        );
        const { out: pids } = await run("ip", ["netns", "pids", bed.name("hub")]);
        await run("kill", ["-KILL", ...pids.split("\n").filter(Boolean)]);
        await controller.output();
        await nothingRuns(bed, NODES);
        await bed.powerOff("node02");

        const next = [...NIGHT, "--out", out, "--night", "2026-11-22"];
        const { code, err, record, stage } = await night(bed, next);
        assert.equal(code, 3, err);
        assert.equal(
          stage("earlier nights")?.message,
          "2026-11-21: node01 added, node02 added, node03 added",
        );
        const taken = kept(out, "2026-11-21");
        for (const node of NODES) {
          assert.equal(taken[node]?.complete, false);
          assert.ok(taken[node]!.benchmarks.length > 0, node);
        }
        assert.equal(stage("bench")?.state, "partly");
        assert.match(stage("bench")?.message ?? "", /^node02: unreachable: Cannot reach node02/);
        assert.ok(record.settled);
        const tonight = kept(out, "2026-11-22");
        assert.match(tonight.node02?.missing ?? "", /^unreachable: Cannot reach node02/);
        for (const node of ["node01", "node03"]) {
          assert.equal(tonight[node]?.complete, true, err);
          assert.equal(tonight[node]?.missing, undefined);
        }
        // What follows the bench does not depend on the node.
        for (const name of ["history", "judge", "thin", "pages"]) {
          assert.equal(stage(name)?.state, "done", err);
        }
        assert.match(read(`${out}/site/index.html`), /node02/);
        assert.match(read(`${out}/site/index.html`), /href="nodes\.html"/);
        assert.match(read(`${out}/site/nodes.html`), /unreachable/);
        await nothingRuns(bed, ["node01", "node03"]);
      },
    );
  },
});
