/**
 * `deno task test:bisect`: a made-up repository of 64 commits of a small plug-in in C, of which one makes
 * a get longer by some turns of an empty loop and one does not compile, and a search for the former, as
 * a user calls it. It ends with 1 where a search names another commit, and takes minutes each.
 */
import { Command } from "commander";
import { toTerminal } from "../../format/mod.ts";
import { writeSkeleton } from "../../plugin/mod.ts";
import { derive, Random } from "../../stats/mod.ts";
import { wholeNumber } from "../options/values.ts";

interface Flags {
  repeats: number;
  commits: number;
  burn: number;
  seed: number;
}

/** How long one program may take, s. */
const GIT_SECONDS = 60;
const SEARCH_SECONDS = 3600;

async function run(program: string, args: string[], cwd: string, seconds: number): Promise<string> {
  const { success, stdout } = await new Deno.Command(program, {
    args,
    cwd,
    stdin: "null",
    stderr: "inherit",
    signal: AbortSignal.timeout(seconds * 1000),
  }).output();
  const said = new TextDecoder().decode(stdout);
  if (success) return said;
  throw new Error(`${program} ${args.join(" ")} failed: ${said}`);
}

/** Makes the repository. */
async function makeRepository(
  folder: string,
  { commits, burn }: Flags,
  slow: number,
  broken: number,
) {
  const { build, library } = writeSkeleton(folder, "subject", "c");
  const git = (...args: string[]) =>
    run(
      "git",
      ["-c", "user.name=nobody", "-c", "user.email=nobody@localhost", ...args],
      folder,
      GIT_SECONDS,
    );
  await git("init", "--quiet");
  const source = `${folder}/plugin.c`;
  for (let at = 0; at <= commits; at++) {
    let text = Deno.readTextFileSync(source);
    if (at === slow) {
      const begin = /(tidemark_get\([^{]*\{\n {2}\(void\)family;\n)/;
      const spin = `  for (volatile int i = 0; i < ${burn}; i++);\n`;
      if (!begin.test(text)) throw new Error("The skeleton has no tidemark_get to be made slower");
      text = text.replace(begin, `$1${spin}`);
    }
    text += `\n/* Step ${at}. */\n${at === broken ? "#error broken\n" : ""}`;
    Deno.writeTextFileSync(source, text);
    if (at === broken + 1) {
      Deno.writeTextFileSync(source, Deno.readTextFileSync(source).replace("#error broken\n", ""));
    }
    await git("add", "--all");
    await git("commit", "--quiet", "--message", `Step ${at}`);
  }
  return { build, library };
}

async function search(flags: Flags, repeat: number): Promise<boolean> {
  const random = new Random(derive(flags.seed, "bisect", String(repeat)));
  const slow = 1 + random.below(flags.commits);
  const broken = Math.min(flags.commits - 1, 1 + random.below(flags.commits));
  const folder = Deno.makeTempDirSync({ prefix: "tidemark-bisect-itself-" });
  const begun = performance.now();
  try {
    const repository = `${folder}/repository`;
    const odd = broken === slow ? -1 : broken;
    const { build, library } = await makeRepository(repository, flags, slow, odd);
    const said = await run(
      "deno",
      [
        ...["task", "-q", "bisect", `HEAD~${flags.commits}`, "HEAD", "--repo", repository],
        ...["--run", build, "--plugin", library, "--filter", "read_throughput"],
        ...[
          "--seed",
          String(derive(flags.seed, "search", String(repeat))),
          "--out",
          `${folder}/out`,
        ],
      ],
      Deno.cwd(),
      SEARCH_SECONDS,
    );
    const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
    const found = new RegExp(`^\\S+ Step ${slow}$`).test(said.split("\n")[0]!);
    const verdict = found ? "found" : "NOT FOUND";
    console.log(
      toTerminal(`Step ${slow} of ${flags.commits}: ${verdict}, ${minutes} min\n${said}`),
    );
    return found;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const program = new Command("test:bisect")
  .addOption(wholeNumber("--repeats <n>", "searches").default(3))
  .addOption(wholeNumber("--commits <n>", "commits after the good one", { least: 2 }).default(64))
  .addOption(wholeNumber("--burn <n>", "turns of the loop").default(100))
  .addOption(wholeNumber("--seed <n>", "which commit it is").default(1));
const flags = program.parse(Deno.args, { from: "user" }).opts<Flags>();
let wrong = 0;
for (let repeat = 0; repeat < flags.repeats; repeat++) {
  if (!await search(flags, repeat)) wrong++;
}
console.log(`${flags.repeats - wrong} of ${flags.repeats} searches named the commit`);
Deno.exit(wrong === 0 ? 0 : 1);
