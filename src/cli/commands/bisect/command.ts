/** `bisect` as it is called: which commit changed how fast a plug-in is. */
import { Command, Option } from "commander";
import type { Call } from "../../call.ts";
import { seconds, wholeNumber, wrongValue } from "../../options/values.ts";
import { DEFAULT_SUITE } from "../../suites.ts";

/** The options of `bisect`. */
export interface BisectFlags {
  run: string;
  plugin?: string;
  repo: string;
  suite: string;
  filter: string;
  error: number;
  most: number;
  buildLimit: number;
  seed?: number;
  out?: string;
  resume?: string;
  json?: boolean;
}

/** How long a build may take unless it is said, s. */
const BUILD_SECONDS = 600;

/** Declares `bisect`. */
export function bisectCommand(call: Call): Command {
  return new Command("bisect")
    .description("find the commit that changed how fast a plug-in is, at a stated error rate")
    .argument("<good>", "the older commit, before the change")
    .argument("<bad>", "a later commit, which has it")
    .requiredOption(
      "--run <command>",
      "what the shell builds the plug-in with, in a commit's own worktree; it leaves it at " +
        "$TIDEMARK_PLUGIN, and ends with 125 where a commit cannot be tested",
    )
    .option("--plugin <path>", "the command leaves it there instead, from the worktree")
    .option("--repo <dir>", "the repository", ".")
    .option("--suite <name>", "where the benchmark is from, a name or a file", DEFAULT_SUITE)
    .option("--filter <text>", "the one benchmark whose name contains this", "write_throughput")
    .addOption(percent("--error <percent>", "chance of a wrong answer").default(0.05, "5"))
    .addOption(
      wholeNumber("--most <n>", "pairs of processes at most", { least: 50, most: 100_000 })
        .default(600),
    )
    .addOption(
      seconds("--build-limit <time>", "how long a build may take, e.g. 10min")
        .default(BUILD_SECONDS, "10min"),
    )
    .addOption(wholeNumber("--seed <n>", "order of the turns and values (default: drawn)"))
    .option("--out <dir>", "directory for the journal and the duets: new or empty")
    .option("--resume <dir>", "go on with an interrupted search; the rest of the call is the same")
    .option("--json", "print what was found as JSON on stdout")
    .addHelpText("after", HELP)
    .action(async (good: string, bad: string, flags: BisectFlags) => {
      const { runBisect } = await import("./action.ts");
      call.ended(await runBisect([good, bad], flags, call));
    });
}

/** An option whose value is a percentage between 0.1 and 40. */
function percent(flags: string, description: string): Option {
  return new Option(flags, description).argParser((text: string) => {
    const value = Number(text.replace(/%$/, "")) / 100;
    if (text.trim() !== "" && value >= 0.001 && value <= 0.4) return value;
    throw wrongValue("--error", text, "a percentage from 0.1 to 40");
  });
}

const HELP = `
The command is given to the shell (sh -c), with the rights that you have, and nothing else of the
repository is run: no hook. Each commit's plug-in is checked as bench checks one, and played in duet with
that of the good commit, or of the one before it; the chance of every commit is kept, so that a wrong
answer is outweighed. Commits that cannot be built, checked or measured are gone round. Merges are one
change.

Examples:
  deno task bisect v1.2 main --run 'cargo build --release' --plugin target/release/libmine.so
  deno task bisect v1.2 main --run 'make && cp libmine.so $TIDEMARK_PLUGIN' --filter read_latency`;
