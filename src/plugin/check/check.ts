/**
 * Checks a plug-in in processes of their own, each with a deadline: one that crashes, hangs or ends
 * the process fails the case that it was at, and the others go on.
 */
import { TextLineStream } from "@std/streams/text-line-stream";
import { denoCommand, hasEnded, kill, lastText, Silence, untilEnded } from "../../child/mod.ts";
import { WorkFolder } from "../../disk/mod.ts";
import { CASES } from "./cases.ts";
import { SURVIVES, survivesKills } from "./kills.ts";
import type { CheckLine, CheckSpec, LoadedPlugin } from "./spec.ts";
import type { Verdict } from "./verdict.ts";

/** How long loading may take, s. */
const LOADING_SECONDS = 30;
const CASE_SECONDS = 15;
/**
 * How long cases may hang together, s: what hangs in one call hangs in most cases, and a check is a
 * matter of a minute.
 */
const HUNG_SECONDS = 45;
/** With less of that left, no case is begun. */
const LEAST_SECONDS = 5;

/** How a check went. */
export interface Checked {
  /** What the plug-in says it is; `null` where it could not be loaded. */
  plugin: LoadedPlugin | null;
  /** Why it could not be used, in words; `null` where it could. */
  refused: string | null;
  verdicts: readonly Verdict[];
}

/** How to check. */
export interface CheckOptions {
  /** Only what a bench begins with, in two seconds. @default false */
  core?: boolean;
  /** Only the cases whose names contain this. @default all */
  filter?: string;
  /** How long cases may hang together, s. @default 45 */
  patience?: number;
  /** Told each verdict as it is known. */
  onVerdict?: (verdict: Verdict) => void;
  /** Ends it. */
  signal?: AbortSignal;
}

/**
 * Holds a plug-in against the cases.
 *
 * @param library The plug-in's path.
 */
export async function checkPlugin(
  library: string,
  { core = false, filter = "", patience = HUNG_SECONDS, onVerdict = () => {}, signal }:
    CheckOptions = {},
): Promise<Checked> {
  let left = Object.keys(CASES).filter((name) =>
    (!core || CASES[name]!.core) &&
    name.includes(filter)
  );
  const verdicts: Verdict[] = [];
  let plugin: LoadedPlugin | null = null;
  const tell = (verdict: Verdict) => {
    verdicts.push(verdict);
    onVerdict(verdict);
  };
  // At least one process, so that what cannot be loaded is known where no case is asked for.
  do {
    const known = verdicts.length;
    using folder = new WorkFolder("check");
    const spec = { library, folder: folder.path, core, cases: left };
    const ended = await runProcess(spec, patience, tell, signal);
    plugin ??= ended.plugin;
    patience -= ended.hungSeconds;
    if (ended.refused !== undefined) return { plugin, refused: ended.refused, verdicts };
    const done = new Set(verdicts.map(({ name }) => name));
    left = left.filter((name) => !done.has(name));
    if (verdicts.length === known && left.length > 0 && signal?.aborted !== true) {
      const reason = "its process ended before it was asked for anything";
      return { plugin, refused: `Cannot use ${library} as a plug-in: ${reason}`, verdicts };
    }
  } while (left.length > 0 && patience >= LEAST_SECONDS && signal?.aborted !== true);
  const detail = "what hung before it has taken the time of the check";
  if (signal?.aborted !== true) {
    for (const name of left) {
      tell({ name, state: "skipped", detail });
    }
  }
  if (!core && SURVIVES.includes(filter) && signal?.aborted !== true) {
    if (patience < LEAST_SECONDS) {
      tell({ name: SURVIVES, state: "skipped", detail });
      return { plugin, refused: null, verdicts };
    }
    using folder = new WorkFolder("check");
    tell(await survivesKills(library, folder.path, patience, signal));
  }
  return { plugin, refused: null, verdicts };
}

/** How a process ended. */
interface Ended {
  plugin: LoadedPlugin | null;
  refused?: string;
  /** How long a case of it hung, s. */
  hungSeconds: number;
}

/** @param patience How long a case may hang at most, s. */
async function runProcess(
  spec: CheckSpec,
  patience: number,
  tell: (verdict: Verdict) => void,
  signal: AbortSignal | undefined,
): Promise<Ended> {
  const child = new Deno.Command(denoCommand(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--cached-only",
      "--allow-ffi",
      "--allow-read",
      `--allow-write=${spec.folder}`,
      "--ignore-env",
      "--v8-flags=--expose-gc",
      new URL("./process.ts", import.meta.url).href,
      JSON.stringify(spec),
    ],
    env: { NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const complaint = lastText(untilEnded(child.stderr, child));
  let plugin: LoadedPlugin | null = null;
  let refused: string | undefined;
  let at: string | undefined;
  let hung = false;
  const end = () => kill(child);
  signal?.addEventListener("abort", end, { once: true });
  const limit = (seconds: number) =>
    new Silence(seconds * 1000, () => {
      hung = true;
      kill(child);
    });
  let silence = limit(LOADING_SECONDS);
  let seconds = LOADING_SECONDS;
  const lines = untilEnded(child.stdout, child).pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  try {
    for await (const text of lines) {
      const line = parseLine(text);
      if (line === undefined) continue;
      silence[Symbol.dispose]();
      if (line.kind === "loaded") {
        const { kind: _, ...said } = line;
        plugin = said;
      } else if (line.kind === "refused") refused = line.message;
      else if (line.kind === "begins") {
        at = line.name;
        seconds = Math.min(patience, CASES[at]?.seconds ?? CASE_SECONDS);
      } else if (line.kind === "verdict" && line.name === at) {
        at = undefined;
        const { kind: _, ...verdict } = line;
        tell(verdict);
      }
      silence = limit(seconds);
    }
  } finally {
    silence[Symbol.dispose]();
    signal?.removeEventListener("abort", end);
    kill(child);
    await hasEnded(child);
  }
  if (refused !== undefined || signal?.aborted === true) {
    return { plugin, refused: refused!, hungSeconds: 0 };
  }
  const status = await child.status;
  const how = hung
    ? `it did not come to an end within ${seconds} s`
    : status.signal !== null
    ? `it ended the process by ${status.signal}`
    : `it ended the process with ${status.code}`;
  const said = (await complaint).trim().split("\n")[0];
  const detail = hung || !said ? how : `${how}: ${said}`;
  if (at !== undefined) tell({ name: at, state: "fails", detail });
  else if (plugin === null) refused = `Cannot use ${spec.library} as a plug-in: ${detail}`;
  return { plugin, ...(refused !== undefined && { refused }), hungSeconds: hung ? seconds : 0 };
}

function parseLine(text: string): CheckLine | undefined {
  if (!text.startsWith('{"kind":')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
