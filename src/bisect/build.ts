/** A commit's plug-in, made by the user's own command. */
import { join } from "node:path";
import { hasEnded, lastText } from "../child/mod.ts";
import { isFile } from "../disk/mod.ts";
import { openLibc } from "../native/mod.ts";
import type { Repository } from "./repository.ts";

/** How plug-ins are built. */
export interface BuildPlan {
  /** What the shell is given, in the commit's worktree. */
  command: string;
  /** Where the command leaves the plug-in, from the worktree. @default where TIDEMARK_PLUGIN says */
  plugin?: string | undefined;
  /** How long it may take, s. */
  seconds: number;
}

/** What a build came to. */
export type Build =
  | { state: "built"; file: string }
  /** Why not, as a clause, and the end of what the command said. */
  | { state: "failed"; reason: string; said: string }
  | { state: "interrupted" };

/** What a command ends with where a commit cannot be tested, as for `git bisect run`. */
const UNTESTABLE = 125;
const SIGKILL = 9;

/**
 * Builds a commit's plug-in in a worktree of its own, which is taken away again.
 *
 * @param folder A folder of this search; the plug-in's file stays there.
 * @param signal Ends it.
 * @throws {BisectError} Where git makes no worktree.
 */
export async function buildCommit(
  repository: Repository,
  hash: string,
  { command, plugin, seconds }: BuildPlan,
  folder: string,
  signal: AbortSignal,
): Promise<Build> {
  const worktree = join(folder, `tree-${hash}`);
  const file = join(folder, `${hash}.so`);
  await repository.checkOut(hash, worktree);
  try {
    const ended = await runShell(command, worktree, seconds, signal, {
      TIDEMARK_PLUGIN: file,
      TIDEMARK_COMMIT: hash,
    });
    if (signal.aborted) return { state: "interrupted" };
    const failed = (reason: string): Build => ({ state: "failed", reason, said: ended.said });
    if (ended.late) return failed(`the command did not end within ${seconds} s`);
    if (ended.code === UNTESTABLE) return failed("the command says that it cannot be tested (125)");
    if (ended.code !== 0) return failed(`the command ended with ${ended.code}`);
    const made = plugin === undefined ? file : join(worktree, plugin);
    if (!isFile(made)) {
      return failed(
        plugin === undefined
          ? "the command left no file where TIDEMARK_PLUGIN says"
          : `the command left no file ${plugin}`,
      );
    }
    if (made !== file) Deno.copyFileSync(made, file);
    return { state: "built", file };
  } finally {
    await repository.remove(worktree);
  }
}

/**
 * Gives a command to the shell, in a process group of its own, which is ended whole: a compiler that
 * hangs is a grandchild.
 */
async function runShell(
  command: string,
  cwd: string,
  seconds: number,
  signal: AbortSignal,
  env: Record<string, string>,
): Promise<{ code: number; late: boolean; said: string }> {
  const child = new Deno.Command("sh", {
    args: ["-c", `exec 2>&1\n${command}`],
    cwd,
    env,
    stdin: "null",
    stdout: "piped",
    stderr: "null",
    detached: true,
  }).spawn();
  const { symbols } = openLibc({ kill: { parameters: ["i32", "i32"], result: "i32" } });
  const kill = () => void symbols.kill(-child.pid, SIGKILL);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    kill();
  }, seconds * 1000);
  signal.addEventListener("abort", kill, { once: true });
  if (signal.aborted) kill();
  try {
    const said = lastText(child.stdout);
    const { code } = await child.status;
    // What it left running holds the pipe, and has nothing to do any more.
    kill();
    await hasEnded(child);
    return { code, late, said: await said };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", kill);
  }
}
