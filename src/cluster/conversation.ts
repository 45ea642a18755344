/** The controller's side of one talk with a node's agent. */
import { hasEnded, kill, lastText } from "../child/mod.ts";
import { boundedLines } from "./bounded_lines.ts";
import { NodeFault } from "./error.ts";
import { farEnd } from "./far_end.ts";
import { JournalCopy } from "./journal_copy.ts";
import type { Link } from "./link.ts";
import { agentCommand, type Places } from "./places.ts";
import { parseReply, type Request, type Sign } from "./protocol.ts";

/** How a talk ended. */
export type Outcome =
  /** The agent said all it had to say. */
  | { kind: "ended"; code: number; stopped: string | null }
  /** The agent would not. */
  | { kind: "refused"; message: string; busy: boolean }
  /** The node fell silent, or the connection ended. */
  | { kind: "lost"; message: string }
  /** The node said what no agent says: trying again would not mend it. */
  | { kind: "faulty"; message: string };

/** What a talk needs beside its request. */
interface TalkOptions {
  /** Where the journal is copied to. */
  journal: JournalCopy;
  /** How long the node may be silent, s. */
  patienceSeconds: number;
  /** Asks the agent to end the bench. */
  signal?: AbortSignal | undefined;
  /** A line that the bench printed. */
  onOutput?: ((text: string) => void) | undefined;
}

/** How often the agent is told that the controller is there, ms. Rare: it wakes the node's processor. */
const ALIVE_MS = 5000;
/** How long the near end of a command may take to end when its stream has, ms. */
const ENDING_MS = 2000;
/** How long the agent may take to end a bench, ms: longer than its own grace. */
const STOP_MS = 20_000;

/**
 * Asks an agent, and hands on what it sends until it has ended or is lost.
 *
 * @throws {ClusterError} Where the journal cannot be written here.
 */
export async function talk(
  link: Link,
  places: Places,
  request: Request,
  options: TalkOptions,
): Promise<Outcome> {
  const { journal, patienceSeconds, signal, onOutput } = options;
  const child = link.spawn(agentCommand(places));
  const writer = child.stdin.getWriter();
  const say = (message: Request | Sign) => {
    // A pipe that is broken shows in the child's end.
    writer.write(new TextEncoder().encode(`${JSON.stringify(message)}\n`)).catch(() => {});
  };
  let why: string | undefined;
  const lost = Promise.withResolvers<undefined>();
  const giveUp = (reason: string) => {
    why ??= reason;
    lost.resolve(undefined);
  };
  let heard = performance.now();
  let begun = false;
  const watch = setInterval(() => {
    if (performance.now() - heard > patienceSeconds * 1000) {
      giveUp(`it was silent for ${patienceSeconds} s`);
    }
  }, 500);
  const aliveMs = Math.min(ALIVE_MS, patienceSeconds * 1000 / 4);
  const alive = setInterval(() => say({ kind: "alive" }), aliveMs);
  let stopping: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    say({ kind: "stop" });
    stopping = setTimeout(() => giveUp("it did not end its bench when told to"), STOP_MS);
  };
  link.gone.then((reason) => giveUp(reason));
  const complaint = lastText(child.stderr);
  const lines = boundedLines(child.stdout).getReader();
  let ended: Outcome | undefined;
  try {
    say(request);
    if (signal?.aborted) stop();
    signal?.addEventListener("abort", stop, { once: true });
    while (ended === undefined) {
      const next = await Promise.race([lines.read(), lost.promise]);
      if (next === undefined || next.done) break;
      const reply = parseReply(next.value);
      if (reply === undefined) continue;
      heard = performance.now();
      begun = true;
      if (reply.kind === "journal") journal.append(reply.offset, reply.text);
      else if (reply.kind === "output") onOutput?.(reply.text);
      else if (reply.kind === "refused") {
        ended = { kind: "refused", message: reply.message, busy: reply.busy };
      } else if (reply.kind === "ended") {
        ended = { kind: "ended", code: reply.code, stopped: reply.stopped };
      }
    }
  } catch (error) {
    if (!(error instanceof NodeFault)) throw error;
    ended = { kind: "faulty", message: error.message };
  } finally {
    clearInterval(watch);
    clearInterval(alive);
    clearTimeout(stopping);
    signal?.removeEventListener("abort", stop);
    // Its stdin ends with it, and that ends the agent wherever it still is.
    writer.close().catch(() => {});
    lines.cancel().catch(() => {});
    // What it ends with says why, where its stream has ended by itself.
    if (ended === undefined && why === undefined) await hasEnded(child, ENDING_MS);
    kill(child);
  }
  if (ended !== undefined) return ended;
  if (why !== undefined) return { kind: "lost", message: why };
  const { code } = await child.status;
  const { message, lasting } = farEnd("its agent", { code, said: await complaint, begun });
  return lasting ? { kind: "refused", message, busy: false } : { kind: "lost", message };
}
