/** `nodes`: what is done on the machines of the cluster. */
import { bold, dim, green, printable, red, yellow } from "../format/mod.ts";
import { format as formatBytes } from "@std/fmt/bytes";
import {
  benchNodes,
  chooseNodes,
  clockWarning,
  ClusterError,
  type ClusterNode,
  collect,
  type Inventory,
  isOff,
  type NodeRow,
  type NodesSession,
  type NodeStatus,
  nodeStatus,
  placesOf,
  push,
  readInventory,
  readSession,
  SESSION_FILE,
  SshTransport,
  waitingRow,
} from "../cluster/mod.ts";
import { checkoutCommit } from "../environment/mod.ts";
import { benchId } from "../run/mod.ts";
import { PROFILES } from "../suite/mod.ts";
import { EXIT } from "./exit_code.ts";
import { writeNodesReport } from "./nodes_report.ts";
import { interruptSignal } from "./interrupt.ts";
import type { Streams } from "./streams.ts";
import { listWithSuggestion } from "./suggest.ts";
import { UsageError } from "./usage_error.ts";

/** The options that every subcommand has, as they are written. */
export interface NodesFlags {
  cluster?: string;
  node?: string[];
  json?: boolean;
  identity?: string;
  sshConfig?: string;
  patience?: string;
}

/** The options of `nodes bench`, as they are written. */
export interface NodesBenchFlags extends NodesFlags {
  store?: string[];
  profile: string;
  runs?: string;
  filter?: string;
  set?: string[];
  seed?: string;
  reconnect: string;
  out?: string;
}

/** The project's folder. */
const PROJECT = decodeURIComponent(new URL("../../", import.meta.url).pathname).replace(/\/$/, "");
/** Where sessions go that are given no place; git ignores it. */
const LOCAL = "reports/local";
/** How long a push may take, s: the packages of a few dozen megabytes over a slow line. */
const PUSH_SECONDS = 600;

/** `nodes list`. */
export async function nodesList(flags: NodesFlags, streams: Streams): Promise<number> {
  const { inventory, nodes } = await machines(flags, streams);
  if (flags.json) {
    streams.out(JSON.stringify({ ...inventory, nodes }, null, 2) + "\n");
    return EXIT.fine;
  }
  streams.out(columns(
    ["node", "address", "role", "disk", ""],
    nodes.map((node) => [
      node.name,
      `${node.address}:${node.sshPort}`,
      node.role,
      node.disk,
      node.problem ?? "",
    ]),
  ));
  return nodes.every((node) => node.problem === null) ? EXIT.fine : EXIT.usage;
}

/** `nodes status`. */
export async function nodesStatus(flags: NodesFlags, streams: Streams): Promise<number> {
  const signal = interruptSignal();
  const { inventory, nodes } = await machines(flags, streams);
  const patience = seconds("--patience", flags.patience ?? "30");
  using transport = transportOf(inventory, flags);
  const places = placesOf(inventory);
  const statuses = await Promise.all(
    nodes.map((node) => nodeStatus(transport, node, places, patience, signal)),
  );
  if (flags.json) streams.out(JSON.stringify(statuses, null, 2) + "\n");
  else streams.out(statuses.map(statusText).join("\n"));
  const usable = statuses.every(({ reachable, doctor }) => reachable && doctor !== null);
  return usable ? EXIT.fine : EXIT.failed;
}

function statusText({ node, reachable, problems, clock, doctor }: NodeStatus): string {
  const state = reachable ? green("reachable") : red("not reachable");
  const lines = [`${bold(printable(node))}  ${state}`];
  if (doctor !== null) {
    const { kernel, data, runtime, host } = doctor.environment;
    const free = data.freeBytes === null
      ? "unknown"
      : formatBytes(data.freeBytes, { binary: true });
    const stores = doctor.stores.filter((store) => store.missing === null)
      .map((store) => store.name);
    lines.push(
      ...[
        `host ${host}, kernel ${kernel}, Deno ${runtime.deno}`,
        `data on ${data.filesystem ?? "an unknown file system"}, ${free} free`,
        `stores ${stores.join(", ")}`,
      ].map(printable),
    );
  }
  if (clock !== null && !isOff(clock)) {
    const { aheadSeconds, uncertaintySeconds } = clock;
    const ahead = (aheadSeconds * 1000).toFixed(0);
    lines.push(`clock ${ahead} ms ahead, ± ${(uncertaintySeconds * 1000).toFixed(0)} ms`);
  }
  lines.push(...problems.map((problem) => `${yellow("problem")}  ${printable(problem)}`));
  for (const { severity, text } of doctor?.findings ?? []) {
    lines.push(`${severity === "warn" ? yellow("warn") : dim("info")}  ${printable(text)}`);
  }
  return `${lines.join("\n  ")}\n`;
}

