/** Runs Tidemark as people do, for the end-to-end tests: a process with the permissions of its task. */
import config from "../../../../deno.json" with { type: "json" };
import { dirname } from "node:path";
import { type Ended, ended, succeeds } from "../../../_testing/child.ts";
import { listKernelFolder, readKernelFile } from "../../../native/mod.ts";

const ROOT = new URL("../../../../", import.meta.url);

/** The suite of these tests. */
export const TINY = new URL("./tiny_suite.ts", import.meta.url).pathname;

/** Whether tests may mount file systems of their own. */
export const CAN_MOUNT = Deno.build.os === "linux" && Deno.uid() === 0 &&
  await succeeds("unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt");

/** Whether a C compiler is there. */
export const HAS_CC = await succeeds("cc", "--version");

/** A process that may still run. */
export interface Started {
  process: Deno.ChildProcess;
  ended: Promise<Ended>;
}

/** The tasks that are started. */
export type Task =
  | "bench"
  | "compare"
  | "report"
  | "doctor"
  | "export"
  | "import"
  | "nodes"
  | "plugin"
  | "publish"
  | "history"
  | "nightly";

/** How to start it. */
export interface StartOptions {
  /** Where, so that the project's own reports are not touched. */
  cwd: string;
  /** More environment variables. */
  env?: Record<string, string>;
  /** A command that runs the command after it, e.g. `["setpriv", …]`. */
  wrapper?: readonly string[];
  /** How long it may take. @default 150, of what takes seconds on an idle machine */
  seconds?: number;
}

/** The command line of a task in deno.json, and these arguments. */
function commandOf(task: keyof typeof config.tasks, args: readonly string[]): string[] {
  const [deno, ...words] = config.tasks[task].command.split(" ");
  if (deno !== "deno") throw new Error(`Cannot run the task ${task}: it does not begin with deno`);
  const main = new URL("main.ts", ROOT).pathname;
  return [Deno.execPath(), ...words.map((word) => word === "main.ts" ? main : word), ...args];
}

/** Starts a task. */
export function start(
  task: Task,
  args: readonly string[],
  { cwd, env = {}, wrapper = [], seconds = 150 }: StartOptions,
): Started {
  const [command, ...rest] = [...wrapper, ...commandOf(task, args)];
  const folder = dirname(Deno.execPath());
  const process = new Deno.Command(command!, {
    args: rest,
    cwd,
    // The task's `deno`, as `deno task` itself makes sure of.
    env: { PATH: `${folder}:${Deno.env.get("PATH")}`, ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  return { process, ended: ended(process, `tidemark ${task} ${args.join(" ")}`, seconds) };
}

/** Runs a task to its end. */
export function run(
  task: Task,
  args: readonly string[],
  options: StartOptions,
): Promise<Ended> {
  return start(task, args, options).ended;
}

/** Arguments of a bench of the tiny suite over librocksdb alone, or what takes its place. */
export function tinyBench(...args: string[]): string[] {
  return [TINY, "--profile", "smoke", ...args];
}

/**
 * A wrapper that runs a script of `sh` in a mount namespace of its own, so that what is mounted is
 * gone with it. In the script, `"$@"` is the command.
 */
export function inNamespace(script: string): string[] {
  return ["unshare", "-m", "sh", "-c", script, "sh"];
}

/** Every file below a folder with its text, and every folder; for comparing before and after. */
export function treeOf(folder: string, at = ""): Record<string, string> {
  const tree: Record<string, string> = {};
  for (const entry of Deno.readDirSync(`${folder}/${at}`)) {
    const path = `${at}${entry.name}`;
    if (entry.isDirectory) Object.assign(tree, { [`${path}/`]: "" }, treeOf(folder, `${path}/`));
    else tree[path] = Deno.readTextFileSync(`${folder}/${path}`);
  }
  return tree;
}

/** Whether there is something at a path. */
export function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Waits until something holds.
 *
 * @param seconds Within which it must. @default 30
 */
export async function until(what: string, holds: () => boolean, seconds = 30): Promise<void> {
  for (const start = performance.now(); !holds();) {
    if (performance.now() - start > seconds * 1000) throw new Error(`Timed out: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Ids of the processes whose command line contains a text. */
export function processesWith(text: string): number[] {
  return (listKernelFolder("/proc") ?? []).filter((name) => /^\d+$/.test(name))
    .filter((pid) => readKernelFile(`/proc/${pid}/cmdline`)?.includes(text)).map(Number);
}
