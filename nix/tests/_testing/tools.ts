/** What the tests of the nodes start, and which of it this machine has. */
import { fileURLToPath } from "node:url";
import {
  type Ended,
  pathOf,
  run as runChild,
  type RunOptions,
} from "../../../src/_testing/child.ts";

/** The folder `nix/`, without a slash at its end. */
export const NIX = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** Runs a program to its end, in `nix/` unless another folder is given. */
export function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  return runChild(program, args, { cwd: NIX, ...options });
}

/** Whether a program is on the path; a bare name. */
export function isInstalled(program: string): boolean {
  return pathOf(program) !== undefined;
}

/** A test's name, with why it is skipped where there is a reason: the runner prints nothing else of it. */
export function skippable(name: string, reason: string | undefined): string {
  return reason ? `${name} (skipped: ${reason})` : name;
}

/** A test that needs programs: skipped where one is missing, which its name says. */
export function testWith(
  programs: readonly string[],
  name: string,
  body: (t: Deno.TestContext) => void | Promise<void>,
): void {
  const missing = programs.filter((program) => !isInstalled(program));
  Deno.test({
    name: skippable(name, missing.join(", ") && `${missing.join(", ")} not on the PATH`),
    ignore: missing.length > 0,
    timeout: 300_000,
    fn: body,
  });
}

/** Evaluates a Nix expression in `nix/` to JSON. */
export async function evaluate(expression: string): Promise<{ value?: unknown; err: string }> {
  const { code, out, err } = await run("nix-instantiate", [
    "--eval",
    "--strict",
    "--json",
    "--expr",
    expression,
  ]);
  return code === 0 ? { value: JSON.parse(out), err } : { err };
}

/** As {@linkcode evaluate}; an expression that does not evaluate is a failure. */
export async function evaluated<T>(expression: string): Promise<T> {
  const { value, err } = await evaluate(expression);
  if (value === undefined) throw new Error(err);
  return value as T;
}

/** Files under `nix/` whose name ends so, relative to it, sorted. */
export function filesUnder(ending: string, folder = ""): string[] {
  return [...Deno.readDirSync(`${NIX}/${folder}`)].flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.isDirectory) return filesUnder(ending, `${path}/`);
    return path.endsWith(ending) ? [path] : [];
  }).sort();
}
