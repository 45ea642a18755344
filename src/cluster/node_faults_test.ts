/** Nodes that say what no agent says: each costs itself. Commands take the place of the agent. */
import assert from "node:assert/strict";
import { benchNodes, type BenchNodesOptions, waitingRow } from "./bench_nodes.ts";
import { localNode, LocalTransport } from "./_testing/local_transport.ts";
import { waitingSession } from "./_testing/waiting_session.ts";
import { readSession } from "./session.ts";

/** What becomes of a node whose agents are these shell commands, one after another. */
async function rowOf(
  agent: string | string[],
  options: Partial<BenchNodesOptions> = {},
  transport = new LocalTransport(),
) {
  const folder = Deno.makeTempDirSync();
  const agents = [agent].flat();
  transport.instead = (command) =>
    command.startsWith("date") ? command : agents.length > 1 ? agents.shift()! : agents[0]!;
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

/** Waits long for a lost node; signs of life are sent often, by which a shell's pipe is seen broken. */
const PATIENT = { reconnectSeconds: 600, patienceSeconds: 4 };

const lasting: [what: string, agent: string, message: RegExp][] = [
  [
    "has no Deno",
    "echo 'sh: 1: exec: deno: not found' >&2; exit 127",
    /^its agent cannot be started: sh: 1: exec: deno: not found; put deno on the PATH of its SSH/,
  ],
  [
    "has a Deno that is too old",
    `echo 'error: Unsupported lockfile version "9". Try upgrading Deno' >&2; exit 1`,
    /^its agent cannot be started: error: Unsupported lockfile version "9"\. Try upgrading Deno$/,
  ],
  [
    "was pushed half a project",
    `echo 'error: Module not found "file:///srv/x.ts".' >&2; exit 1`,
    /^its agent cannot be started: error: Module not found/,
  ],
  ["was pushed nothing", "exit 72", /^nothing was pushed to it; deno task nodes push$/],
  [
    "may not write",
    "echo 'tee: /var/lib/x: Permission denied' >&2; exit 1",
    /^its agent ended: tee: \/var\/lib\/x: Permission denied$/,
  ],
  [
    "has a full disk",
    "echo 'cp: No space left on device' >&2; exit 1",
    /^its agent ended: cp: No space left on device$/,
  ],
];
Deno.test.each(lasting)(
  "a node that %s is given up at once with its own words",
  { timeout: 300_000 },
  async (_what, agent, message) => {
    const row = await rowOf(agent, PATIENT);
    assert.equal(row.state, "refused");
    assert.match(row.message, message);
    assert.equal(row.reconnects, 0);
  },
);
Deno.test.each(lasting)(
  "a node that was cut off and %s when it is back is given up with its own words",
  { timeout: 300_000 },
  async (_what, agent, message) => {
    // As ssh ends where the connection broke.
    const cut = `printf '%s\\n' '${piece(0, "{}\n")}'; exit 255`;
    const row = await rowOf([cut, agent], PATIENT);
    assert.equal(row.state, "incomplete");
    assert.match(row.message, message);
    assert.equal(row.reconnects, 1);
  },
);

Deno.test(
  "a node that was cut off and refuses the key when it is back is given up",
  { timeout: 300_000 },
  async () => {
    const transport = new LocalTransport();
    const start = performance.now();
    const row = await rowOf("exit 255", {
      reconnectSeconds: 600,
      onRow: () => {
        transport.down = "it refuses the key; name the right one with --identity";
        transport.downForGood = true;
      },
    }, transport);
    assert.equal(row.state, "lost");
    assert.match(row.message, /^Cannot reach node01: it refuses the key/);
    assert.ok(performance.now() - start < 60_000);
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
