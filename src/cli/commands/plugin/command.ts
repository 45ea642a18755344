/** `plugin` as it is called: any engine behind a small C ABI. */
import { Command } from "commander";
import { SKELETON_LANGUAGES, type SkeletonLanguage } from "../../../plugin/mod.ts";
import type { Call } from "../../call.ts";
import { choice } from "../../options/values.ts";

/** The options of `plugin check`. */
export interface CheckFlags {
  core?: boolean;
  filter?: string;
  json?: boolean;
}

/** The options of `plugin new`. */
export interface NewFlags {
  lang: SkeletonLanguage;
}

/** Declares `plugin`. */
export function pluginCommand(call: Call): Command {
  const command = new Command("plugin")
    .description("begin and check a plug-in: an engine in a shared library of its own")
    .addHelpText("after", HELP);
  command.addCommand(begin(call));
  command.addCommand(check(call));
  return command;
}

function begin(call: Call): Command {
  return new Command("new")
    .description("write a plug-in that works into a new folder, to put an engine into")
    .argument("<name>", "a-z, 0-9, - and _; the folder and the plug-in are called so")
    .addOption(
      choice("--lang <language>", "its language", "language", SKELETON_LANGUAGES).default("rust"),
    )
    .action(async (name: string, flags: NewFlags) => {
      const { runNew } = await import("./action.ts");
      call.ended(runNew(name, flags, call));
    });
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
  deno task plugin new mine --lang rust             a folder mine, with one that works
  deno task plugin check ./libmine.so               what it holds, case by case
  deno task bench --store ./libmine.so              measure it
  deno task bench --store raw --interleave store=./libmine.so   against RocksDB, in turns`;
