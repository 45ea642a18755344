/** The commands, their options and their help. Each command's module is loaded when it is used. */
import { Command } from "commander";
import { STORE_OPTION_NAMES, STORES } from "../store/mod.ts";
import { DEFAULT_PROFILE, PROFILES } from "../suite/mod.ts";
import type { BenchFlags } from "./bench_session.ts";
import type { CompareFlags } from "./compare.ts";
import type { DoctorFlags } from "./doctor.ts";
import { addEngineCommand } from "./engine_command.ts";
import { addHistoryCommands } from "./history_commands.ts";
import { addNightlyCommand } from "./nightly_command.ts";
import { addNodesCommands } from "./nodes_commands.ts";
import type { PublishFlags } from "./publish.ts";
import type { ReportFlags } from "./report.ts";
import type { ExportFlags } from "./export.ts";
import type { ImportFlags } from "./import.ts";
import type { Streams } from "./streams.ts";
import { DEFAULT_SUITE } from "./suites.ts";
import { VERSION } from "./version.ts";

const collect = (value: string, before: string[] = []): string[] => [
  ...before,
  ...value.split(","),
];

/**
 * Builds the program.
 *
 * @param ended Called with the exit code of a command that came to its end.
 * @param args What is going to be parsed, for a result to record.
 */
export function buildProgram(
  streams: Streams,
  ended: (code: number) => void,
  args: readonly string[],
): Command {
  const program = new Command("tidemark")
    .description("Measures key-value stores, says how sure it is, and writes the baseline report.")
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => streams.out(text),
      writeErr: () => {}, // told by main, in one line
      getOutHelpWidth: () => 100,
    })
    .showHelpAfterError(false)
    .addHelpText("after", EXIT_HELP);

  program.command("bench")
    .description("measure a suite and write its report (the main job)")
    .argument("[suite...]", `suites by name, or files that define one (default: ${DEFAULT_SUITE})`)
    .option(
      "--store <name>",
      `stores to measure, several by commas: ${STORES.map((store) => store.name).join(", ")}`,
      collect,
    )
    .option(
      "--profile <name>",
      `how much: ${Object.keys(PROFILES).join(", ")} (default: ${DEFAULT_PROFILE})`,
    )
    .option("--runs <n>", "runs of each benchmark, instead of the profile's")
    .option("--filter <text>", "only benchmarks whose id contains this")
    .option("--sampling <mode>", "iterations of the samples: flat or linear")
    .option(
      "--set <name=value>",
      `a store option (repeatable): ${STORE_OPTION_NAMES.join(", ")}`,
      collect,
    )
    .option("--seed <n>", "order of the runs, values and resamples (default: drawn)")
    .option("--out <dir>", "directory for journal, result and report: new or empty")
    .option("--data <dir>", "directory for the databases: new or empty (default: in --out)")
    .option("--save <name>", "keep the result as a baseline of this name")
    .option(
      "--against <name>",
      "compare with a saved baseline, a result.json or a bench's directory",
    )
    .option(
      "--interleave <name=value>",
      "measure a second variant in the same session, its runs mixed with the first one's, and " +
        "compare: store=NAME, library=FILE, a store option, or same (repeatable)",
      collect,
    )
    .option("--threshold <share>", "when comparing: a change that matters: 3%, or p99=15%", collect)
    .option("--junit <file>", "when comparing: write the verdicts as JUnit XML, replacing the file")
    .option("--summary <file>", "when comparing: add the verdicts to this file as Markdown")
    .option("--resume [dir]", "go on with an interrupted bench (default: the newest)")
    .option("--list", "list the suites and their benchmarks, and measure nothing")
    .option("--json", "print the analysis as JSON on stdout")
    .addHelpText("after", BENCH_EXAMPLES)
    .action(async (suites: string[], flags: BenchFlags) => {
      const { benchCommand } = await import("./bench.ts");
      ended(await benchCommand(suites, flags, streams, args));
    });

  program.command("compare")
    .description("say what changed from one result to another, and how sure that is")
    .argument(
      "<base>",
      "what to compare with: a saved baseline, a result.json or a bench's directory",
    )
    .argument("<candidate>", "what to compare: likewise")
    .option("--threshold <share>", "a change that matters (repeatable): 3%, or p99=15%", collect)
    .option("--junit <file>", "write the verdicts as JUnit XML, replacing the file")
    .option("--summary <file>", "add the verdicts to this file as Markdown, for a forge's job page")
    .option("--markdown", "print the whole comparison as Markdown on stdout")
    .option("--json", "print the comparison as JSON on stdout")
    .addHelpText("after", COMPARE_HELP)
    .action(async (base: string, candidate: string, flags: CompareFlags) => {
      const { compareCommand } = await import("./compare.ts");
      ended(compareCommand(base, candidate, flags, streams));
    });

  program.command("report")
    .description("render a result again: Markdown, HTML or JSON")
    .argument("<result>", "a result.json, or a bench's directory")
    .option("--markdown <file>", "write Markdown to this new file")
    .option("--html <file>", "write HTML to this new file")
    .option("--json", "print the analysis as JSON on stdout")
    .option("--force", "overwrite files")
    .addHelpText("after", REPORT_EXAMPLES)
    .action(async (result: string, flags: ReportFlags) => {
      const { reportCommand } = await import("./report.ts");
      ended(reportCommand(result, flags, streams));
    });

  program.command("import")
    .description("make a result of what another tool measured, and its report")
    .argument("<output...>", "files that it wrote, or criterion's target/criterion")
    .option("--format <name>", "criterion, db_bench, benchmark.sh, ycsb, go-ycsb, hdr or go")
    .option("--store <name>", "name of what was measured (default: the form's)")
    .option("--suite <name>", "judge it by this suite's targets and claims")
    .option(
      "--baseline <name>",
      "measurements of criterion's, several by commas, each a run (default: new)",
      collect,
    )
    .option("--unit <unit>", "of the values of an HDR histogram log: ns, us, ms or s")
    .option("--out <dir>", "directory for result and report: new or empty")
    .option("--json", "print the analysis as JSON on stdout")
    .addHelpText("after", IMPORT_EXAMPLES)
    .action(async (outputs: string[], flags: ImportFlags) => {
      const { importCommand } = await import("./import.ts");
      ended(await importCommand(outputs, flags, streams));
    });

  program.command("export")
    .description("write a result in the form of another tool")
    .argument("<result>", "a result.json, or a bench's directory")
    .requiredOption("--format <name>", "criterion, go, csv or samples-csv")
    .option("--out <path>", "a new file, or a new directory for criterion (default: stdout)")
    .addHelpText("after", EXPORT_EXAMPLES)
    .action(async (result: string, flags: ExportFlags) => {
      const { exportCommand } = await import("./export.ts");
      ended(exportCommand(result, flags, streams));
    });

  program.command("doctor")
    .description("say what makes this machine unfit to measure on, and how to mend it")
    .option("--data <dir>", "where databases would lie", ".")
    .option("--json", "print the findings as JSON on stdout")
    .action(async (flags: DoctorFlags) => {
      const { doctorCommand } = await import("./doctor.ts");
      ended(await doctorCommand(flags, streams));
    });

  program.command("publish")
    .description("put a folder of pages where people read them")
    .argument("<folder>", "the pages: a folder with an index.html")
    .requiredOption(
      "--to <target>",
      "a directory, ssh://user@host/directory or s3:https://host/bucket/prefix (repeatable)",
      (value: string, before: string[] = []) => [...before, value],
    )
    .option("--keep <n>", "how many publications stay there, but for S3, which keeps all", "3")
    .option("--identity <file>", "the private key for SSH (default: what ssh finds)")
    .option("--ssh-config <file>", "ssh's configuration (default: your own)")
    .addHelpText("after", PUBLISH_HELP)
    .action(async (folder: string, flags: PublishFlags) => {
      const { publishCommand } = await import("./publish.ts");
      ended(await publishCommand(folder, flags, streams));
    });

  addEngineCommand(program, streams, ended);
  addHistoryCommands(program, streams, ended);
  addNightlyCommand(program, streams, ended);
  addNodesCommands(program, streams, ended);

  for (const command of program.commands) command.copyInheritedSettings(program);
  return program;
}

