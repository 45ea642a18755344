/** Where things lie on a node. */
import { CACHE_VARIABLES } from "../engine/mod.ts";
import type { Inventory } from "./inventory.ts";
import { shellWord } from "./shell_word.ts";

/** Where things lie on a node. */
export interface Places {
  /** The pushed project: a link to one of the releases. */
  project: string;
  /** Pushed projects, each in a folder of its own. */
  releases: string;
  /** Results, a folder a session. */
  results: string;
  /** Databases under test, a folder a session. */
  databases: string;
  /** Held while a bench is under way. */
  lock: string;
}

/** Where things lie on every node of the inventory. */
export function placesOf(inventory: Pick<Inventory, "stateDirectory" | "dataDirectory">): Places {
  const { stateDirectory, dataDirectory } = inventory;
  return {
    project: `${stateDirectory}/project`,
    releases: `${stateDirectory}/releases`,
    results: `${stateDirectory}/results`,
    databases: `${dataDirectory}/bench`,
    lock: `${stateDirectory}/bench.lock`,
  };
}

/** The command that starts the agent; it says what is missing where there is no project. */
export function agentCommand({ project }: Places): string {
  return [
    `cd ${shellWord(project)} || exit ${NOTHING_PUSHED};`,
    "exec deno run --quiet --no-prompt --cached-only",
    "--allow-read --allow-write --allow-run=deno,kill,pkill",
    "src/cluster/agent.ts",
  ].join(" ");
}

/** The command that takes a library into the node's cache. */
export function receiverCommand({ project }: Places): string {
  return [
    `cd ${shellWord(project)} || exit ${NOTHING_PUSHED};`,
    "exec deno run --quiet --no-prompt --cached-only --allow-read --allow-write",
    `--allow-env=${CACHE_VARIABLES.join(",")} --ignore-env`,
    "src/engine/receive.ts",
  ].join(" ");
}

/** What {@linkcode agentCommand} ends with where nothing was pushed yet. */
export const NOTHING_PUSHED = 72;
