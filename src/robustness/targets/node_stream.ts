/** What a node sends while it is benched beside another one, and the record of the session. */
import assert from "node:assert/strict";
import { readSession } from "../../cluster/mod.ts";
import { benchNodes, waitingRow } from "../../cluster/bench_nodes.ts";
import { waitingSession } from "../../cluster/_testing/waiting_session.ts";
import { localNode } from "../../cluster/_testing/local_transport.ts";
import type { Link, Transport } from "../../cluster/link.ts";
import { SESSION_FILE } from "../../cluster/session.ts";
import type { NodeRow, NodesSession } from "../../cluster/session.ts";
import { JOURNAL_FILE } from "../../disk/mod.ts";
import { printable } from "../../format/mod.ts";
import { benchResult, ResultError } from "../../result/mod.ts";
import { writeNodesReport } from "../../report/mod.ts";
import type { Random } from "../../stats/mod.ts";
import { journalOf, linesOf, smallResult } from "../samples.ts";
import { chance } from "../mutate.ts";
import type { FuzzTarget } from "../target.ts";

const BAD = "node01";
const GOOD = "node02";
/** Time for a talk with a node that says nothing: streams here are at their end at once. */
const PATIENCE_SECONDS = 20;
/** How often the report is written, which takes far longer than to read. */
const WRITTEN = 0.05;

/** All that an agent sends of a whole bench: the journal in pieces, lines for people, its end. */
function stream(journal: string): string {
  const lines = journal.split(/(?<=\n)/);
  const replies: unknown[] = [{ kind: "alive" }];
  let offset = 0;
  for (let at = 0; at < lines.length; at += 7) {
    const text = lines.slice(at, at + 7).join("");
    replies.push({ kind: "journal", offset, text });
    if (at % 3 === 0) replies.push({ kind: "output", text: `run ${at}` });
    offset += new TextEncoder().encode(text).length;
  }
  replies.push({ kind: "ended", code: 0, signal: null, stopped: null });
  return `Welcome to the node\n${linesOf(replies)}`;
}

const sound = stream(journalOf(smallResult()));

const session: NodesSession = { ...waitingSession(["baseline"]), rows: [] };

/** The target: an input that begins like a session's record is one. */
export const nodeStream: FuzzTarget = {
  name: "nodes",
  what: "a node's stream beside a sound node's, what is kept of it, its report; `nodes.json`",
  seeds: () => [
    sound,
    sound,
    stream(journalOf(smallResult()).split("\n").slice(0, 12).join("\n") + "\n"),
    linesOf([{ kind: "refused", message: "another bench is under way", busy: false }]),
    JSON.stringify({
      ...session,
      rows: [
        { ...waitingRow(BAD), state: "measured", runs: { ended: 6, planned: 6 } },
        { ...waitingRow(GOOD), clock: { aheadSeconds: 0.1, uncertaintySeconds: 0.01 } },
      ],
    }),
  ],
  async read(input, folder, random) {
    if (new TextDecoder().decode(input.subarray(0, 40)).includes("tidemark.nodes")) {
      Deno.writeFileSync(`${folder}/${SESSION_FILE}`, input);
      const read = readSession(folder);
      writeNodesReport(read, folder);
      return;
    }
    const rows = [waitingRow(BAD), waitingRow(GOOD)];
    const bench = { ...session, rows };
    const place = "/nowhere";
    const streams = { [BAD]: input, [GOOD]: new TextEncoder().encode(sound) };
    await benchNodes(bench, [localNode(BAD), localNode(GOOD)], {
      transport: transportOf(streams, random),
      places: { project: place, releases: place, results: place, databases: place, lock: place },
      directory: folder,
      patienceSeconds: PATIENCE_SECONDS,
      reconnectSeconds: 0,
      signal: AbortSignal.timeout(60_000),
    });
    assert.equal(rows[1]!.state, "measured", `the sound node: ${rows[1]!.message}`);
    assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), [
      BAD,
      GOOD,
      SESSION_FILE,
    ]);
    if (chance(random, WRITTEN)) writeNodesReport(bench, folder);
    requireKept(rows[0]!, folder);
  },
};

/** Asserts that a row says what became of its node; one that was not measured is a refusal. */
function requireKept({ state, message }: NodeRow, folder: string): void {
  if (state === "measured") {
    assert.ok(benchResult(`${folder}/${BAD}`).complete);
    return;
  }
  assert.notEqual(message, "", `it is ${state}, and nobody says why`);
  assert.ok(!message.includes("\n"), "its message has several lines");
  assert.ok(state !== "waiting" && state !== "measuring", `it is still ${state}`);
  throw new ResultError(`${BAD} is ${state}: ${printable(message).replaceAll(JOURNAL_FILE, "")}`);
}

/** Nodes that send bytes, in pieces as a network cuts them, and end. */
function transportOf(streams: Record<string, Uint8Array>, random: Random): Transport {
  return {
    connect: ({ name }) => {
      const link: Link = {
        spawn: (command) =>
          command.startsWith("date ")
            ? childThatSays(new TextEncoder().encode(`${Date.now() / 1000}\n`), random)
            : childThatSays(streams[name]!, random),
        gone: Promise.withResolvers<string>().promise,
        close: () => Promise.resolve(),
      };
      return Promise.resolve(link);
    },
  };
}

/** A process that prints bytes, reads what it is told, and ends with 0. */
function childThatSays(bytes: Uint8Array, random: Random): Deno.ChildProcess {
  let at = 0;
  const stdout = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (at >= bytes.length) return controller.close();
      const end = at + 1 + random.below(Math.min(70_000, bytes.length));
      controller.enqueue(bytes.slice(at, end));
      at = end;
    },
  });
  const status = Promise.resolve({ code: 0, success: true, signal: null });
  const child = {
    stdin: new WritableStream<Uint8Array>(),
    stdout,
    stderr: new ReadableStream<Uint8Array>({ start: (controller) => controller.close() }),
    status,
    output: () =>
      Promise.resolve({
        code: 0,
        success: true,
        signal: null,
        stdout: bytes,
        stderr: new Uint8Array(),
      }),
    kill: () => {},
  };
  return child as unknown as Deno.ChildProcess;
}
