/** Children of tests: each has a time within which it ends, or else it is ended and the test fails. */

/** How a child ended, and what it printed. */
export interface Ended {
  code: number;
  signal: Deno.Signal | null;
  out: string;
  err: string;
}

/** How a program is run. */
export interface RunOptions {
  /** Where; the tests' own folder otherwise. */
  cwd?: string;
  /** More environment variables. */
  env?: Record<string, string>;
  /** What it reads; nothing otherwise. */
  stdin?: string;
  /** How long it may take, s. @default 120 */
  seconds?: number;
}

/**
 * Runs a program to its end. Nothing in its arguments goes through a shell.
 *
 * @throws {Error} When it takes longer than it may.
 * @throws {Deno.errors.NotFound} When there is no such program.
 */
export async function run(
  program: string,
  args: readonly string[],
  { stdin = "", seconds = 120, ...options }: RunOptions = {},
): Promise<Ended> {
  const child = new Deno.Command(program, {
    ...options,
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const end = ended(child, [program, ...args].join(" "), seconds);
  const writer = child.stdin.getWriter();
  // It may end, or close its input, without having read everything.
  await writer.write(new TextEncoder().encode(stdin)).catch(() => {});
  await writer.close().catch(() => {});
  return await end;
}

/**
 * Waits for a child's end.
 *
 * @param child With both outputs piped.
 * @param name What it is called when it takes too long.
 * @param seconds How long it may take from now.
 * @throws {Error} When it takes longer; it is killed then, and what it left open is not waited for.
 */
export async function ended(
  child: Deno.ChildProcess,
  name: string,
  seconds: number,
): Promise<Ended> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    kill(child);
    reject(new Error(`${name} did not end within ${seconds} s`));
  }, seconds * 1000);
  try {
    const { code, signal, stdout, stderr } = await Promise.race([child.output(), promise]);
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    return { code, signal, out: decoder.decode(stdout), err: decoder.decode(stderr) };
  } finally {
    clearTimeout(timer);
  }
}

/** Whether a program is there and ends well. */
export async function succeeds(program: string, ...args: string[]): Promise<boolean> {
  try {
    return (await run(program, args)).code === 0;
  } catch {
    return false;
  }
}

/**
 * Ends a child that runs longer than it may, for tests that talk with it meanwhile.
 *
 * @param child The child.
 * @param seconds How long it may run from now.
 * @returns The child.
 */
export function limited(child: Deno.ChildProcess, seconds = 120): Deno.ChildProcess {
  const timer = setTimeout(() => kill(child), seconds * 1000);
  Deno.unrefTimer(timer);
  void child.status.finally(() => clearTimeout(timer));
  return child;
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It ended by itself in the last moment.
  }
}

/** Where a program is on the path, or where the system keeps its servers; a bare name. */
export function pathOf(program: string): string | undefined {
  for (const folder of [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/sbin", "/sbin"]) {
    try {
      if (Deno.statSync(`${folder}/${program}`).isFile) return `${folder}/${program}`;
    } catch {
      // Not there; perhaps in the next one.
    }
  }
  return undefined;
}
