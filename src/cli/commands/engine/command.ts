/** `engine` as it is called: the releases of engines that can be measured with. */
import { Command } from "commander";
import { DEFAULT_RELEASE, type Machine, MACHINE_NAMES } from "../../../engine/mod.ts";
import type { Call } from "../../call.ts";
import { choice } from "../../options/values.ts";

/** The options of `engine list`. */
export interface ListFlags {
  json?: boolean;
}

/** The options of `engine get`. */
export interface GetFlags {
  for?: Machine;
  ifMissing?: boolean;
}

/** Declares `engine`. */
export function engineCommand(call: Call): Command {
  const command = new Command("engine")
    .description("get releases of RocksDB as libraries, and say which there are")
    .addHelpText("after", HELP);
  for (const subcommand of [list(call), get(call), add(call), remove(call), verify(call)]) {
    command.addCommand(subcommand);
  }
  return command;
}

function list(call: Call): Command {
  return new Command("list")
    .description("list the pinned releases, and what is kept here")
    .option("--json", "print it as JSON on stdout")
    .action(async (flags: ListFlags) => {
      const { runList } = await import("./action.ts");
      call.ended(runList(flags, call));
    });
}

function get(call: Call): Command {
  return new Command("get")
    .description("get releases from the local Maven repository, or over the network")
    .argument("[release...]", "a version, flink-VERSION or speedb-VERSION", [DEFAULT_RELEASE])
    .addOption(
      choice("--for <machine>", "another kind of machine", "kind of machine", MACHINE_NAMES),
    )
    .option("--if-missing", "get nothing where a librocksdb is installed, and go on in any case")
    .action(async (releases: string[], flags: GetFlags) => {
      const { runGet } = await import("./action.ts");
      call.ended(await runGet(releases, flags, call));
    });
}

function add(call: Call): Command {
  return new Command("add")
    .description("keep a library, or the one in an archive, that is here as a file")
    .argument("<file>", "a shared library, or an archive (.jar)")
    .action(async (file: string) => {
      const { runAdd } = await import("./action.ts");
      call.ended(await runAdd(file, call));
    });
}

function remove(call: Call): Command {
  return new Command("remove")
    .description("remove what is kept of releases")
    .argument("<release...>", "as the list has them")
    .action(async (releases: string[]) => {
      const { runRemove } = await import("./action.ts");
      call.ended(runRemove(releases, call));
    });
}

function verify(call: Call): Command {
  return new Command("verify")
    .description("hold every library that is kept against its digest")
    .action(async () => {
      const { runVerify } = await import("./action.ts");
      call.ended(runVerify(call));
    });
}

const HELP = `
Libraries are kept in the user's cache folder; TIDEMARK_CACHE names another one. A release comes from
the local Maven repository (~/.m2) where it is there, else from Maven Central, or from the repository
that TIDEMARK_ENGINE_REPOSITORY names. Pinned releases are held against digests of Tidemark's own;
others against what the repository publishes, and every result says that they are not pinned.

Examples:
  deno task engine list                             what there is, and what is kept here
  deno task engine get 9.10.0 flink-8.10.0          get two releases
  deno task engine add rocksdbjni-9.10.0.jar        keep a file's library, without a network
  deno task bench --set release=9.10.0              measure with one`;
