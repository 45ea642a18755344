/** The subcommands of `engine`, their options and their help; what they do is in engine.ts. */
import type { Command } from "commander";
import { DEFAULT_RELEASE, MACHINE_NAMES } from "../engine/mod.ts";
import type { EngineFlags, GetFlags } from "./engine.ts";
import type { Streams } from "./streams.ts";

/**
 * Adds `engine` to the program.
 *
 * @param ended Called with the exit code of a command that came to its end.
 */
export function addEngineCommand(
  program: Command,
  streams: Streams,
  ended: (code: number) => void,
): void {
  const engine = program.command("engine")
    .description("get releases of RocksDB as libraries, and say which there are")
    .addHelpText("after", EXAMPLES);

  engine.command("list")
    .description("list the pinned releases, and what is kept here")
    .option("--json", "print it as JSON on stdout")
    .action(async (flags: EngineFlags) => {
      const { engineList } = await import("./engine.ts");
      ended(engineList(flags, streams));
    });
  engine.command("get")
    .description("get releases from the local Maven repository, or over the network")
    .argument("[release...]", "a version, flink-VERSION or speedb-VERSION", [DEFAULT_RELEASE])
    .option("--for <machine>", `another kind of machine: ${MACHINE_NAMES.join(", ")}`)
    .option("--if-missing", "get nothing where a librocksdb is installed, and go on in any case")
    .action(async (releases: string[], flags: GetFlags) => {
      const { engineGet } = await import("./engine.ts");
      ended(await engineGet(releases, flags, streams));
    });
  engine.command("add")
    .description("keep a library, or the one in an archive, that is here as a file")
    .argument("<file>", "a shared library, or an archive (.jar)")
    .action(async (file: string) => {
      const { engineAdd } = await import("./engine.ts");
      ended(await engineAdd(file, streams));
    });
  engine.command("remove")
    .description("remove what is kept of releases")
    .argument("<release...>", "as the list has them")
    .action(async (releases: string[]) => {
      const { engineRemove } = await import("./engine.ts");
      ended(engineRemove(releases, streams));
    });
  engine.command("verify")
    .description("hold every library that is kept against its digest")
    .action(async () => {
      const { engineVerify } = await import("./engine.ts");
      ended(engineVerify(streams));
    });
}

const EXAMPLES = `
Libraries are kept in the user's cache folder; TIDEMARK_CACHE names another one. A release comes from
the local Maven repository (~/.m2) where it is there, else from Maven Central, or from the repository
that TIDEMARK_ENGINE_REPOSITORY names. Pinned releases are held against digests of Tidemark's own;
others against what the repository publishes, and every result says that they are not pinned.

Examples:
  deno task engine list                             what there is, and what is kept here
  deno task engine get 9.10.0 flink-8.10.0          get two releases
  deno task engine add rocksdbjni-9.10.0.jar        keep a file's library, without a network
  deno task bench --set release=9.10.0              measure with one`;
