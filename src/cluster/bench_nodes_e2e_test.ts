/** Benches on nodes that are folders of this machine, with the real agent and the real bench. */
import assert from "node:assert/strict";
import { succeeds } from "../_testing/child.ts";
import { readJournal, readResult, resultFromJournal } from "../result/mod.ts";
import { benchNodes, type BenchNodesOptions, waitingRow } from "./bench_nodes.ts";
import { collect } from "./collect.ts";
import { localNode, localPlaces, LocalTransport } from "./_testing/local_transport.ts";
import { waitingSession } from "./_testing/waiting_session.ts";
import type { Places } from "./places.ts";
import { type NodesSession, readSession } from "./session.ts";

interface Bed {
  folder: string;
  places: Places;
  transport: LocalTransport;
  options: BenchNodesOptions;
  session: NodesSession;
  printed: string[];
  controller: AbortController;
}

/** Two runs of less than a second. */
const SHORT = ["baseline", "--profile", "smoke", "--store", "level", "--filter", "scan_throughput"];
/** Many of them. */
const LONG = [...SHORT, "--runs", "100"];

async function withNode(args: string[], body: (bed: Bed) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  const places = localPlaces(folder);
  const transport = new LocalTransport();
  const controller = new AbortController();
  const printed: string[] = [];
  const directory = `${folder}/session`;
  Deno.mkdirSync(directory);
  const options: BenchNodesOptions = {
    transport,
    places,
    directory,
    // An agent is slow to start on a machine that is busy with other tests.
    patienceSeconds: 20,
    reconnectSeconds: 0,
    signal: controller.signal,
    onOutput: (_, text) => printed.push(text),
  };
  const session = waitingSession(args);
  try {
    await body({ folder, places, transport, options, session, printed, controller });
  } finally {
    transport.cut();
    // The agent ends its bench, which still writes into the folder, when its stdin ends.
    await lockIsFree(places.lock);
    Deno.removeSync(folder, { recursive: true });
  }
}

/** Waits until no agent holds the lock; it lets go when nothing of its bench is left. */
async function lockIsFree(path: string): Promise<void> {
  using file = Deno.openSync(path, { create: true, write: true });
  await file.lock(true);
}

async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 50));
}

function samples(journal: string): number {
  try {
    return readJournal(journal).records.filter((record) => record.kind === "sample").length;
  } catch {
    return 0;
  }
}

/** Has the agent's process id written down; and time to be found again. */
function rememberAgent({ folder, transport, options }: Bed): BenchNodesOptions {
  transport.instead = (command) => `echo $$ >${folder}/agent; ${command}`;
  return { ...options, reconnectSeconds: 60 };
}

async function killAgent({ folder }: Bed): Promise<void> {
  assert.ok(await kill("KILL", Deno.readTextFileSync(`${folder}/agent`).trim()));
}

/** Whether a signal found somebody; what is negative is a group. */
function kill(signal: string, id: string): Promise<boolean> {
  return succeeds("kill", `-${signal}`, "--", id);
}

Deno.test("benchNodes() has the node's whole journal and result when the bench has ended", {
  timeout: 300_000,
}, async () => {
  await withNode(SHORT, async ({ options, session, places, printed }) => {
    await benchNodes(session, [localNode("node01")], options);
    const row = session.rows[0]!;
    assert.equal(row.state, "measured", row.message);
    assert.equal(row.runs?.ended, row.runs?.planned);
    const near = `${options.directory}/node01/journal.jsonl`;
    const far = `${places.results}/${session.id}/journal.jsonl`;
    assert.equal(Deno.readTextFileSync(near), Deno.readTextFileSync(far));
    assert.ok(readResult(`${options.directory}/node01/result.json`).complete);
    assert.ok(printed.some((line) => line.includes("level/scan_throughput")));
    assert.deepEqual(readSession(options.directory).rows, session.rows);
    assert.notEqual(readSession(options.directory).endedAt, null);
  });
});

Deno.test(
  "benchNodes() ends the bench on the node when it is interrupted",
  { timeout: 300_000 },
  async () => {
    await withNode(LONG, async ({ options, session, places, controller }) => {
      const near = `${options.directory}/node01/journal.jsonl`;
      const done = benchNodes(session, [localNode("node01")], options);
      await until(() => samples(near) > 5);
      controller.abort();
      await done;
      const row = session.rows[0]!;
      assert.equal(row.state, "incomplete");
      assert.equal(row.message, "interrupted");
      await lockIsFree(places.lock);
      // The bench itself came to its end: it cleared its databases, and the journal is whole.
      assert.throws(() => Deno.statSync(`${places.databases}/${session.id}`));
      const journal = readJournal(near);
      assert.ok(!journal.torn);
      assert.ok(!resultFromJournal(journal).complete);
    });
  },
);