/** `nodes push`. */
export async function nodesPush(flags: NodesFlags, streams: Streams): Promise<number> {
  const signal = interruptSignal();
  const { inventory, nodes } = await machines(flags, streams);
  using transport = transportOf(inventory, flags);
  const places = placesOf(inventory);
  const commit = checkoutCommit(PROJECT);
  const stamp = new Date().toISOString().slice(0, 19).replaceAll(":", "");
  const release = `${stamp}Z-${commit?.slice(0, 12) ?? "uncommitted"}`;
  const rows = await Promise.all(nodes.map(async (node) => {
    try {
      const link = await transport.connect(node, signal);
      try {
        await push(link, places, {
          project: PROJECT,
          release,
          commit,
          seconds: PUSH_SECONDS,
          signal,
        });
      } finally {
        await link.close();
      }
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      return { node: node.name, release: null, problem: error.message };
    }
    return { node: node.name, release, problem: null };
  }));
  if (flags.json) streams.out(JSON.stringify(rows, null, 2) + "\n");
  else {
    streams.out(
      rows.map((row) => `${row.node}  ${row.problem ?? `has ${row.release}`}\n`).join(""),
    );
  }
  return rows.every((row) => row.problem === null) ? EXIT.fine : EXIT.failed;
}

/** `nodes bench`. */
export async function nodesBench(
  suite: string,
  flags: NodesBenchFlags,
  streams: Streams,
): Promise<number> {
  const signal = interruptSignal();
  if (!Object.hasOwn(PROFILES, flags.profile)) {
    throw new UsageError(
      `Unknown profile ${JSON.stringify(flags.profile)}: ` +
        listWithSuggestion(flags.profile, Object.keys(PROFILES)),
    );
  }
  const { inventory, nodes } = await machines(flags, streams);
  using transport = transportOf(inventory, flags);
  const session = newSession(suite, flags, nodes);
  const directory = flags.out ?? `${LOCAL}/nodes-${session.id}`;
  makeEmpty(directory);
  streams.error(`Benching ${nodes.map((node) => node.name).join(", ")} into ${directory}\n`);
  await measureSession(session, directory, { inventory, nodes, transport, flags, streams, signal });
  return conclude(session, directory, flags, streams);
}

/** What measuring a session needs. */
export interface MeasureOptions {
  inventory: Inventory;
  nodes: readonly ClusterNode[];
  transport: SshTransport;
  flags: Pick<NodesBenchFlags, "patience" | "reconnect">;
  streams: Streams;
  signal: AbortSignal;
}

/** Benches the nodes of a session, and tells what they say; each has a log beside its journal. */
export async function measureSession(
  session: NodesSession,
  directory: string,
  { inventory, nodes, transport, flags, streams, signal }: MeasureOptions,
): Promise<void> {
  const logs = new Map(nodes.map((node) => [node.name, `${directory}/${node.name}/bench.log`]));
  await benchNodes(session, nodes, {
    transport,
    places: placesOf(inventory),
    directory,
    patienceSeconds: seconds("--patience", flags.patience ?? "30"),
    reconnectSeconds: seconds("--reconnect", flags.reconnect),
    signal,
    onOutput(node, text) {
      streams.error(`${node} | ${printable(text)}\n`);
      Deno.writeTextFileSync(logs.get(node)!, `${text}\n`, { append: true });
    },
    onRow: ({ node, state, message }) =>
      streams.error(`${node} : ${state}${message && `: ${printable(message)}`}\n`),
  });
}

/** `nodes collect`. */
export async function nodesCollect(
  named: string | undefined,
  flags: NodesFlags,
  streams: Streams,
): Promise<number> {
  const signal = interruptSignal();
  const directory = named ?? newestSession();
  const session = readSession(directory);
  const { inventory, nodes } = await machines(flags, streams);
  const rows = session.rows.map((row) => row.node);
  const ours = nodes.filter((node) => rows.includes(node.name));
  using transport = transportOf(inventory, flags);
  const collected = await collect(session, ours, {
    transport,
    places: placesOf(inventory),
    directory,
    patienceSeconds: seconds("--patience", flags.patience ?? "30"),
    signal,
  });
  for (const { node, bytes, problem } of collected) {
    streams.error(`${node}  ${problem ?? `${bytes} bytes of journal fetched`}\n`);
  }
  return conclude(session, directory, flags, streams);
}

