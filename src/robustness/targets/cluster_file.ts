/** The cluster file, and what its names and addresses become. */
import assert from "node:assert/strict";
import { chooseNodes, placesOf, readInventory } from "../../cluster/mod.ts";
import { agentCommand } from "../../cluster/places.ts";
import type { FuzzTarget } from "../target.ts";

const FILE = new URL("../../../nix/cluster.json", import.meta.url);

/** The target. */
export const clusterFile: FuzzTarget = {
  name: "cluster",
  what: "`cluster.json`, the nodes that are chosen of it, and the commands for them",
  seeds: () => [Deno.readTextFileSync(FILE)],
  async read(input, folder) {
    const path = `${folder}/cluster.json`;
    Deno.writeFileSync(path, input);
    const inventory = await readInventory(path);
    assert.ok(inventory.nodes.length > 0);
    for (const { name, address, sshPort, hostKey, problem } of chooseNodes(inventory, [])) {
      assert.match(name, /^[a-z0-9][a-z0-9-]*$/);
      assert.match(address, /^[A-Za-z0-9][A-Za-z0-9.:-]*$/);
      assert.ok(Number.isInteger(sshPort) && sshPort > 0 && sshPort < 65536);
      assert.ok(problem !== null || hostKey === null || !/[\r\n]/.test(hostKey));
    }
    assert.match(inventory.user, /^[a-z_][a-z0-9_-]*$/);
    const places = placesOf(inventory);
    for (const place of Object.values(places)) assert.match(place, /^(\/[A-Za-z0-9._-]+)+$/);
    agentCommand(places);
  },
};
