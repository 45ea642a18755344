/** The machines of a call: `nodes` and `nightly` ask alike. */
import { chooseNodes, type ClusterNode, type Inventory, readInventory } from "../cluster/mod.ts";
import type { InventoryFlags, SshFlags } from "./options/cluster.ts";
import { PROJECT } from "./places.ts";
import type { Streams } from "./streams.ts";

/** The inventory, whose warnings are told, and the nodes that are meant. */
export async function machines(
  { cluster = `${PROJECT}/nix/cluster.nix`, node = [] }: InventoryFlags,
  streams: Streams,
): Promise<{ inventory: Inventory; nodes: ClusterNode[] }> {
  const inventory = await readInventory(cluster);
  for (const warning of inventory.warnings) streams.error(`note: ${warning}\n`);
  return { inventory, nodes: chooseNodes(inventory, node) };
}

/** How the machines are reached, as the transport is told. */
export function reachedBy({ identity, sshConfig, patience }: SshFlags) {
  return { identity, config: sshConfig, patienceSeconds: patience };
}
