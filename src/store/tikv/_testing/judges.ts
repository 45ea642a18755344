/** TiKV's own clients, and what they are tested with: programs in Go and Rust, built when asked for. */
import { TextLineStream } from "@std/streams/text-line-stream";
import { limited, run, succeeds } from "../../../_testing/child.ts";
import { buildGo, copyFolder, missingGo, programsFolder } from "../../_testing/go_program.ts";

const HERE = new URL("./judges/", import.meta.url).pathname;
/** Building them with all that they need takes minutes the first time. */
const BUILD_SECONDS = 1500;

/** What builds a judge. */
export type Tool = "go" | "cargo";

/** Why a judge cannot be built here; `undefined` where it can. */
export async function missingTool(tool: Tool): Promise<string | undefined> {
  if (tool === "go") return await missingGo();
  return await succeeds(tool, "--version") ? undefined : `there is no ${tool}`;
}

/**
 * Builds a judge in Go.
 *
 * @param name Its folder in the module.
 * @returns Its path, in the cache.
 * @throws {Error} Where it cannot be built.
 */
export async function buildJudge(name: string): Promise<string> {
  return await buildGo(`${HERE}go`, `./${name}`, `go-${name}`);
}

/**
 * Builds the program in Rust.
 *
 * @returns Its path, in the cache.
 * @throws {Error} Where it cannot be built.
 */
export async function buildRust(): Promise<string> {
  const target = `${programsFolder()}/rust-target`;
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
