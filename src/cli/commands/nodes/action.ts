/** `nodes`: what is done on the machines of the cluster. */
import { format as formatBytes } from "@std/fmt/bytes";
import { bold, dim, green, printable, red, yellow } from "../../../format/mod.ts";
import {
  CHECK_NAMES,
  clockWarning,
  collectSession,
  isOff,
  measureSession,
  newestSession,
  newSession,
  type NodeRow,
  type NodesSession,
  type NodeStatus,
  nodeStatus,
  placesOf,
  projectContent,
  type Pushed,
  pushNodes,
  readSession,
  releaseName,
  sessionDirectory,
  SshTransport,
} from "../../../cluster/mod.ts";
import { checkoutCommit } from "../../../environment/mod.ts";
import { writeNodesReport } from "../../../report/mod.ts";
import { sessionId } from "../../../run/mod.ts";
import { machines, reachedBy } from "../../machines.ts";
import { benchArguments } from "../../options/measuring.ts";
import type { Call } from "../../call.ts";
import { columns } from "../../columns.ts";
import { EXIT } from "../../exit_code.ts";
import { interruptSignal } from "../../interrupt.ts";
import { newDirectory, requireNewDirectory } from "../../new_files.ts";
import { nodeSupply } from "../../node_engines.ts";
import { LOCAL, PROJECT } from "../../places.ts";
import type { Streams } from "../../streams.ts";
import { UsageError } from "../../usage_error.ts";
import type { NodesBenchFlags, NodesFlags, NodesPushFlags, RemoteFlags } from "./command.ts";

/** How long a push may take, s: the packages of a few dozen megabytes over a slow line. */
const PUSH_SECONDS = 600;

