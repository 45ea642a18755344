/** `nightly` as it is called: everything of a night, from measuring to the published pages. */
import { Command, Option } from "commander";
import type { Call } from "../../call.ts";
import {
  type InventoryFlags,
  inventoryOptions,
  reconnectOption,
  type SshFlags,
  sshOptions,
} from "../../options/cluster.ts";
import { type MeasuringFlags, measuringOptions, profileOption } from "../../options/measuring.ts";
import {
  addOptions,
  address,
  gibibytes,
  keptPages,
  repeated,
  wholeNumber,
} from "../../options/values.ts";
import { NIGHTS } from "../../places.ts";
import { strictOption } from "../../strict.ts";
import { DEFAULT_SUITE } from "../../suites.ts";

/** The options of `nightly`. */
export interface NightlyFlags extends InventoryFlags, SshFlags, MeasuringFlags {
  nodes?: boolean;
  reconnect: number;
  profile: string;
  data?: string;
  host?: string;
  out: string;
  history?: string;
  night?: string;
  publish?: string[];
  publishIdentity?: string;
  title: string;
  url?: string;
  summary?: string;
  keepNights: number;
  keepWeeks: number;
  keepGib?: number;
  keepPages: number;
  resume?: boolean;
  strict?: boolean;
  json?: boolean;
}

/** Declares `nightly`. */
export function nightlyCommand(call: Call): Command {
  const command = new Command("nightly")
    .description("measure, keep in the history, judge, and publish the pages")
    .argument("[suite]", "a suite by name, or a file that defines one", DEFAULT_SUITE)
    .addHelpText("after", HELP)
    .action(async (suite: string, flags: NightlyFlags) => {
      const { runNightly } = await import("./action.ts");
      call.ended(await runNightly(suite, flags, call));
    });
  return addOptions(command, [
    ...machineOptions(),
    ...measuringOptions(profileOption().default("nightly")),
    new Option("--data <dir>", "directory for the databases: new or empty").conflicts("nodes"),
    ...nightOptions(),
    ...pageOptions(),
    strictOption(),
    new Option("--resume", "go on with the newest night that was broken off"),
    new Option("--json", "print the night's record as JSON on stdout"),
  ]);
}

function machineOptions(): Option[] {
  return [
    new Option("--nodes", "measure on the machines of nix/cluster.nix, not on this one"),
    // Who names machines means them.
    ...inventoryOptions().map((option) => option.implies({ nodes: true })),
    ...sshOptions(),
    reconnectOption(),
  ];
}

function nightOptions(): Option[] {
  return [
    new Option("--host <name>", "what this machine is called in the history (default: its name)"),
    new Option("--out <dir>", "where nights, history and pages lie").default(NIGHTS),
    new Option("--history <dir>", "the history's directory (default: history in --out)"),
    new Option("--night <date>", "the night, like 2026-11-22 (default: today, UTC)"),
    wholeNumber("--keep-nights <n>", "nights of which every result's files are kept").default(90),
    wholeNumber(
      "--keep-weeks <n>",
      "weeks before those of which one result a week is kept",
    ).default(52),
    gibibytes(
      "--keep-gib <n>",
      "GiB that results' files may be; the oldest go (default: no bound)",
    ),
  ];
}

function pageOptions(): Option[] {
  return [
    repeated(
      "--publish <target>",
      "also publish the pages: a directory, ssh://user@host/directory or " +
        "s3:https://host/bucket/prefix (repeatable)",
    ),
    new Option("--publish-identity <file>", "the private key for that (default: --identity)"),
    new Option("--title <text>", "what the pages are headed with").default("Nightly history"),
    address("--url <address>", "where the pages will be, for the links of summary and feed"),
    new Option("--summary <file>", "add what changed to this file as Markdown, for a job's page"),
    keptPages("--keep-pages <n>", "how many publications are kept in each place").default(3),
  ];
}

const HELP = `
Every stage runs that has something to go on with, whatever became of the others. Ends with 1 where a
target was missed, or something regressed tonight or for good, with --strict also where a target or a
claim stays open; with 2 before anything was measured, as where another night is under way in --out;
with 3 where a stage failed, which a node that gave nothing counts as. What a killed night has
measured is taken up by the next one.

In --out: site, a link to the newest pages, for a web server; pages; history; nights, with the
journals of the last 7. Pages have the reports of the last 30 nights; the history keeps every value
for ever, and of results' files those of --keep-nights, then one a week, then one a month, as far as
--keep-gib reaches; what a baseline is, or a lasting shift lies beside, stays.

Examples:
  deno task nightly                                          this machine
  deno task nightly --publish ssh://www@10.77.0.1/srv/www    and publish the pages
  deno task nightly --control release=9.10.0                 and tell the machine from the store
  deno task nightly --nodes --identity ~/.ssh/id_ed25519     the cluster
  deno task nightly --resume                                 go on after Ctrl-C or a crash`;