Deno.test("benchNodes() keeps what was measured, and the node ends its bench, when it is cut off", {
  timeout: 300_000,
}, async () => {
  await withNode(LONG, async ({ options, session, places, transport }) => {
    const near = `${options.directory}/node01/journal.jsonl`;
    const done = benchNodes(session, [localNode("node01")], options);
    await until(() => samples(near) > 5);
    const seen = samples(near);
    transport.cut();
    await done;
    const row = session.rows[0]!;
    assert.equal(row.state, "lost");
    assert.equal(row.message, "the connection ended");
    assert.ok(samples(near) >= seen);
    assert.ok(row.runs!.ended < row.runs!.planned);
    await lockIsFree(places.lock);
    // What it measured until it noticed is fetched later.
    const [collected] = await collect(session, [localNode("node01")], options);
    assert.equal(collected?.problem, null);
    const far = `${places.results}/${session.id}/journal.jsonl`;
    assert.equal(Deno.readTextFileSync(near), Deno.readTextFileSync(far));
    assert.equal(session.rows[0]!.state, "incomplete");
    assert.throws(() => Deno.statSync(`${places.databases}/${session.id}`));
  });
});

Deno.test("benchNodes() is told when the node ends its bench because it hears nothing", {
  timeout: 300_000,
}, async () => {
  await withNode(LONG, async ({ options, session, transport }) => {
    // Only the request gets through.
    transport.instead = (command) =>
      command.startsWith("date") ? command : `{ head -n 1; sleep 20; } | { ${command}; }`;
    await benchNodes(session, [localNode("node01")], { ...options, patienceSeconds: 6 });
    const row = session.rows[0]!;
    assert.equal(row.state, "incomplete");
    assert.equal(row.message, "its bench was ended: the controller was silent for 6 s");
  });
});

Deno.test("benchNodes() ends what a killed agent left, and resumes, when the node is back", {
  timeout: 300_000,
}, async () => {
  await withNode(LONG.with(-1, "6"), async (bed) => {
    const { options, session, places, printed } = bed;
    const done = benchNodes(session, [localNode("node01")], rememberAgent(bed));
    await until(() => samples(`${places.results}/${session.id}/journal.jsonl`) > 5);
    // What is left of it would go on; held up, it cannot be done before the next agent comes.
    const { group } = JSON.parse(Deno.readTextFileSync(places.lock));
    await kill("STOP", `-${group}`);
    await killAgent(bed);
    await done;
    const row = session.rows[0]!;
    assert.equal(row.state, "measured", [row.message, ...printed].join("\n"));
    assert.equal(row.message, "cut off once, resumed");
    assert.equal(row.reconnects, 1);
    const result = readResult(`${options.directory}/node01/result.json`);
    assert.ok(result.complete);
    assert.equal(result.sessions?.length, 1);
    assert.ok(!await kill("CONT", `-${group}`), "nothing of the first bench is left");
  });
});

Deno.test("benchNodes() takes what a killed agent's bench measured to its end by itself", {
  timeout: 300_000,
}, async () => {
  await withNode(LONG.with(-1, "4"), async (bed) => {
    const { options, session, places, transport } = bed;
    const done = benchNodes(session, [localNode("node01")], rememberAgent(bed));
    const far = `${places.results}/${session.id}/journal.jsonl`;
    await until(() => samples(far) > 0);
    transport.down = "it does not answer";
    await killAgent(bed);
    await until(() => resultFromJournal(readJournal(far)).endedAt !== null);
    transport.down = null;
    await done;
    const row = session.rows[0]!;
    assert.equal(row.state, "measured");
    assert.equal(row.message, "cut off once, and done when it was back");
    assert.equal(
      readResult(`${options.directory}/node01/result.json`).sessions,
      undefined,
    );
  });
});

Deno.test("benchNodes() gives each kind of failing node a row", { timeout: 300_000 }, async () => {
  await withNode(SHORT, async ({ options, session, transport, places, folder }) => {
    const run = async (args = SHORT) => {
      session.rows = [waitingRow("node01")];
      session.args = args;
      await benchNodes(session, [localNode("node01")], options);
      return session.rows[0]!;
    };
    const refused = await run(["basline"]);
    assert.equal(refused.state, "refused");
    assert.match(refused.message, /^error: Unknown suite "basline": did you mean baseline\?/);

    transport.down = "it does not answer";
    const unreachable = await run();
    assert.equal(unreachable.state, "unreachable");
    assert.equal(unreachable.message, "Cannot reach node01: it does not answer");
    transport.down = null;

    using lock = Deno.openSync(places.lock, { create: true, write: true });
    await lock.lock(true);
    const busy = await run();
    assert.equal(busy.state, "refused");
    assert.match(busy.message, /^another bench is under way/);
    await lock.unlock();

    // It answers, and then hangs.
    transport.instead = (command) => command.startsWith("date") ? command : "sleep 20";
    options.patienceSeconds = 2;
    const hangs = await run();
    options.patienceSeconds = 20;
    assert.equal(hangs.state, "lost");
    assert.equal(hangs.message, "it was silent for 2 s");

    transport.instead = (command) => command.replace("date", "date -d '61 minutes ago'");
    const behind = await run();
    assert.equal(behind.state, "measured");
    assert.equal(behind.message, "its clock is 61 min behind; start chronyd or ntpd on it");
    transport.instead = undefined;

    Deno.removeSync(`${folder}/project`);
    const empty = await run();
    assert.equal(empty.state, "refused");
    assert.equal(empty.message, "nothing was pushed to it; deno task nodes push");
  });
});
