/** Brings the project, and the engines, to several nodes at once, with a row that says how it went. */
import { failureOf } from "./check.ts";
import { ClusterError } from "./error.ts";
import type { ClusterNode } from "./inventory.ts";
import type { Link, Transport } from "./link.ts";
import type { Places } from "./places.ts";
import { projectContent, push, type PushOptions } from "./push.ts";
import { type NodeStatus, notReached, statusOver } from "./status.ts";
import { type EngineSupply, giveEngines, type Supplied } from "./supply.ts";

/** How pushing went on a node. */
export interface Pushed {
  node: string;
  /** What it has now; `null` where that is what it had before. */
  release: string | null;
  /** The engines that it needs; `null` where it came not so far. */
  engines: Supplied | null;
  /** Why it could not be done, or no bench can run there; `null` where one can. */
  problem: string | null;
  /** What it is like, when all is done. */
  status: NodeStatus;
}

/** What pushing to nodes needs. */
export interface PushNodesOptions extends PushOptions {
  transport: Transport;
  places: Places;
  /** Finds the engines that a node needs. */
  supply: EngineSupply;
  /** How long a node may take over a question, s. */
  patienceSeconds: number;
}

/** Pushes to the nodes. One that cannot be reached keeps nothing from the others. */
export async function pushNodes(
  nodes: readonly ClusterNode[],
  options: PushNodesOptions,
): Promise<Pushed[]> {
  const content = projectContent(options.project);
  return await Promise.all(nodes.map(async (node): Promise<Pushed> => {
    let link: Link;
    try {
      link = await options.transport.connect(node, options.signal);
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      const status = notReached(node.name, error);
      return { node: node.name, release: null, engines: null, problem: error.message, status };
    }
    try {
      return await pushOver(link, node.name, content, options);
    } finally {
      await link.close();
    }
  }));
}

/** Pushes over a connection; what is wrong becomes the row's problem, and the rest is done. */
async function pushOver(
  link: Link,
  node: string,
  content: string,
  { places, supply, patienceSeconds, ...options }: PushNodesOptions,
): Promise<Pushed> {
  let problem: string | null = null;
  const attempt = async <T>(action: () => Promise<T>): Promise<T | null> => {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      problem ??= error.message;
      return null;
    }
  };
  const pushed = await attempt(() => push(link, places, options).then(() => options.release));
  const look = () => statusOver(link, node, places, { patienceSeconds, content });
  let status = await look();
  const { doctor } = status;
  const engines = pushed === null || doctor === null
    ? null
    : await attempt(() => giveEngines(link, places, doctor.engine, supply, options));
  if (engines !== null && engines.sent.length > 0) status = await look();
  problem ??= failureOf(status.checks);
  return { node, release: pushed, engines, problem, status };
}

/** A release's name: when it was pushed, and what. */
export function releaseName(commit: string | null, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(":", "");
  return `${stamp}Z-${commit?.slice(0, 12) ?? "uncommitted"}`;
}
