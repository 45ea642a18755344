/** Starts a run's process, hands its lines on, and says how it ended. */
import { TextLineStream } from "@std/streams/text-line-stream";
import { callgrindArguments } from "../native/mod.ts";
import {
  denoCommand,
  hasEnded,
  kill,
  lastText,
  outputWithin,
  Silence,
  untilEnded,
} from "../child/mod.ts";
import type {
  LatencyLine,
  LoadLine,
  RunOpenedLine,
  SampleLine,
  ServersLine,
  WindowLine,
} from "../result/mod.ts";
import { findStoreKind, knownLibraries, learnLibraries } from "../store/mod.ts";
import { RunError } from "./error.ts";
import { stalledWords } from "./limit.ts";
import { findValgrind } from "./valgrind.ts";
import type {
  ClosingLine,
  DoingLine,
  FailureLine,
  LibrariesLine,
  ReadyLine,
  RunSpec,
  TurnLine,
} from "./spec.ts";

/** A line of a run's process. */
export type ProcessLine =
  | RunOpenedLine
  | SampleLine
  | LatencyLine
  | WindowLine
  | LoadLine
  | ServersLine
  | ReadyLine
  | TurnLine
  | DoingLine
  | LibrariesLine
  | ClosingLine
  | FailureLine;

/** A line that goes into the journal as it is. */
export type MeasuredLine =
  | RunOpenedLine
  | SampleLine
  | LatencyLine
  | WindowLine
  | LoadLine
  | ServersLine;

const MEASURED: ReadonlySet<string> = new Set<MeasuredLine["kind"]>([
  "run-opened",
  "sample",
  "latency",
  "window",
  "load",
  "servers",
]);

/** Whether a line goes into the journal as it is. */
export function isMeasured(line: ProcessLine): line is MeasuredLine {
  return MEASURED.has(line.kind);
}

/** How a run's process ended. */
export type RunOutcome =
  & (
    | { state: "ended"; closing: ClosingLine }
    | {
      state: "failed";
      error: string;
      /** That the store refuses its options. */
      refused?: boolean;
      /** That the caller has to mend it. */
      usage?: boolean;
    }
    | { state: "interrupted" }
  )
  & {
    /** The process, where it takes no signal and may use its database still. */
    left?: number;
  };

/**
 * Runs a spec in a process of its own.
 *
 * @param onLine Called with each line as it comes; what it throws ends the process.
 * @param signal Ends the process.
 * @param limitMs How long it may go without progress before it is ended, and has failed.
 */
export async function runProcess(
  spec: RunSpec,
  onLine: (line: MeasuredLine) => void,
  signal: AbortSignal,
  limitMs = Infinity,
): Promise<RunOutcome> {
  if (signal.aborted) return { state: "interrupted" };
  const process = new RunProcess(spec, "null", limitMs);
  const kill = () => process.kill();
  signal.addEventListener("abort", kill, { once: true });
  try {
    for await (const line of process.lines()) {
      if (isMeasured(line)) onLine(line);
    }
  } finally {
    signal.removeEventListener("abort", kill);
    await process.end();
  }
  return await process.outcome(signal);
}

/** How long the last lines of a process that was ended are waited for, ms. */
const LAST_LINES_MS = 2000;

/** The process of a run. */
export class RunProcess {
  readonly #child: Deno.ChildProcess;
  readonly #complaint: Promise<string>;
  readonly #lines: ReadableStreamDefaultReader<string>;
  readonly #database: string;
  readonly #limitMs: number;
  /** Whether its memory is bounded. */
  readonly #isBounded: boolean;
  readonly #silence: Silence;
  #input: WritableStreamDefaultWriter<Uint8Array> | undefined;
  /** What it is in. */
  #doing = "its start";
  #stalled = false;
  /** Whether it has ended since it was killed. */
  #ended: Promise<boolean> | undefined;
  #closing: ClosingLine | undefined;
  #failure: FailureLine | undefined;