/** `nodes list`. */
export async function runList(flags: NodesFlags, { streams }: Call): Promise<number> {
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

/** `nodes status`, also called `nodes check`. */
export async function runStatus(flags: RemoteFlags, { streams }: Call): Promise<number> {
  const signal = interruptSignal();
  const { inventory, nodes } = await machines(flags, streams);
  const ssh = reachedBy(flags);
  using transport = new SshTransport(inventory, ssh);
  const places = placesOf(inventory);
  const options = {
    patienceSeconds: ssh.patienceSeconds,
    content: projectContent(PROJECT),
    signal,
  };
  const statuses = await Promise.all(
    nodes.map((node) => nodeStatus(transport, node, places, options)),
  );
  if (flags.json) streams.out(JSON.stringify(statuses, null, 2) + "\n");
  else {
    streams.out(checkTable(statuses));
    for (const status of statuses) streams.out(`\n${statusText(status)}`);
  }
  return statuses.every(({ ready }) => ready) ? EXIT.fine : EXIT.failed;
}

/** A row a node, a word for each thing that a bench will need. */
function checkTable(statuses: readonly NodeStatus[]): string {
  return columns(
    ["node", ...CHECK_NAMES],
    statuses.map(({ node, checks }) => [node, ...CHECK_NAMES.map((name) => checks[name].word)]),
  );
}

function statusText({ node, reachable, ready, problems, clock, release, doctor }: NodeStatus) {
  const state = ready
    ? green("ready")
    : reachable
    ? red("reachable, and not ready")
    : red("not reachable");
  const lines = [`${bold(printable(node))}  ${state}`];
  if (doctor !== null) {
    const { kernel, data, runtime, host } = doctor.environment;
    const free = data.freeBytes === null
      ? "unknown"
      : formatBytes(data.freeBytes, { binary: true });
    const stores = doctor.stores.filter((store) => store.missing === null)
      .map((store) => store.name);
    const { installed, kept } = doctor.engine;
    const releases = kept.join(", ") || "none";
    lines.push(
      ...[
        `host ${host}, kernel ${kernel}, Deno ${runtime.deno}`,
        `project ${release ?? "of an unknown version"}`,
        `data on ${data.filesystem ?? "an unknown file system"}, ${free} free`,
        `stores ${stores.join(", ")}`,
        `librocksdb ${installed[0] ?? "not installed"}; releases kept: ${releases}`,
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
export async function runPush(
  suite: string,
  flags: NodesPushFlags,
  { streams }: Call,
): Promise<number> {
  const signal = interruptSignal();
  const { inventory, nodes } = await machines(flags, streams);
  const supply = await nodeSupply(suite, flags, {
    always: inventory.releases,
    streams,
    signal,
    thorough: true,
  });
  const ssh = reachedBy(flags);
  using transport = new SshTransport(inventory, ssh);
  const commit = checkoutCommit(PROJECT);
  const rows = await pushNodes(nodes, {
    transport,
    places: placesOf(inventory),
    project: PROJECT,
    release: releaseName(commit, new Date()),
    commit,
    seconds: PUSH_SECONDS,
    patienceSeconds: ssh.patienceSeconds,
    supply: supply.engines,
    signal,
  });
  if (flags.json) streams.out(JSON.stringify(rows, null, 2) + "\n");
  else {
    streams.out(checkTable(rows.map(({ status }) => status)));
    streams.out(`\n${rows.map(pushedText).join("")}`);
  }
  return rows.every((row) => row.problem === null) ? EXIT.fine : EXIT.failed;
}

/** What a node has now, and what is wrong with it. */
function pushedText({ node, release, engines, problem, status }: Pushed): string {
  const { sent = [], had = [], note = null } = engines ?? {};
  const has = release === null ? [] : [
    [
      `has ${release}`,
      sent.length > 0 ? `was given ${sent.join(", ")}` : "",
      had.length > 0 ? `had ${had.join(", ")}` : "",
    ].filter(Boolean).join("; "),
  ];
  const wrong = [problem, note, ...status.problems].filter((text) => text !== null);
  return [...has, ...new Set(wrong)].map((line) => `${node}  ${printable(line)}\n`).join("");
}

/** `nodes bench`. */
export async function runBench(
  suite: string,
  flags: NodesBenchFlags,
  { streams }: Call,
): Promise<number> {
  requireNewDirectory(flags.out);
  const signal = interruptSignal();
  const supply = await nodeSupply(suite, flags, { streams, signal });
  const args = benchArguments(suite, supply.flags);
  const { inventory, nodes } = await machines(flags, streams);
  const ssh = reachedBy(flags);
  const startedAt = new Date();
  const session = newSession({ id: sessionId(suite, startedAt), startedAt, args, nodes });
  const directory = flags.out ?? sessionDirectory(LOCAL, session.id);
  newDirectory(directory);
  streams.error(`Benching ${nodes.map((node) => node.name).join(", ")} into ${directory}\n`);
  using transport = new SshTransport(inventory, ssh);
  await measureSession(session, nodes, {
    transport,
    places: placesOf(inventory),
    directory,
    patienceSeconds: ssh.patienceSeconds,
    reconnectSeconds: flags.reconnect,
    supply: supply.engines,
    signal,
    tell: (text) => streams.error(text),
  });
  return conclude(session, directory, flags, streams);
}

/** `nodes collect`. */
export async function runCollect(
  named: string | undefined,
  flags: RemoteFlags,
  { streams }: Call,
): Promise<number> {
  const signal = interruptSignal();
  const directory = named ?? newestSession(LOCAL);
  if (directory === undefined) {
    throw new UsageError(`Cannot collect: no bench over nodes is in ${LOCAL}; name its directory`);
  }
  const session = readSession(directory);
  const { inventory, nodes } = await machines(flags, streams);
  const ssh = reachedBy(flags);
  using transport = new SshTransport(inventory, ssh);
  await collectSession(session, nodes, {
    transport,
    places: placesOf(inventory),
    directory,
    patienceSeconds: ssh.patienceSeconds,
    signal,
    tell: (text) => streams.error(text),
  });
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
