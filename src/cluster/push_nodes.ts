/** Brings the project to several nodes at once, with a row that says how it went on each. */
import { ClusterError } from "./error.ts";
import type { ClusterNode } from "./inventory.ts";
import type { Transport } from "./link.ts";
import type { Places } from "./places.ts";
import { push, type PushOptions } from "./push.ts";

/** How pushing went on a node. */
interface Pushed {
  node: string;
  /** What it has now; `null` where that is what it had before. */
  release: string | null;
  /** Why it could not be done; `null` where it could. */
  problem: string | null;
}

/** Pushes to the nodes. One that cannot be reached keeps nothing from the others. */
export async function pushNodes(
  nodes: readonly ClusterNode[],
  { transport, places, ...options }: PushOptions & { transport: Transport; places: Places },
): Promise<Pushed[]> {
  return await Promise.all(nodes.map(async ({ name, ...host }): Promise<Pushed> => {
    try {
      const link = await transport.connect({ name, ...host }, options.signal);
      try {
        await push(link, places, options);
      } finally {
        await link.close();
      }
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      return { node: name, release: null, problem: error.message };
    }
    return { node: name, release: options.release, problem: null };
  }));
}

/** A release's name: when it was pushed, and what. */
export function releaseName(commit: string | null, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(":", "");
  return `${stamp}Z-${commit?.slice(0, 12) ?? "uncommitted"}`;
}
