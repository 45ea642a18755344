/** Watches a fuzzer's process: what it says, how much memory it takes, whether it goes on. */
import { TextLineStream } from "@std/streams/text-line-stream";
import { cpuSeconds } from "../environment/mod.ts";
import { readKernelFile } from "../native/mod.ts";
import type { FuzzOrder, FuzzWord } from "./fuzz_child.ts";
import type { Finding, FuzzCounts } from "./fuzz_loop.ts";

/** Memory that a reader may take at most, MB. */
export const MOST_RSS_MB = 500;
/** How long an input may take, s, beyond which the process is ended. */
const SILENCE_SECONDS = 60;
/**
 * Processor time within it, s, below which it is waited for longer, up to
 * {@linkcode LONGEST_SILENCE_SECONDS}: on a busy machine it may not have had its turn.
 */
const SILENT_WORK_SECONDS = 10;
const LONGEST_SILENCE_SECONDS = 900;
/** Processes that may be ended before a fuzzer is given up. */
const MOST_BROKEN = 100;
const LOOK_MS = 250;
/** How far an input is looked for that ended a process. */
const NEAR_INPUTS = 3000;
const NEAR_MS = 2 * SILENCE_SECONDS * 1000;

const PROJECT = new URL("../../", import.meta.url).pathname;

/** How a fuzzer's process came out. */
export interface Watched {
  counts: FuzzCounts;
  findings: Finding[];
  /** The most memory that it had, MB. */
  peakRssMb: number;
  /** Processor time that it had, ms. */
  processorMs: number;
}

/** Runs a fuzzer in a child until it has done what it was told. */
export async function watchFuzzer(order: FuzzOrder): Promise<Watched> {
  const all: Watched = {
    counts: { inputs: 0, accepted: 0, refused: 0, findings: 0 },
    findings: [],
    peakRssMb: 0,
    processorMs: 0,
  };
  let from = order.from;
  for (let ended = 0;; ended++) {
    const left = order.ms - all.processorMs;
    if (left <= 0 || ended === MOST_BROKEN || all.counts.inputs >= order.inputs) return all;
    const inputs = order.inputs - all.counts.inputs;
    const part = await runChild({ ...order, from, ms: left, inputs });
    add(all, part);
    if (part.broken === null) return all;
    // Which one it was: what is told now and then is not told of each.
    const near = { ...order, from: part.broken.input, ms: NEAR_MS, inputs: NEAR_INPUTS };
    const { broken } = await runChild({ ...near, tellAll: true });
    all.counts.findings++;
    all.findings.push(broken ?? part.broken);
    // It goes on after the input that ended it.
    from = (broken ?? part.broken).input + 1;
  }
}

function add(all: Watched, part: Watched): void {
  for (const key of ["inputs", "accepted", "refused", "findings"] as const) {
    all.counts[key] += part.counts[key];
  }
  all.findings.push(...part.findings);
  all.processorMs += part.processorMs;
  all.peakRssMb = Math.max(all.peakRssMb, part.peakRssMb);
}

async function runChild(order: FuzzOrder): Promise<Watched & { broken: Finding | null }> {
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--cached-only",
      `--v8-flags=--max-old-space-size=${MOST_RSS_MB}`,
      `--allow-read=${PROJECT},${order.folder}`,
      `--allow-write=${order.folder}`,
      new URL("./fuzz_child.ts", import.meta.url).pathname,
      JSON.stringify(order),
    ],
    clearEnv: true,
    env: { NO_COLOR: "1", HOME: Deno.env.get("HOME") ?? "/" },
    cwd: order.folder,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const watched: Watched = {
    counts: { inputs: 0, accepted: 0, refused: 0, findings: 0 },
    findings: [],
    peakRssMb: 0,
    processorMs: 0,
  };
  let [at, heard, ended] = [order.from, performance.now(), false];
  let workHeard: number | null = 0;
  let killed: Pick<Finding, "kind" | "text"> | undefined;
  const kill = (kind: Finding["kind"], text: string) => {
    killed ??= { kind, text };
    try {
      child.kill("SIGKILL");
    } catch {
      // It has just ended.
    }
  };
  const timer = setInterval(() => {
    watched.peakRssMb = Math.max(watched.peakRssMb, peakRssMb(child.pid));
    if (watched.peakRssMb > MOST_RSS_MB) {
      kill("memory", `${watched.peakRssMb.toFixed(0)} MB, in this input or one shortly before`);
    }
    const silence = (performance.now() - heard) / 1000;
    if (silence <= SILENCE_SECONDS) return;
    // Time that it did not work is the machine's, up to where only waiting for ever explains it.
    const work = (cpuSeconds(child.pid) ?? Infinity) - (workHeard ?? 0);
    if (work > SILENT_WORK_SECONDS || silence > LONGEST_SILENCE_SECONDS) {
      kill("hang", `nothing for ${Math.round(silence)} s, in this input or one shortly after`);
    }
  }, LOOK_MS);
  const complaint = new Response(child.stderr).text();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).pipeThrough(new TextLineStream());
  for await (const line of lines) {
    const word: FuzzWord = JSON.parse(line);
    [heard, workHeard] = [performance.now(), cpuSeconds(child.pid)];
    if (word.kind === "finding") watched.findings.push(word.finding);
    else {
      watched.counts = word.counts;
      watched.processorMs = word.processorMs;
    }
    if (word.kind === "at") at = word.input;
    if (word.kind === "end") ended = true;
  }
  clearInterval(timer);
  const { code, signal } = await child.status;
  if (ended && killed === undefined) return { ...watched, broken: null };
  const said = (await complaint).trim().slice(-1500);
  const broken = killed ??
    { kind: "ended" as const, text: `it ended with ${signal ?? code}: ${said}` };
  clean(order.folder);
  return { ...watched, broken: { input: at, ...broken } };
}

/** The most memory that a process has had, MB; 0 of one that is gone, or where the system does not say. */
function peakRssMb(pid: number): number {
  if (Deno.build.os !== "linux") return 0;
  const status = readKernelFile(`/proc/${pid}/status`) ?? "";
  return Number(status.match(/^VmHWM:\s+(\d+) kB/m)?.[1] ?? 0) / 1024;
}

function clean(folder: string): void {
  for (const { name } of [...Deno.readDirSync(folder)]) {
    Deno.removeSync(`${folder}/${name}`, { recursive: true });
  }
}
