/** Nodes that say what no agent says: each costs itself. Commands take the place of the agent. */
import assert from "node:assert/strict";
import { benchNodes, type BenchNodesOptions, waitingRow } from "./bench_nodes.ts";
import { localNode, LocalTransport } from "./_testing/local_transport.ts";
import { waitingSession } from "./_testing/waiting_session.ts";
import { readSession } from "./session.ts";

/** What becomes of a node whose agent is this shell command. */
async function rowOf(agent: string, options: Partial<BenchNodesOptions> = {}) {
  const folder = Deno.makeTempDirSync();
  const transport = new LocalTransport();
  transport.instead = () => agent;
  const place = `${folder}/nothing`;
  const session = waitingSession();
  try {
    await benchNodes(session, [localNode("node01")], {
      transport,
      places: { project: place, releases: place, results: place, databases: place, lock: place },
      directory: folder,
      patienceSeconds: 20,
      reconnectSeconds: 0,
      signal: AbortSignal.timeout(60_000),
      ...options,
    });
    return session.rows[0]!;
  } finally {
    transport.cut();
    Deno.removeSync(folder, { recursive: true });
  }
}

/** A command that says lines, and stays. */
const says = (...lines: string[]) =>
  `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(" ")}; cat >/dev/null`;
const piece = (offset: number, text: string) => JSON.stringify({ kind: "journal", offset, text });

const faults: [name: string, agent: string, message: RegExp][] = [
  [
    "begins elsewhere",
    says(piece(5, "x\n")),
    /^it sent its journal from byte 5 on, and 0 are here/,
  ],
  ["ends in half a character", says(piece(0, "\ud83d")), /^it sent half a character; look at/],
  [
    "is none",
    says(piece(0, "{}\n"), '{"kind":"ended","code":0,"signal":null,"stopped":null}'),
    /^what it sent cannot be used: Cannot read the journal .* it is not a Tidemark journal/,
  ],
];
Deno.test.each(faults)(
  "a node whose journal %s is lost with these words, and tried no more",
  { timeout: 300_000 },
  async (_name, agent, message) => {
    const row = await rowOf(agent, { reconnectSeconds: 600 });
    assert.equal(row.state, "lost");
    assert.match(row.message, message);
    assert.equal(row.reconnects, 0);
  },
);

Deno.test(
  "a node whose agent cannot be started is refused with its own words, and tried no more",
  { timeout: 300_000 },
  async () => {
    const row = await rowOf("exec tidemark-no-such-program", { reconnectSeconds: 600 });
    assert.equal(row.state, "refused");
    assert.match(
      row.message,
      /^its agent cannot be started: .*tidemark-no-such-program.*not found/,
    );
  },
);

Deno.test(
  "a node that comes back and makes no progress is given up in time",
  { timeout: 300_000 },
  async () => {
    const row = await rowOf("echo gone >&2; exit 3", { reconnectSeconds: 3 });
    assert.equal(row.state, "lost");
    assert.match(row.message, /^its agent ended: gone/);
    assert.ok(row.reconnects <= 3, `${row.reconnects} times`);
  },
);

Deno.test("readSession() takes no node whose name leads elsewhere", { timeout: 300_000 }, () => {
  const folder = Deno.makeTempDirSync();
  try {
    const row = { ...waitingRow("node01"), node: "../../b1" };
    const session = {
      schema: "tidemark.nodes",
      version: 1,
      id: "x",
      startedAt: "",
      endedAt: null,
      args: [],
    };
    Deno.writeTextFileSync(`${folder}/nodes.json`, JSON.stringify({ ...session, rows: [row] }));
    assert.throws(() => readSession(folder), {
      name: "ClusterError",
      message: /rows\.0\.node: it cannot be the name of a node$/,
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
