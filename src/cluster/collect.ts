/** Fetches what nodes have of a session and the controller has not. */
import { JOURNAL_FILE } from "../disk/mod.ts";
import { countRuns, missingInWords, saveCopied } from "./bench_nodes.ts";
import { talk } from "./conversation.ts";
import { ClusterError } from "./error.ts";
import type { ClusterNode } from "./inventory.ts";
import { JournalCopy } from "./journal_copy.ts";
import type { Link, Transport } from "./link.ts";
import type { Places } from "./places.ts";
import { type NodesSession, writeSession } from "./session.ts";

/** What collecting needs. */
export interface CollectOptions {
  transport: Transport;
  places: Places;
  /** The session's directory here. */
  directory: string;
  patienceSeconds: number;
  signal?: AbortSignal;
}

/** What was fetched from a node. */
interface Collected {
  node: string;
  /** Bytes of journal that were new. */
  bytes: number;
  /** Why nothing could be fetched; `null` where it could. */
  problem: string | null;
}

/**
 * Collects from the nodes, all at once, and brings the session's rows up to date.
 *
 * @throws {ClusterError} Where nothing can be written here.
 */
export async function collect(
  session: NodesSession,
  nodes: readonly ClusterNode[],
  options: CollectOptions,
): Promise<Collected[]> {
  const collected = await Promise.all(nodes.map((node) => collectOne(session, node, options)));
  writeSession(options.directory, session);
  return collected;
}

async function collectOne(
  session: NodesSession,
  node: ClusterNode,
  { transport, places, directory, patienceSeconds, signal }: CollectOptions,
): Promise<Collected> {
  const folder = `${directory}/${node.name}`;
  Deno.mkdirSync(folder, { recursive: true });
  const journal = new JournalCopy(`${folder}/${JOURNAL_FILE}`);
  const before = journal.size;
  const fail = (problem: string): Collected => ({
    node: node.name,
    bytes: journal.size - before,
    problem,
  });
  let link: Link;
  try {
    link = await transport.connect(node, signal);
  } catch (error) {
    if (error instanceof ClusterError) return fail(error.message);
    throw error;
  }
  try {
    const outcome = await talk(link, places, {
      kind: "fetch",
      directory: `${places.results}/${session.id}`,
      offset: before,
    }, { journal, patienceSeconds, signal });
    if (outcome.kind !== "ended") return fail(outcome.message);
  } catch (error) {
    if (error instanceof ClusterError) return fail(error.message);
    throw error;
  } finally {
    await link.close();
  }
  const result = saveCopied(folder);
  const row = session.rows.find((each) => each.node === node.name);
  if (result !== null && row !== undefined && row.state !== "measured") {
    row.runs = countRuns(result);
    row.state = result.complete ? "measured" : "incomplete";
    row.message = result.complete ? "" : `${missingInWords(row.runs)} did not end`;
  }
  return { node: node.name, bytes: journal.size - before, problem: null };
}