const EXIT_HELP = `
Exit codes: 0 fine, 1 a target missed or a regression, 2 a mistake in the call or a file, 3 the
measuring failed.
Colors are off where NO_COLOR is set or stderr is no terminal.`;

const BENCH_EXAMPLES = `
Examples:
  deno task bench                                   the baseline suite, about three minutes
  deno task bench --profile quick                   a look, half a minute
  deno task bench --store raw --set wal=synced      RocksDB alone, every write synced
  deno task bench --filter read --runs 5            only the reads, five runs each
  deno task bench --profile nightly --against main  what changed since the baseline main
  deno task bench --store raw --interleave wal=off  the same with and without a log, run by run
  deno task bench --resume                          go on after Ctrl-C or a crash`;

const COMPARE_HELP = `
A verdict needs three runs on each side, and is given over all rows together: improved, regressed,
unchanged, too small to matter, or inconclusive with the reason. Ends with 1 where a row regressed.

Examples:
  deno task compare main reports/local/DIR          a bench against the saved baseline main
  deno task compare a.json b.json --threshold 2%    two results, changes of 2 % matter
  deno task compare main DIR --junit gate.xml       for a forge`;

const REPORT_EXAMPLES = `
Examples:
  deno task report reports/local/DIR                Markdown on stdout
  deno task report result.json --html report.html   one self-contained page`;

const IMPORT_EXAMPLES = `
Examples:
  deno task import target/criterion --store flaredb --suite baseline
  deno task import run1.txt run2.txt run3.txt       three processes of db_bench: three runs
  deno task import READ.hdr --unit us               an HDR histogram log`;

const EXPORT_EXAMPLES = `
Examples:
  deno task export result.json --format go > new.txt      for benchstat old.txt new.txt
  deno task export reports/local/DIR --format criterion --out target/criterion`;

const PUBLISH_HELP = `
The pages go whole into a folder of their own, then the link "latest" is renamed to lead there; on S3
the page index.html is written last and leads there. S3 takes its key from AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_REGION, and from nowhere else; old publications
there are for a lifecycle rule of the bucket to remove.

Examples:
  deno task publish pages --to /srv/www/tidemark
  deno task publish pages --to ssh://www@10.77.0.1/srv/www/tidemark --identity ~/.ssh/publish
  deno task publish pages --to s3:https://s3.eu-central-1.amazonaws.com/bucket/tidemark`;
