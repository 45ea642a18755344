/** A session from its beginning to its end, told line by line: what is common to all who bench nodes. */
import { printable } from "../format/mod.ts";
import { benchNodes, type BenchNodesOptions, waitingRow } from "./bench_nodes.ts";
import { collect, type CollectOptions } from "./collect.ts";
import type { ClusterNode } from "./inventory.ts";
import type { NodesSession } from "./session.ts";

/** What a session is about to measure. */
interface NewSession {
  /** Start time and suite; the name of the session's folder on every node. */
  id: string;
  startedAt: Date;
  /** Arguments of the bench on every node. */
  args: string[];
  nodes: readonly ClusterNode[];
}

/** A session that is about to begin. */
export function newSession({ id, startedAt, args, nodes }: NewSession): NodesSession {
  return {
    schema: "tidemark.nodes",
    version: 1,
    id,
    startedAt: startedAt.toISOString(),
    endedAt: null,
    args,
    rows: nodes.map((node) => waitingRow(node.name)),
  };
}

/** Where a session's lines are told to people. */
interface Telling {
  /** Takes whole lines. */
  tell(text: string): void;
}

/**
 * Benches the nodes of a session, and tells what they say; each has a log beside its journal.
 *
 * @throws {ClusterError} Where nothing can be written here.
 */
export async function measureSession(
  session: NodesSession,
  nodes: readonly ClusterNode[],
  options: Omit<BenchNodesOptions, "onOutput" | "onRow"> & Telling,
): Promise<void> {
  const { directory, tell } = options;
  await benchNodes(session, nodes, {
    ...options,
    onOutput(node, text) {
      tell(`${node} | ${printable(text)}\n`);
      Deno.writeTextFileSync(`${directory}/${node}/bench.log`, `${text}\n`, { append: true });
    },
    onRow: ({ node, state, message }) =>
      tell(`${node} : ${state}${message && `: ${printable(message)}`}\n`),
  });
}

/**
 * Fetches what nodes have of a session and is not here, and tells how much that is.
 *
 * @param nodes Those of the session; others are left alone.
 * @throws {ClusterError} Where nothing can be written here.
 */
export async function collectSession(
  session: NodesSession,
  nodes: readonly ClusterNode[],
  { tell, ...options }: CollectOptions & Telling,
): Promise<void> {
  const rows = session.rows.map(({ node }) => node);
  const ours = nodes.filter(({ name }) => rows.includes(name));
  for (const { node, bytes, problem } of await collect(session, ours, options)) {
    tell(`${node}  ${problem ?? `${bytes} bytes of journal fetched`}\n`);
  }
}

/** Those of the nodes that have not measured all that a session asks for. */
export function unmeasured(session: NodesSession, nodes: readonly ClusterNode[]): ClusterNode[] {
  const left = session.rows.filter(({ state }) => state !== "measured").map(({ node }) => node);
  return nodes.filter(({ name }) => left.includes(name));
}
