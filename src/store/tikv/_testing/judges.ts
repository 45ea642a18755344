/** TiKV's own clients, and what they are tested with: programs in Go and Rust, built when asked for. */
import { TextLineStream } from "@std/streams/text-line-stream";
import { cacheFolder } from "../../../engine/mod.ts";
import { limited, run, succeeds } from "../../../_testing/child.ts";

const HERE = new URL("./judges/", import.meta.url).pathname;
/** Building them with all that they need takes minutes the first time. */
const BUILD_SECONDS = 1500;

/** What builds a judge. */
export type Tool = "go" | "cargo";

/** Why a judge cannot be built here; `undefined` where it can. */
export async function missingTool(tool: Tool): Promise<string | undefined> {
  const isThere = await succeeds(tool, ...tool === "go" ? ["version"] : ["--version"]);
  return isThere ? undefined : `there is no ${tool}`;
}

/**
 * Builds a program in Go of a module here. Go keeps what it compiled for the next time.
 *
 * @param module The module's folder.
 * @param name The program's folder in it.
 * @returns The program's path, in the cache.
 * @throws {Error} Where it cannot be built.
 */
export async function buildGo(module: string, name: string): Promise<string> {
  const program = `${judgesFolder()}/${module}-${name}`;
  // The sums of what it needs are written beside the module.
  const copy = await Deno.makeTempDir({ prefix: "tidemark-judges-" });
  try {
    await copyFolder(`${HERE}${module}`, copy);
    const { code, err } = await run("go", ["build", "-mod=mod", "-o", program, `./${name}`], {
      cwd: copy,
      seconds: BUILD_SECONDS,
    });
    if (code !== 0) throw new Error(`Cannot build the judge ${name}: ${err.slice(-2000)}`);
    return program;
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
}

/**
 * Builds the program in Rust.
 *
 * @returns Its path, in the cache.
 * @throws {Error} Where it cannot be built.
 */
export async function buildRust(): Promise<string> {
  const target = `${judgesFolder()}/rust-target`;
  const copy = await Deno.makeTempDir({ prefix: "tidemark-judges-" });
  try {
    await copyFolder(`${HERE}rust`, copy);
    const { code, err } = await run("cargo", ["build", "--quiet", "--target-dir", target], {
      cwd: copy,
      seconds: BUILD_SECONDS,
    });
    if (code !== 0) throw new Error(`Cannot build the judge: ${err.slice(-2000)}`);
    return `${target}/debug/judge`;
  } finally {
    await Deno.remove(copy, { recursive: true });
  }
}

function judgesFolder(): string {
  const folder = `${cacheFolder()}/judges`;
  Deno.mkdirSync(folder, { recursive: true });
  return folder;
}

async function copyFolder(from: string, to: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) {
      await Deno.mkdir(`${to}/${name}`);
      await copyFolder(`${from}/${name}`, `${to}/${name}`);
    } else await Deno.copyFile(`${from}/${name}`, `${to}/${name}`);
  }
}

/** A program that is spoken with line by line. */
export interface Talk extends AsyncDisposable {
  /** The next line that it says; `undefined` where it says no more. */
  line(): Promise<string | undefined>;
  /** Tells it a line. */
  tell(line: string): Promise<void>;
  /** What it says of failures. */
  complaint(): Promise<string>;
}

/** Starts a program. @param seconds How long it may take. */
export function talkWith(program: string, args: readonly string[], seconds: number): Talk {
  const child = limited(
    new Deno.Command(program, {
      args: [...args],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn(),
    seconds,
  );
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream())
    .getReader();
  const words = new Response(child.stderr).text();
  const input = child.stdin.getWriter();
  return {
    line: async () => (await lines.read()).value,
    tell: (line) => input.write(new TextEncoder().encode(`${line}\n`)),
    complaint: () => words,
    async [Symbol.asyncDispose]() {
      await input.close().catch(() => {});
      await lines.cancel();
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.status;
      await words;
    },
  };
}
