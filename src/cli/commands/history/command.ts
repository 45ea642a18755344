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

/** The options of `history note` and `history accept`. */
export interface HistoryNoteFlags extends HistoryFlags {
  node?: string;
  benchmark?: string;
  metric?: string;
}

/** Declares `history`. */
export function historyCommand(call: Call): Command {
  const command = new Command("history")
    .description("keep results by night and node, and say what changed over the nights")
    .addHelpText("after", HELP);
  const subcommands = [add, show, note, accept, site, rebuild, thin];
  for (const subcommand of subcommands) command.addCommand(subcommand(call));
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

function note(call: Call): Command {
  return ofSeries("note", "say something of a night, which stands beside it from then on")
    .argument("<night>", "the night, like 2026-11-22")
    .argument("<text>", "what there is to say, in quotes")
    .action(async (night: string, text: string, flags: HistoryNoteFlags) => {
      const { runNote } = await import("./action.ts");
      call.ended(runNote(night, text, flags, call));
    });
}

function accept(call: Call): Command {
  return ofSeries(
    "accept",
    "accept the lasting shifts that begin on a night: they are no news then",
  )
    .argument("<night>", "the first night of the new level, like 2026-11-22")
    .argument("[text]", "why, in quotes", "accepted")
    .action(async (night: string, text: string, flags: HistoryNoteFlags) => {
      const { runAccept } = await import("./action.ts");
      call.ended(runAccept(night, text, flags, call));
    });
}

/** A subcommand about some series of a night. */
function ofSeries(name: string, description: string): Command {
  const metrics = MetricName.options.join(", ");
  return about(name, description)
    .option("--node <name>", "of this node alone (default: every one)")
    .option("--benchmark <id>", "of this benchmark alone, e.g. raw/read_throughput/10000")
    .addOption(
      new Option("--metric <name>", `of this metric alone: ${metrics}`)
        .argParser(oneOf("metric", MetricName.options)),
    );
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
  deno task history note 2026-11-22 "new disk in node02" --node node02
  deno task history accept 2026-11-22 "checksums are on now" --benchmark raw/read_throughput/10000
  deno task history site --out reports/local/site           then open its index.html
  deno task history thin --dry-run`;
