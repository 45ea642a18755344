/** The subcommands of `nodes`, their options and their help; what they do is in nodes.ts. */
import type { Command } from "commander";
import { DEFAULT_PROFILE, PROFILES } from "../suite/mod.ts";
import type { NodesBenchFlags, NodesFlags } from "./nodes.ts";
import type { Streams } from "./streams.ts";

const collect = (value: string, before: string[] = []): string[] => [
  ...before,
  ...value.split(","),
];

/**
 * Adds `nodes` to the program.
 *
 * @param ended Called with the exit code of a command that came to its end.
 */
export function addNodesCommands(
  program: Command,
  streams: Streams,
  ended: (code: number) => void,
): void {
  const nodes = program.command("nodes")
    .description("measure on the machines of nix/cluster.nix over SSH")
    .addHelpText("after", EXAMPLES);

  const command = (name: string, description: string) =>
    nodes.command(name).description(description)
      .option("--cluster <file>", "the cluster file: .nix or .json (default: nix/cluster.nix)")
      .option("--node <name>", "only these nodes, several by commas", collect)
      .option("--json", "print it as JSON on stdout");
  const remote = (name: string, description: string) =>
    command(name, description)
      .option("--identity <file>", "the private key (default: what ssh finds)")
      .option("--ssh-config <file>", "ssh's configuration (default: your own)")
      .option("--patience <seconds>", "how long a node may be silent", "30");

  command("list", "list the machines")
    .action(async (flags: NodesFlags) => {
      const { nodesList } = await import("./nodes.ts");
      ended(await nodesList(flags, streams));
    });
  remote("status", "say what the machines are like: reachable, versions, disk, clock, findings")
    .action(async (flags: NodesFlags) => {
      const { nodesStatus } = await import("./nodes.ts");
      ended(await nodesStatus(flags, streams));
    });
  remote("push", "bring the project and its packages to the machines")
    .action(async (flags: NodesFlags) => {
      const { nodesPush } = await import("./nodes.ts");
      ended(await nodesPush(flags, streams));
    });
  remote("bench", "measure a suite on the machines, all at once")
    .argument("[suite]", "a suite by name, or a file of the pushed project", "baseline")
    .option("--store <name>", "stores to measure, several by commas", collect)
    .option("--profile <name>", `how much: ${Object.keys(PROFILES).join(", ")}`, DEFAULT_PROFILE)
    .option("--runs <n>", "runs of each benchmark, instead of the profile's")
    .option("--filter <text>", "only benchmarks whose id contains this")
    .option("--set <name=value>", "a store option (repeatable)", collect)
    .option("--seed <n>", "order of the runs, values and resamples (default: drawn)")
    .option("--reconnect <seconds>", "how long to try to get a lost node back", "60")
    .option("--out <dir>", "directory for the nodes' journals and results: new or empty")
    .action(async (suite: string, flags: NodesBenchFlags) => {
      const { nodesBench } = await import("./nodes.ts");
      ended(await nodesBench(suite, flags, streams));
    });
  remote("collect", "fetch what the machines have of a bench and is not here")
    .argument("[dir]", "the bench's directory (default: the newest)")
    .action(async (directory: string | undefined, flags: NodesFlags) => {
      const { nodesCollect } = await import("./nodes.ts");
      ended(await nodesCollect(directory, flags, streams));
    });
  for (const each of [nodes, ...nodes.commands]) each.copyInheritedSettings(program);
}

const EXAMPLES = `
Examples:
  deno task nodes list
  deno task nodes push                              once, and after each change of the project
  deno task nodes status --node node02
  deno task nodes bench --profile nightly           the baseline suite on every node
  deno task nodes collect                           what a lost node still has`;
