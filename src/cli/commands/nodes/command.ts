/** `nodes` as it is called: what is done on the machines of the cluster. */
import { Command } from "commander";
import { DEFAULT_PROFILE } from "../../../suite/mod.ts";
import type { Call } from "../../call.ts";
import {
  type InventoryFlags,
  inventoryOptions,
  reconnectOption,
  type SshFlags,
  sshOptions,
} from "../../options/cluster.ts";
import {
  type MeasuringFlags,
  measuringOptions,
  profileOption,
  type ReleaseFlags,
  releaseOptions,
  storeOption,
} from "../../options/measuring.ts";
import { addOptions } from "../../options/values.ts";
import { DEFAULT_SUITE } from "../../suites.ts";

/** The options that every subcommand has. */
export interface NodesFlags extends InventoryFlags {
  json?: boolean;
}

/** The options of the subcommands that reach the machines. */
export interface RemoteFlags extends NodesFlags, SshFlags {}

/** The options of `nodes bench`. */
export interface NodesBenchFlags extends RemoteFlags, MeasuringFlags {
  profile: string;
  reconnect: number;
  out?: string;
}

/** The options of `nodes push`. */
export interface NodesPushFlags extends RemoteFlags, ReleaseFlags {
  store?: string[];
}

/** Declares `nodes`. */
export function nodesCommand(call: Call): Command {
  const command = new Command("nodes")
    .description("measure on the machines of nix/cluster.nix over SSH")
    .addHelpText("after", HELP);
  for (const subcommand of [list(call), status(call), push(call), bench(call), collect(call)]) {
    command.addCommand(subcommand);
  }
  return command;
}

/** A subcommand with the options that all have. */
function about(name: string, description: string): Command {
  return addOptions(new Command(name).description(description), inventoryOptions())
    .option("--json", "print it as JSON on stdout");
}

/** One that reaches the machines. */
function remote(name: string, description: string): Command {
  return addOptions(about(name, description), sshOptions());
}

function list(call: Call): Command {
  return about("list", "list the machines")
    .action(async (flags: NodesFlags) => {
      const { runList } = await import("./action.ts");
      call.ended(await runList(flags, call));
    });
}

function status(call: Call): Command {
  const description =
    "say whether the machines have everything that a bench will need, a word each";
  return remote("status", description)
    .alias("check")
    .action(async (flags: RemoteFlags) => {
      const { runStatus } = await import("./action.ts");
      call.ended(await runStatus(flags, call));
    });
}

function push(call: Call): Command {
  const description = "bring the project, its packages and the engine to the machines";
  const command = remote("push", description)
    .argument("[suite]", "the suite that will be measured, for its releases", DEFAULT_SUITE)
    .action(async (suite: string, flags: NodesPushFlags) => {
      const { runPush } = await import("./action.ts");
      call.ended(await runPush(suite, flags, call));
    });
  return addOptions(command, releaseOptions(profileOption().default(DEFAULT_PROFILE)))
    .addOption(storeOption());
}

function bench(call: Call): Command {
  const command = remote("bench", "measure a suite on the machines, all at once")
    .argument("[suite]", "a suite by name, or a file of the pushed project", DEFAULT_SUITE)
    .action(async (suite: string, flags: NodesBenchFlags) => {
      const { runBench } = await import("./action.ts");
      call.ended(await runBench(suite, flags, call));
    });
  return addOptions(command, measuringOptions(profileOption().default(DEFAULT_PROFILE)))
    .addOption(reconnectOption())
    .option("--out <dir>", "directory for the nodes' journals and results: new or empty");
}

function collect(call: Call): Command {
  return remote("collect", "fetch what the machines have of a bench and is not here")
    .argument("[dir]", "the bench's directory (default: the newest)")
    .action(async (directory: string | undefined, flags: RemoteFlags) => {
      const { runCollect } = await import("./action.ts");
      call.ended(await runCollect(directory, flags, call));
    });
}

const HELP = `
A node without librocksdb is given the default release with the push, for its own kind of machine;
releases that are asked for are given to every node, by push as by bench. What it has already, with
the right digest, is not sent again. The nodes need no network. status ends with 3 where no bench can
run on a node.

Examples:
  deno task nodes list
  deno task nodes push                              once, and after each change of the project
  deno task nodes push --set release=9.10.0,10.4.2  and the releases of a sweep
  deno task nodes push --store ./libmine.so         and a plug-in, for nodes of its kind
  deno task nodes check                             before a night: has each node all it needs?
  deno task nodes bench --profile nightly           the baseline suite on every node
  deno task nodes bench --store raw,./libmine.so    an engine of your own on every node
  deno task nodes bench --set release=9.10.0,10.4.2 two releases of RocksDB on every node
  deno task nodes collect                           what a lost node still has`;
