/** Starts a run's process, hands its lines on, and says how it ended. */
import { TextLineStream } from "@std/streams/text-line-stream";
import type { LatencyLine, RunOpenedLine, SampleLine } from "../result/mod.ts";
import { findStoreKind } from "../store/mod.ts";
import { RunError } from "./error.ts";
import type { ClosingLine, FailureLine, RunSpec } from "./spec.ts";

/** A line of a run's process. */
type ProcessLine = RunOpenedLine | SampleLine | LatencyLine | ClosingLine | FailureLine;

/** A line that goes into the journal as it is. */
export type MeasuredLine = RunOpenedLine | SampleLine | LatencyLine;

/** How a run's process ended. */
export type RunOutcome =
  | { state: "ended"; closing: ClosingLine }
  | { state: "failed"; error: string }
  | { state: "interrupted" };

/**
 * Runs a spec in a process of its own.
 *
 * @param onLine Called with each line as it comes; what it throws ends the process.
 * @param signal Ends the process.
 */
export async function runProcess(
  spec: RunSpec,
  onLine: (line: MeasuredLine) => void,
  signal: AbortSignal,
): Promise<RunOutcome> {
  if (signal.aborted) return { state: "interrupted" };
  // Of a store that is not there, its process says so.
  const { variables = [], libraryVariable } = findStoreKind(spec.store) ?? {};
  const child = new Deno.Command(denoCommand(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--cached-only",
      "--allow-ffi",
      "--allow-read",
      // Nothing may be written but by the engine itself, which FFI puts out of the sandbox.
      "--allow-sys=cpus",
      ...(variables.length > 0 ? [`--allow-env=${variables.join(",")}`] : []),
      "--ignore-env",
      new URL("./child.ts", import.meta.url).href,
      JSON.stringify(spec),
    ],
    // What it says of a failure goes into the journal.
    env: {
      NO_COLOR: "1",
      ...(libraryVariable !== undefined && spec.library !== undefined &&
        { [libraryVariable]: spec.library }),
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const kill = () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended by itself in between.
    }
  };
  signal.addEventListener("abort", kill, { once: true });
  const complaint = lastText(child.stderr);
  let closing: ClosingLine | undefined;
  let failure: string | undefined;
  try {
    for await (const line of lines(child.stdout)) {
      if (line.kind === "closing") closing = line;
      else if (line.kind === "failure") failure = line.message;
      else onLine(line);
    }
  } finally {
    signal.removeEventListener("abort", kill);
    kill();
    // What it had open is closed only then, and can be removed.
    await child.status;
  }
  const status = await child.status;
  if (closing !== undefined) return { state: "ended", closing };
  if (signal.aborted) return { state: "interrupted" };
  const ended = status.signal === null
    ? `ended with ${status.code}`
    : `was ended by ${status.signal}`;
  const said = (await complaint).trim().split("\n")[0];
  return { state: "failed", error: failure ?? `The run's process ${ended}${said && `: ${said}`}` };
}

/**
 * This very binary, where it may be run; else `deno` from the path, which a task's permission names
 * and which npx and `deno task` make the same one.
 */
function denoCommand(): string {
  const self = Deno.execPath();
  const { state } = Deno.permissions.querySync({ name: "run", command: self });
  return state === "granted" ? self : "deno";
}

/**
 * Makes sure that runs can be started at all.
 *
 * @throws {RunError} Where the deno that may be run is not there.
 */
export function requireDeno(): void {
  try {
    new Deno.Command(denoCommand(), { args: ["--version"], stdout: "null" }).outputSync();
  } catch (error) {
    const folder = Deno.execPath().replace(/[^/\\]*$/, "");
    throw new RunError(
      `Cannot start runs: there is no deno on the PATH, the one program that the task may run; ` +
        `add ${folder} to PATH`,
      "usage",
      { cause: error },
    );
  }
}

async function* lines(stdout: ReadableStream<Uint8Array>): AsyncIterable<ProcessLine> {
  const text = stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  for await (const line of text) {
    // The last line of a killed process may be torn; any other line of ours begins like this.
    if (!line.startsWith('{"kind":')) continue;
    let parsed: ProcessLine;
    try {
      parsed = JSON.parse(line);
    } catch {
      continue;
    }
    yield parsed;
  }
}

/** The last few thousand characters of a stream: enough for an error, whatever is printed before. */
async function lastText(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    text = (text + chunk).slice(-4000);
  }
  return text;
}
