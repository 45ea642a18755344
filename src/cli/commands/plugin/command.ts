/** `plugin` as it is called: any engine behind a small C ABI. */
import { Command } from "commander";
import type { Call } from "../../call.ts";

/** The options of `plugin check`. */
export interface CheckFlags {
  core?: boolean;
  filter?: string;
  json?: boolean;
}

/** Declares `plugin`. */
export function pluginCommand(call: Call): Command {
  const command = new Command("plugin")
    .description("check a plug-in: an engine in a shared library of its own")
    .addHelpText("after", HELP);
  command.addCommand(check(call));
  return command;
}

function check(call: Call): Command {
  return new Command("check")
    .description("say what a plug-in holds of what it has to, and what not (within a minute)")
    .argument("<library>", "its path, e.g. ./target/release/libmine.so")
    .option("--core", "only what a bench begins with, two seconds")
    .option("--filter <text>", "only what contains this")
    .option("--json", "print it as JSON on stdout")
    .action(async (library: string, flags: CheckFlags) => {
      const { runCheck } = await import("./action.ts");
      call.ended(await runCheck(library, flags, call));
    });
}

const HELP = `
A plug-in is a shared library with the functions of src/plugin/include/tidemark_plugin.h. It is native
code, and may do all that you may: it is loaded only where you name its path.

Examples:
  deno task plugin check ./libmine.so               what it holds, case by case
  deno task bench --store ./libmine.so              measure it
  deno task bench --store raw --interleave store=./libmine.so   against RocksDB, in turns`;