  /**
   * @param stdin `piped` where it is to be told something.
   * @param limitMs How long it may go without progress before it is ended, and has failed. Waiting
   * to be told something is none of it.
   */
  constructor(spec: RunSpec, stdin: "null" | "piped", limitMs = Infinity) {
    // Of a store that is not there, its process says so.
    const { variables = [], libraryVariable, reach } = findStoreKind(spec.store) ?? {};
    const { hosts = [], programs = [] } = reach?.(spec.options) ?? {};
    const { program, before, flags } = spec.counts === undefined
      ? { program: denoCommand(), before: [], flags: [] }
      : countingCommand(spec.counts.prefix);
    this.#child = new Deno.Command(program, {
      args: [
        ...before,
        "run",
        ...flags,
        "--quiet",
        "--no-prompt",
        "--cached-only",
        "--allow-ffi",
        "--allow-read",
        // Nothing may be written but by the engine itself, which FFI puts out of the sandbox.
        "--allow-sys=cpus",
        ...(hosts.length > 0 ? [`--allow-net=${hosts.join(",")}`] : []),
        ...(programs.length > 0 ? [`--allow-run=${programs.join(",")}`] : []),
        ...(variables.length > 0 ? [`--allow-env=${variables.join(",")}`] : []),
        "--ignore-env",
        new URL("./child.ts", import.meta.url).href,
        JSON.stringify({ ...spec, known: knownLibraries() } satisfies RunSpec),
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
    this.#complaint = lastText(untilEnded(this.#child.stderr, this.#child));
    this.#lines = untilEnded(this.#child.stdout, this.#child)
      .pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream()).getReader();
    this.#database = spec.database;
    this.#limitMs = limitMs;
    this.#isBounded = spec.memoryGroup !== undefined;
    this.#silence = new Silence(limitMs, () => {
      this.#stalled = true;
      this.kill();
    });
  }

  /** What it says, line by line. By its last line it knows how it ended. */
  async *lines(): AsyncGenerator<ProcessLine, void> {
    for (;;) {
      const { done, value } = await this.#lines.read();
      if (done) return;
      this.#silence.heard();
      const line = parseLine(value);
      if (line === undefined) continue;
      // Until it is told more, it has nothing to do.
      if (line.kind === "ready" || line.kind === "turn") this.#silence.rest();
      // Whoever is started later need not find that out again.
      if (line.kind === "libraries") learnLibraries(line.known);
      else if (line.kind === "doing") this.#doing = line.what;
      else if (line.kind === "closing") this.#closing = line;
      else if (line.kind === "failure") this.#failure = line;
      yield line;
    }
  }

  /**
   * Tells it something, or that nothing more will be told.
   *
   * @param line Travels as JSON; absent: the last one has been told.
   */
  async tell(line?: unknown): Promise<void> {
    this.#silence.heard();
    try {
      if (line === undefined) await this.#input!.close();
      else await this.#input!.write(new TextEncoder().encode(JSON.stringify(line) + "\n"));
    } catch {
      // It has ended: what it said last says why.
    }
  }

  /** It goes on after a closing: how it ends then is what {@linkcode RunProcess.outcome} will say. */
  goOn(): void {
    this.#closing = undefined;
  }

  /** Ends it at once. */
  kill(): void {
    kill(this.#child);
    this.#ended ??= hasEnded(this.#child).then((ended) => {
      // What it printed is read to the end, unless something keeps that end from coming.
      const stop = () => this.#lines.cancel().catch(() => {});
      Deno.unrefTimer(setTimeout(stop, ended ? LAST_LINES_MS : 0));
      return ended;
    });
  }

  /**
   * Ends it, unless it has ended, and waits: what it had open is closed only then. One that takes no
   * signal is not waited for for ever.
   */
  async end(): Promise<void> {
    this.#silence[Symbol.dispose]();
    this.kill();
    await this.#input?.abort().catch(() => {});
    await this.#ended;
  }

  /** How it ended, once its lines have been read and {@linkcode RunProcess.end} has waited. */
  async outcome(signal: AbortSignal): Promise<RunOutcome> {
    const { pid } = this.#child;
    const hasEnded = await this.#ended;
    const left = hasEnded === false ? { left: pid } : {};
    if (this.#closing !== undefined) return { state: "ended", closing: this.#closing, ...left };
    if (signal.aborted) return { state: "interrupted", ...left };
    if (this.#stalled) {
      const words = await stalledWords(this.#limitMs, this.#doing, this.#database);
      const alive = hasEnded ? "" : `; its process ${pid} takes no signal and is left behind`;
      return { state: "failed", error: `${words}${alive}`, ...left };
    }
    const status = await this.#child.status;
    const ended = status.signal === null
      ? `ended with ${status.code}`
      : `was ended by ${status.signal}`;
    const said = (await this.#complaint).trim().split("\n")[0];
    const bound = this.#isBounded && status.signal === "SIGKILL"
      ? ", as the kernel ends one that needs more memory than it may have; raise --memory-limit"
      : "";
    const error = this.#failure?.message ??
      `The run's process ${ended}${bound}${said && `: ${said}`}`;
    const { refused, usage } = this.#failure ?? {};
    return {
      state: "failed",
      error,
      ...(refused && { refused }),
      ...(usage && { usage }),
    };
  }
}

/**
 * The program that counts what deno does, what it is told before deno's own arguments, and deno's own
 * flags. V8 compiles what is hot on threads of its own, and goes over to that code when they are done: which
 * batch has which code, and what collects memory in it, would be the machine's doing. Without such threads
 * the same operations have the same instructions.
 */
function countingCommand(
  prefix: string,
): { program: string; before: string[]; flags: string[] } {
  // It follows into no program that another starts, as a wrapper of deno would.
  const before = [...callgrindArguments(prefix), Deno.execPath()];
  return { program: findValgrind(), before, flags: ["--v8-flags=--single-threaded"] };
}

/** How long deno may take to say which one it is, s. */
const VERSION_SECONDS = 60;

/**
 * Makes sure that runs can be started at all.
 *
 * @throws {RunError} Where the deno that may be run is not there, or does not answer.
 */
export async function requireDeno(): Promise<void> {
  let said: unknown;
  try {
    said = await outputWithin(denoCommand(), ["--version"], VERSION_SECONDS);
  } catch (error) {
    const folder = Deno.execPath().replace(/[^/\\]*$/, "");
    throw new RunError(
      `Cannot start runs: there is no deno on the PATH, which every run is a process of; ` +
        `add ${folder} to PATH`,
      "usage",
      { cause: error },
    );
  }
  if (said !== undefined) return;
  throw new RunError(
    `Cannot start runs: deno --version did not end within ${VERSION_SECONDS} s; try again when ` +
      "the machine has less to do",
    "measuring",
  );
}

/** A line of ours; the last one of a killed process may be torn, and others are an engine's. */
function parseLine(text: string): ProcessLine | undefined {
  if (!text.startsWith('{"kind":')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
