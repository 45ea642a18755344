/**
 * Kills a plug-in's process at random moments while it writes, and looks what of the acknowledged
 * writes is there when the database is opened again, against what the plug-in says of it.
 */
import { TextLineStream } from "@std/streams/text-line-stream";
import {
  denoCommand,
  hasEnded,
  kill,
  lastText,
  outputWithin,
  untilEnded,
} from "../../child/mod.ts";
import { CheckError, type Verdict } from "./verdict.ts";

/** The case. */
export const SURVIVES = "what was acknowledged survives the kill of its process, as it says";

/** How often it is killed. */
const KILLS = 5;
/** How long it writes at least and at most before, ms. */
const WRITES_MS = [5, 250] as const;
/** How long a process may take at most to begin, or to look, s. */
const SECONDS = 30;

/** What a process of it is told. */
export interface KillSpec {
  library: string;
  path: string;
  /** Whether it writes once it has looked. */
  writes: boolean;
  /** One more than the number of the last acknowledged write. */
  acknowledged: number;
}

/** A line of it. */
export type KillLine =
  | { kind: "opened"; durability: string }
  /** All writes up to this number are acknowledged. */
  | { kind: "wrote"; number: number }
  /** @see Looked */
  | { kind: "looked" } & Looked
  | { kind: "wrong"; detail: string };

/** What was found after a kill. */
interface Looked {
  /** Acknowledged writes and batches that are gone. */
  lost: number;
  /**
   * The number of the first write from now on: what was not acknowledged may be there, and what was lost
   * is written again.
   */
  from: number;
}

/**
 * Runs the case. Each process looks first what the one before it has left, so that a kill costs one.
 *
 * @param folder Where the database is made.
 * @param patience How long a process may hang, s.
 */
export async function survivesKills(
  library: string,
  folder: string,
  patience: number,
  signal?: AbortSignal,
): Promise<Verdict> {
  const verdict = (state: Verdict["state"], detail: string) => ({ name: SURVIVES, state, detail });
  const path = `${folder}/killed`;
  const seconds = Math.min(SECONDS, patience);
  let [acknowledged, written, lost] = [0, 0, 0];
  let durability = "";
  const count = (looked: Looked) => {
    lost += looked.lost;
    if (looked.lost > 0 && (durability === "synced" || durability === "buffered")) {
      throw new CheckError(
        `it says ${durability}, and ${looked.lost} acknowledged writes and batches were ` +
          "gone after a kill",
      );
    }
  };
  try {
    for (let time = 0; time < KILLS && signal?.aborted !== true; time++) {
      const wrote = await writeUntilKilled({ library, path, writes: true, acknowledged }, seconds);
      durability = wrote.durability;
      count(wrote.looked);
      acknowledged = wrote.next;
      written += acknowledged - wrote.looked.from;
    }
    if (signal?.aborted !== true) {
      count(await look({ library, path, writes: false, acknowledged }, seconds));
    }
  } catch (error) {
    if (!(error instanceof CheckError)) throw error;
    return verdict("fails", error.message);
  }
  const words = `${KILLS} kills, ${written} writes acknowledged, ${lost} lost, said ${durability}`;
  return verdict("holds", words);
}

function start(spec: KillSpec) {
  const args = [
    "run",
    "--quiet",
    "--no-prompt",
    "--cached-only",
    "--allow-ffi",
    "--allow-read",
    "--ignore-env",
    new URL("./kill_process.ts", import.meta.url).href,
    JSON.stringify(spec),
  ];
  return { program: denoCommand(), args };
}

/**
 * @returns What it said of its durability, what it found, and one more than the number of the last
 * acknowledged write.
 */
async function writeUntilKilled(
  spec: KillSpec,
  seconds: number,
): Promise<{ durability: string; looked: Looked; next: number }> {
  const { program, args } = start(spec);
  const child = new Deno.Command(program, { args, stdin: "null", stdout: "piped", stderr: "piped" })
    .spawn();
  const complaint = lastText(untilEnded(child.stderr, child));
  let durability: string | undefined;
  let looked: Looked | undefined;
  let next = 0;
  let killed = false;
  const end = () => {
    killed = true;
    kill(child);
  };
  let timer = setTimeout(end, seconds * 1000);
  try {
    const lines = untilEnded(child.stdout, child).pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const text of lines) {
      const line = parse(text);
      if (line?.kind === "opened") durability = line.durability;
      else if (line?.kind === "looked") {
        const { lost, from } = line;
        looked = { lost, from };
        next = from;
        clearTimeout(timer);
        const [least, most] = WRITES_MS;
        timer = setTimeout(end, least + Math.random() * (most - least));
      } else if (line?.kind === "wrote") next = line.number + 1;
      else if (line?.kind === "wrong") {
        throw new CheckError(spec.acknowledged > 0 ? `after a kill, ${line.detail}` : line.detail);
      }
    }
  } finally {
    clearTimeout(timer);
    kill(child);
    await hasEnded(child);
  }
  if (durability === undefined || looked === undefined) {
    throw await notOpened(spec, complaint, killed ? seconds : undefined);
  }
  if (!killed) {
    const said = (await complaint).trim().split("\n")[0];
    throw new CheckError(`its process ended by itself while it wrote${said && `: ${said}`}`);
  }
  return { durability, looked, next };
}

/** Why a process has not even looked. @param seconds How long it was given, where it took that. */
async function notOpened(
  { acknowledged }: KillSpec,
  complaint: Promise<string>,
  seconds?: number,
): Promise<CheckError> {
  const what = acknowledged > 0 ? "it was not opened again after a kill" : "it was not opened";
  if (seconds !== undefined) return new CheckError(`${what}, in ${seconds} s`);
  const said = (await complaint).trim().split("\n")[0];
  return new CheckError(`${what}${said && `: ${said}`}`);
}

async function look(spec: KillSpec, seconds: number): Promise<Looked> {
  const { program, args } = start(spec);
  const output = await outputWithin(program, args, seconds);
  if (output === undefined) {
    throw new CheckError(`it was not opened again within ${seconds} s after a kill`);
  }
  for (const line of output.out.split("\n").map(parse)) {
    if (line?.kind === "looked") return { lost: line.lost, from: line.from };
    if (line?.kind === "wrong") throw new CheckError(`after a kill, ${line.detail}`);
  }
  throw await notOpened(spec, Promise.resolve(output.err));
}

/** A line may be torn by the kill. */
function parse(text: string): KillLine | undefined {
  try {
    return text.startsWith('{"kind":') ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}