/** The rows as a table, and the code to end with. */
function conclude(
  session: NodesSession,
  directory: string,
  flags: NodesFlags,
  streams: Streams,
): number {
  if (flags.json) streams.out(JSON.stringify({ directory, ...session }, null, 2) + "\n");
  else {
    const rows = session.rows.map((row) => [
      row.node,
      row.state,
      row.runs === null ? "–" : `${row.runs.ended}/${row.runs.planned}`,
      rowMessage(row),
    ]);
    streams.out(columns(["node", "state", "runs", ""], rows));
  }
  const { markdown, html, missed } = writeNodesReport(session, directory);
  streams.error(`Report: ${markdown}\n        ${html}\n`);
  if (session.rows.some((row) => row.state !== "measured")) return EXIT.failed;
  return missed ? EXIT.missed : EXIT.fine;
}

function rowMessage({ message, clock }: NodeRow): string {
  const off = clock !== null && isOff(clock) ? clockWarning(clock) : "";
  return message.includes(off) ? message : [message, off].filter(Boolean).join("; ");
}

/** A session of a suite that is about to begin. */
export function newSession(
  suite: string,
  flags: NodesBenchFlags,
  nodes: readonly ClusterNode[],
): NodesSession {
  const startedAt = new Date();
  const option = (name: string, value: string | undefined) =>
    value === undefined ? [] : [name, value];
  const name = suite.replace(/^.*\//, "").replace(/\.ts$/, "").replaceAll(/[^A-Za-z0-9_-]/g, "-");
  // The same seed on every node: differences are then the nodes', not the order's.
  const seed = flags.seed ?? String(crypto.getRandomValues(new Uint32Array(1))[0]!);
  return {
    schema: "tidemark.nodes",
    version: 1,
    id: `${benchId(name, startedAt)}-${crypto.randomUUID().slice(0, 4)}`,
    startedAt: startedAt.toISOString(),
    endedAt: null,
    args: [
      suite,
      ...option("--store", flags.store?.join(",")),
      ...option("--profile", flags.profile),
      ...option("--runs", flags.runs),
      ...option("--filter", flags.filter),
      ...(flags.set ?? []).flatMap((each) => ["--set", each]),
      ...option("--seed", seed),
    ],
    rows: nodes.map((node) => waitingRow(node.name)),
  };
}

/** The inventory, whose warnings are told, and the nodes that are meant. */
export async function machines(
  flags: NodesFlags,
  streams: Streams,
): Promise<{ inventory: Inventory; nodes: ClusterNode[] }> {
  const inventory = await readInventory(flags.cluster ?? `${PROJECT}/nix/cluster.nix`);
  for (const warning of inventory.warnings) streams.error(`note: ${warning}\n`);
  return { inventory, nodes: chooseNodes(inventory, flags.node ?? []) };
}

/** Connections to the inventory's nodes. */
export function transportOf(inventory: Inventory, flags: NodesFlags): SshTransport {
  return new SshTransport(inventory, {
    identity: flags.identity,
    config: flags.sshConfig,
    patienceSeconds: seconds("--patience", flags.patience ?? "30"),
  });
}

/**
 * Reads an option in seconds.
 *
 * @throws {UsageError} Where it is none.
 */
export function seconds(option: string, text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= 0 && value <= 86_400) return value;
  throw new UsageError(
    `Cannot take ${JSON.stringify(text)} for ${option}: give whole seconds up to a day`,
  );
}

function makeEmpty(directory: string): void {
  let names: Deno.DirEntry[] = [];
  try {
    names = [...Deno.readDirSync(directory)];
  } catch {
    Deno.mkdirSync(directory, { recursive: true });
  }
  if (names.length > 0) {
    throw new UsageError(
      `Cannot use ${directory}: it is not empty; name an empty or a new directory`,
    );
  }
}

function newestSession(): string {
  let names: string[] = [];
  try {
    names = [...Deno.readDirSync(LOCAL)].map((entry) => entry.name).sort().reverse();
  } catch {
    // Nothing was benched here yet.
  }
  for (const name of names.filter((name) => name.startsWith("nodes-"))) {
    try {
      Deno.statSync(`${LOCAL}/${name}/${SESSION_FILE}`);
      return `${LOCAL}/${name}`;
    } catch {
      // Not a whole session.
    }
  }
  throw new UsageError(`Cannot collect: no bench over nodes is in ${LOCAL}; name its directory`);
}

/** Text in columns, two spaces between, none at the end of a line. */
export function columns(headers: string[], rows: string[][]): string {
  const table = [headers, ...rows];
  const widths = headers.map((_, i) => Math.max(...table.map((row) => row[i]!.length)));
  return table.map((row) =>
    `${row.map((cell, i) => cell.padEnd(widths[i]!)).join("  ").trimEnd()}\n`
  ).join("");
}
