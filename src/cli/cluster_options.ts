/** The machines of a call and how they are reached: `nodes` and `nightly` ask alike. */
import { chooseNodes, type ClusterNode, type Inventory, readInventory } from "../cluster/mod.ts";
import type { SshOptions } from "../cluster/mod.ts";
import { parseDuration } from "../format/mod.ts";
import { PROJECT } from "./places.ts";
import type { Streams } from "./streams.ts";
import { UsageError } from "./usage_error.ts";

/** The options that say which machines are meant, as they are written. */
export interface ClusterFlags {
  cluster?: string;
  node?: string[];
  identity?: string;
  sshConfig?: string;
  patience?: string;
}

/** The inventory, whose warnings are told, and the nodes that are meant. */
export async function machines(
  { cluster = `${PROJECT}/nix/cluster.nix`, node = [] }: ClusterFlags,
  streams: Streams,
): Promise<{ inventory: Inventory; nodes: ClusterNode[] }> {
  const inventory = await readInventory(cluster);
  for (const warning of inventory.warnings) streams.error(`note: ${warning}\n`);
  return { inventory, nodes: chooseNodes(inventory, node) };
}

/** How the machines are reached. */
export function sshOptions(
  { identity, sshConfig, patience = "30" }: ClusterFlags,
): SshOptions & { patienceSeconds: number } {
  return { identity, config: sshConfig, patienceSeconds: seconds("--patience", patience) };
}

/**
 * Reads an option in seconds: `30`, `30s`, `2min`.
 *
 * @throws {UsageError} Where it is none.
 */
export function seconds(option: string, text: string): number {
  const ns = parseDuration(/^\d+$/.test(text) ? `${text}s` : text);
  const value = ns === undefined ? NaN : ns / 1e9;
  if (Number.isInteger(value) && value <= 86_400) return value;
  throw new UsageError(
    `Cannot take ${
      JSON.stringify(text)
    } for ${option}: give whole seconds up to a day, e.g. 30, 30s or 2min`,
  );
}
