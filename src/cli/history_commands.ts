/** The subcommands of `history`, their options and their help; what they do is in history.ts. */
import type { Command } from "commander";
import type {
  HistoryAddFlags,
  HistoryFlags,
  HistoryShowFlags,
  HistorySiteFlags,
  HistoryThinFlags,
} from "./history.ts";
import { HISTORY } from "./places.ts";
import type { Streams } from "./streams.ts";

const collect = (value: string, before: string[] = []): string[] => [
  ...before,
  ...value.split(","),
];

/**
 * Adds `history` to the program.
 *
 * @param ended Called with the exit code of a command that came to its end.
 */
export function addHistoryCommands(
  program: Command,
  streams: Streams,
  ended: (code: number) => void,
): void {
  const history = program.command("history")
    .description("keep results by night and node, and say what changed over the nights")
    .addHelpText("after", EXAMPLES);
  const command = (name: string, description: string) =>
    history.command(name).description(description)
      .option("--history <dir>", "the history's directory", HISTORY);

  command("add", "add results, with their reports; begins the history where there is none")
    .argument("<result...>", "a result.json, or a bench's directory")
    .option("--night <date>", "the night, like 2026-11-22 (default: the day it was begun, UTC)")
    .option("--node <name>", "the node (default: the result's host)")
    .option("--json", "print what became of each as JSON on stdout")
    .action(async (results: string[], flags: HistoryAddFlags) => {
      const { historyAdd } = await import("./history.ts");
      ended(historyAdd(results, flags, streams));
    });
  command("show", "say how tonight compares, series by series")
    .option("--node <name>", "only these nodes, several by commas", collect)
    .option("--filter <text>", "only benchmarks whose id contains this")
    .option("--metric <name>", "only these metrics, several by commas: throughput, p99, …", collect)
    .option("--nights <n>", "list the last nights of each series", "0")
    .option("--json", "print the judgement with every night as JSON on stdout")
    .action(async (flags: HistoryShowFlags) => {
      const { historyShow } = await import("./history.ts");
      ended(historyShow(flags, streams));
    });
  command("site", "make the pages: what changed, every series, a summary, a feed")
    .requiredOption(
      "--out <dir>",
      "the site's directory: new, empty, or such a site, replaced whole",
    )
    .option("--title <text>", "what the pages are headed with", "Nightly history")
    .option(
      "--reports <link>",
      "where the history's directory is found from the site, or none (default: where it lies)",
    )
    .option("--url <address>", "where the site will be, for the links of summary and feed")
    .action(async (flags: HistorySiteFlags) => {
      const { historySiteCommand } = await import("./history.ts");
      ended(historySiteCommand(flags, streams));
    });
  command("rebuild", "make the index anew from the lines of the nights")
    .action(async (flags: HistoryFlags) => {
      const { historyRebuild } = await import("./history.ts");
      ended(historyRebuild(flags, streams));
    });
  command("thin", "remove old results' files; the lines, and with them every value, stay")
    .option("--nights <n>", "nights of which every result is kept", "90")
    .option(
      "--weeks <n>",
      "weeks before those of which one result a week is kept, then a month",
      "52",
    )
    .option("--dry-run", "only say what would be removed")
    .option("--json", "print it as JSON on stdout")
    .action(async (flags: HistoryThinFlags) => {
      const { historyThin } = await import("./history.ts");
      ended(historyThin(flags, streams));
    });
  for (const each of [history, ...history.commands]) each.copyInheritedSettings(program);
}

const EXAMPLES = `
Examples:
  deno task history add reports/local/DIR                   tonight's result of this machine
  deno task history add reports/local/nodes-*/node*         what nodes bench gathered
  deno task history show --filter read --nights 7
  deno task history site --out reports/local/site           then open its index.html
  deno task history thin --dry-run`;
