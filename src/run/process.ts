/** Starts a run's process, hands its lines on, and says how it ended. */
import { TextLineStream } from "@std/streams/text-line-stream";
import type { LatencyLine, RunOpenedLine, SampleLine } from "../result/mod.ts";
import { findStoreKind } from "../store/mod.ts";
import { RunError } from "./error.ts";
import type { ClosingLine, FailureLine, ReadyLine, RunSpec, TurnLine } from "./spec.ts";

/** A line of a run's process. */
export type ProcessLine =
  | RunOpenedLine
  | SampleLine
  | LatencyLine
  | ReadyLine
  | TurnLine
  | ClosingLine
  | FailureLine;

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
  const process = new RunProcess(spec, "null");
  const kill = () => process.kill();
  signal.addEventListener("abort", kill, { once: true });
  try {
    for await (const line of process.lines()) {
      if (line.kind === "run-opened" || line.kind === "sample" || line.kind === "latency") {
        onLine(line);
      }
    }
  } finally {
    signal.removeEventListener("abort", kill);
    await process.end();
  }
  return await process.outcome(signal);
}

/** The process of a run. */
export class RunProcess {
  readonly #child: Deno.ChildProcess;
  readonly #complaint: Promise<string>;
  #input: WritableStreamDefaultWriter<Uint8Array> | undefined;
  #closing: ClosingLine | undefined;
  #failure: string | undefined;

  /** @param stdin `piped` where it is to be told something. */
  constructor(spec: RunSpec, stdin: "null" | "piped") {
    // Of a store that is not there, its process says so.
    const { variables = [], libraryVariable } = findStoreKind(spec.store) ?? {};
    this.#child = new Deno.Command(denoCommand(), {
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
      stdin,
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    if (stdin === "piped") this.#input = this.#child.stdin.getWriter();
    this.#complaint = lastText(this.#child.stderr);
  }

  /** What it says, line by line. By its last line it knows how it ended. */
  async *lines(): AsyncGenerator<ProcessLine, void> {
    for await (const line of linesOf(this.#child.stdout)) {
      if (line.kind === "closing") this.#closing = line;
      else if (line.kind === "failure") this.#failure = line.message;
      yield line;
    }
  }

  /**
   * Tells it something, or that nothing more will be told.
   *
   * @param line Travels as JSON; absent: the last one has been told.
   */
  async tell(line?: unknown): Promise<void> {
    try {
      if (line === undefined) await this.#input!.close();
      else await this.#input!.write(new TextEncoder().encode(JSON.stringify(line) + "\n"));
    } catch {
      // It has ended: what it said last says why.
    }
  }

  /** Ends it at once. */
  kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended by itself in between.
    }
  }

  /** Ends it, unless it has ended, and waits: what it had open is closed only then. */
  async end(): Promise<void> {
    this.kill();
    await this.#input?.abort().catch(() => {});
    await this.#child.status;
  }

  /** How it ended, once its lines have been read. */
  async outcome(signal: AbortSignal): Promise<RunOutcome> {
    const status = await this.#child.status;
    if (this.#closing !== undefined) return { state: "ended", closing: this.#closing };
    if (signal.aborted) return { state: "interrupted" };
    const ended = status.signal === null
      ? `ended with ${status.code}`
      : `was ended by ${status.signal}`;
    const said = (await this.#complaint).trim().split("\n")[0];
    const error = this.#failure ?? `The run's process ${ended}${said && `: ${said}`}`;
    return { state: "failed", error };
  }
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

async function* linesOf(stdout: ReadableStream<Uint8Array>): AsyncIterable<ProcessLine> {
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
