/** `history` as it is called: results by night and node, and what they say. */
import { Command, Option } from "commander";
import { MetricName } from "../../../result/mod.ts";
import type { Call } from "../../call.ts";
import { address, gibibytes, list, oneOf, wholeNumber, withSlash } from "../../options/values.ts";
import { HISTORY } from "../../places.ts";

/** The options that every subcommand has. */
export interface HistoryFlags {
  history: string;
}

/** The options of `history add`. */
export interface HistoryAddFlags extends HistoryFlags {
  night?: string;
  node?: string;
  json?: boolean;
}

/** The options of `history show`. */
export interface HistoryShowFlags extends HistoryFlags {
  node?: string[];
  filter?: string;
  metric?: string[];
  nights: number;
  json?: boolean;
}

/** The options of `history site`. */
export interface HistorySiteFlags extends HistoryFlags {
  out: string;
  title: string;
  reports?: string | null;
  url?: string;
}

/** The options of `history thin`. */
export interface HistoryThinFlags extends HistoryFlags {
  nights: number;
  weeks: number;
  mostGib?: number;
  dryRun?: boolean;
  json?: boolean;
}

/** Declares `history`. */
export function historyCommand(call: Call): Command {
  const command = new Command("history")
    .description("keep results by night and node, and say what changed over the nights")
    .addHelpText("after", HELP);
  for (const subcommand of [add(call), show(call), site(call), rebuild(call), thin(call)]) {
    command.addCommand(subcommand);
  }
  return command;
}

/** A subcommand with the option that all have. */
function about(name: string, description: string): Command {
  return new Command(name).description(description)
    .option("--history <dir>", "the history's directory", HISTORY);
}

function add(call: Call): Command {
  return about("add", "add results, with their reports; begins the history where there is none")
    .argument("<result...>", "a result.json, or a bench's directory")
    .option("--night <date>", "the night, like 2026-11-22 (default: the day it was begun, UTC)")
    .option("--node <name>", "the node (default: the result's host)")
    .option("--json", "print what became of each as JSON on stdout")
    .action(async (results: string[], flags: HistoryAddFlags) => {
      const { runAdd } = await import("./action.ts");
      call.ended(runAdd(results, flags, call));
    });
}

function show(call: Call): Command {
  const metrics = `only these metrics, several by commas: ${MetricName.options.join(", ")}`;
  return about("show", "say how tonight compares, series by series")
    .addOption(list("--node <name>", "only these nodes, several by commas"))
    .option("--filter <text>", "only benchmarks whose id contains this")
    .addOption(list("--metric <name>", metrics, oneOf("metric", MetricName.options)))
    .addOption(wholeNumber("--nights <n>", "list the last nights of each series").default(0))
    .option("--json", "print the judgement with every night as JSON on stdout")
    .action(async (flags: HistoryShowFlags) => {
      const { runShow } = await import("./action.ts");
      call.ended(runShow(flags, call));
    });
}

function site(call: Call): Command {
  return about("site", "make the pages: what changed, every series, a summary, a feed")
    .requiredOption(
      "--out <dir>",
      "the site's directory: new, empty, or such a site, replaced whole",
    )
    .option("--title <text>", "what the pages are headed with", "Nightly history")
    .addOption(
      new Option(
        "--reports <link>",
        "where the history's directory is found from the site, or none (default: where it lies)",
      ).argParser((link: string) => link === "none" ? null : withSlash(link)),
    )
    .addOption(
      address("--url <address>", "where the site will be, for the links of summary and feed"),
    )
    .action(async (flags: HistorySiteFlags) => {
      const { runSite } = await import("./action.ts");
      call.ended(runSite(flags, call));
    });
}

function rebuild(call: Call): Command {
  return about("rebuild", "make the index anew from the lines of the nights")
    .action(async (flags: HistoryFlags) => {
      const { runRebuild } = await import("./action.ts");
      call.ended(runRebuild(flags, call));
    });
}

function thin(call: Call): Command {
  return about("thin", "remove old results' files; the lines, and with them every value, stay")
    .addOption(
      wholeNumber("--nights <n>", "nights of which every result is kept").default(90),
    )
    .addOption(
      wholeNumber(
        "--weeks <n>",
        "weeks before those of which one result a week is kept, then a month",
      ).default(52),
    )
    .addOption(
      gibibytes("--most-gib <n>", "GiB that the files may be; the oldest go (default: no bound)"),
    )
    .option("--dry-run", "only say what would be removed")
    .option("--json", "print it as JSON on stdout")
    .action(async (flags: HistoryThinFlags) => {
      const { runThin } = await import("./action.ts");
      call.ended(runThin(flags, call));
    });
}

const HELP = `
Examples:
  deno task history add reports/local/DIR                   tonight's result of this machine
  deno task history add reports/local/nodes-*/node*         what nodes bench gathered
  deno task history show --filter read --nights 7
  deno task history site --out reports/local/site           then open its index.html
  deno task history thin --dry-run`;
