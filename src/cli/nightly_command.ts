/** The command `nightly`, its options and its help; what it does is in nightly.ts. */
import type { Command } from "commander";
import { PROFILES } from "../suite/mod.ts";
import type { NightlyFlags } from "./nightly.ts";
import { NIGHTS } from "./places.ts";
import type { Streams } from "./streams.ts";
import { DEFAULT_SUITE } from "./suites.ts";

const collect = (value: string, before: string[] = []): string[] => [
  ...before,
  ...value.split(","),
];

/**
 * Adds `nightly` to the program.
 *
 * @param ended Called with the exit code of a command that came to its end.
 */
export function addNightlyCommand(
  program: Command,
  streams: Streams,
  ended: (code: number) => void,
): void {
  program.command("nightly")
    .description("measure, keep in the history, judge, and publish the pages")
    .argument("[suite]", "a suite by name, or a file that defines one", DEFAULT_SUITE)
    .option("--nodes", "measure on the machines of nix/cluster.nix, not on this one")
    .option("--cluster <file>", "the cluster file: .nix or .json (default: nix/cluster.nix)")
    .option("--node <name>", "only these nodes, several by commas", collect)
    .option("--identity <file>", "the private key for SSH (default: what ssh finds)")
    .option("--ssh-config <file>", "ssh's configuration (default: your own)")
    .option("--patience <seconds>", "how long a node may be silent", "30")
    .option("--reconnect <seconds>", "how long to try to get a lost node back", "60")
    .option("--profile <name>", `how much: ${Object.keys(PROFILES).join(", ")}`, "nightly")
    .option("--store <name>", "stores to measure, several by commas", collect)
    .option("--runs <n>", "runs of each benchmark, instead of the profile's")
    .option("--filter <text>", "only benchmarks whose id contains this")
    .option("--set <name=value>", "a store option (repeatable)", collect)
    .option("--seed <n>", "order of the runs, values and resamples (default: drawn)")
    .option("--data <dir>", "directory for the databases: new or empty")
    .option("--host <name>", "what this machine is called in the history (default: its name)")
    .option("--out <dir>", "where nights, history and pages lie", NIGHTS)
    .option("--history <dir>", "the history's directory (default: history in --out)")
    .option("--night <date>", "the night, like 2026-11-22 (default: today, UTC)")
    .option(
      "--publish <target>",
      "also publish the pages: a directory, ssh://user@host/directory or " +
        "s3:https://host/bucket/prefix (repeatable)",
      (value: string, before: string[] = []) => [...before, value],
    )
    .option("--publish-identity <file>", "the private key for that (default: --identity)")
    .option("--title <text>", "what the pages are headed with", "Nightly history")
    .option("--url <address>", "where the pages will be, for the links of summary and feed")
    .option("--summary <file>", "add what changed to this file as Markdown, for a job's page")
    .option("--keep-nights <n>", "nights of which every result's files are kept", "90")
    .option("--keep-weeks <n>", "weeks before those of which one result a week is kept", "52")
    .option("--keep-pages <n>", "how many publications are kept in each place", "3")
    .option("--resume", "go on with the newest night that was broken off")
    .option("--json", "print the night's record as JSON on stdout")
    .addHelpText("after", HELP)
    .action(async (suite: string, flags: NightlyFlags) => {
      const { nightlyCommand } = await import("./nightly.ts");
      ended(await nightlyCommand(suite, flags, streams));
    });
}

const HELP = `
Every stage runs that has something to go on with, whatever became of the others. Ends with 1 where a
target was missed, or something regressed tonight or for good; with 2 before anything was measured,
as where another night is under way in --out; with 3 where a stage failed, which a node that gave
nothing counts as. What a killed night has measured is taken up by the next one.

In --out: site, a link to the newest pages, for a web server; pages; history; nights, with the
journals of the last 7. Pages have the reports of the last 30 nights; the history keeps every value
for ever, and of results' files those of --keep-nights, then one a week, then one a month.

Examples:
  deno task nightly                                          this machine
  deno task nightly --publish ssh://www@10.77.0.1/srv/www    and publish the pages
  deno task nightly --nodes --identity ~/.ssh/id_ed25519     the cluster
  deno task nightly --resume                                 go on after Ctrl-C or a crash`;
