/**
 * The agent: what runs on a node, started over SSH in the pushed project's folder. It starts a bench,
 * hands its journal on as it grows, and ends it, with all its processes, as soon as the controller
 * says so, is gone, or has been silent for longer than was agreed. It lives as long as its bench.
 */
import { TextLineStream } from "@std/streams/text-line-stream";
import { basename } from "node:path";
import * as v from "valibot";
import { kill, outputWithin } from "../child/mod.ts";
import { appendWhole, fileReason, JOURNAL_FILE, openLocked, readAt } from "../disk/mod.ts";
import { type Reply, Request } from "./protocol.ts";

/** How often the journal is looked at, ms: what a node that dies at once can take with it. */
const LOOK_MS = 1000;
/** How long a bench may take to end by itself, ms. */
const GRACE_MS = 10_000;
/** How long a program that signals processes may take, s. */
const SIGNAL_SECONDS = 10;
/** Bytes of the journal in one reply. */
const CHUNK = 256 * 1024;

const encoder = new TextEncoder();

/** Writes replies one after another; one that cannot be written is nobody's to read. */
class Replies {
  readonly #writer = Deno.stdout.writable.getWriter();
  #last: Promise<unknown> = Promise.resolve();
  #broken = false;

  send(reply: Reply): Promise<unknown> {
    return this.#last = this.#last.then(() =>
      this.#write(encoder.encode(`${JSON.stringify(reply)}\n`))
    );
  }

  async #write(bytes: Uint8Array): Promise<void> {
    if (this.#broken) return;
    try {
      await this.#writer.write(bytes);
    } catch {
      this.#broken = true;
    }
  }
}

/** Reads whole lines of a journal as it grows. */
class JournalTail {
  readonly #path: string;
  #offset: number;

  constructor(directory: string, offset: number) {
    this.#path = `${directory}/${JOURNAL_FILE}`;
    this.#offset = offset;
  }

  /** Sends what is new. A line that is not whole yet is left for the next time. */
  async send(replies: Replies): Promise<void> {
    let file: Deno.FsFile;
    try {
      file = Deno.openSync(this.#path);
    } catch {
      // The bench has not begun it yet.
      return;
    }
    using _ = file;
    const buffer = new Uint8Array(CHUNK);
    for (;;) {
      const bytes = readAt(file, this.#offset, buffer);
      let end = bytes.lastIndexOf(0x0A) + 1;
      if (end === 0) {
        if (bytes.length < CHUNK) return;
        // A line that is longer than a chunk goes in pieces; the bytes are ASCII but for texts.
        end = wholeCharacters(bytes);
      }
      const text = new TextDecoder().decode(bytes.subarray(0, end));
      await replies.send({ kind: "journal", offset: this.#offset, text });
      this.#offset += end;
    }
  }
}

/** The length without a UTF-8 sequence that the end cuts. */
function wholeCharacters(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1]! & 0xC0) === 0x80) end--;
  return end > 0 && bytes[end - 1]! >= 0xC0 ? end - 1 : bytes.length;
}

/** A bench, and what ends it. */
async function benchUntilStopped(
  request: Request & { kind: "bench" },
  lines: ReadableStreamDefaultReader<string>,
  replies: Replies,
): Promise<void> {
  let lock: Deno.FsFile | null;
  try {
    lock = openLocked(request.lock, { create: true, read: true, write: true });
  } catch (error) {
    const message = `it cannot lock ${request.lock}: ${fileReason(error)}`;
    await replies.send({ kind: "refused", message, busy: false });
    return;
  }
  if (lock === null) {
    await replies.send({
      kind: "refused",
      message: "another bench is under way on it; wait until it has ended",
      busy: true,
    });
    return;
  }
  await endOrphans(lock);
  const child = new Deno.Command("deno", {
    args: ["task", "--quiet", "bench", ...request.args],
    // Nothing of the controller's may be read by a bench, nor ended with it but by us.
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    detached: true,
    env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1" },
  }).spawn();
  // The directory is named after the session.
  remember(lock, { group: child.pid, id: basename(request.directory) });
  let stopped: string | null = null;
  let grace: ReturnType<typeof setTimeout> | undefined;
  const stop = (why: string) => {
    if (stopped !== null) return;
    stopped = why;
    interruptBench(child.pid).then((told) => told || interrupt(child), () => kill(child));
    grace = setTimeout(() => killGroup(child.pid), GRACE_MS);
  };
  for (const name of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(name, () => stop(`the agent got ${name}`));
  }
  let heard = performance.now();
  (async () => {
    for (;;) {
      const { done, value } = await lines.read();
      if (done) return stop("the controller is gone");
      heard = performance.now();
      if (value.includes('"stop"')) stop("the controller said so");
    }
  })().catch(() => stop("the controller is gone"));
  const tail = new JournalTail(request.directory, request.offset);
  let looking = Promise.resolve();
  const look = setInterval(() => {
    if (performance.now() - heard > request.leaseSeconds * 1000) {
      stop(`the controller was silent for ${request.leaseSeconds} s`);
    }
    replies.send({ kind: "alive" });
    looking = looking.then(() => tail.send(replies));
  }, LOOK_MS);
  const printed = child.stderr.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const text of printed) replies.send({ kind: "output", text });
  const status = await child.status;
  clearInterval(look);
  clearTimeout(grace);
  // Whatever of it is still there, such as the run that was under way.
  await killGroup(child.pid);
  lock.truncateSync(0);
  lock.close();
  const last = looking.then(() => tail.send(replies)).then(() =>
    replies.send({ kind: "ended", code: status.code, signal: status.signal, stopped })
  );
  // A connection that was cut takes nothing any more, and nobody waits for the rest.
  await Promise.race([last, after(stopped === null ? request.leaseSeconds * 1000 : GRACE_MS)]);
}

/** A bench under way, as the lock file remembers it for an agent that comes after a killed one. */
const Remembered = v.object({
  group: v.pipe(v.number(), v.integer(), v.minValue(2)),
  id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9._-]+$/)),
});

function remember(lock: Deno.FsFile, bench: v.InferOutput<typeof Remembered>): void {
  lock.truncateSync(0);
  appendWhole(lock, encoder.encode(JSON.stringify(bench)), 0);
}

/** Ends what a killed agent has left: processes of its group that still bear its session in their call. */
async function endOrphans(lock: Deno.FsFile): Promise<void> {
  const bytes = readAt(lock, 0, new Uint8Array(4096));
  lock.seekSync(0, Deno.SeekMode.Start);
  let bench: v.InferOutput<typeof Remembered>;
  try {
    bench = v.parse(Remembered, JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    // Nothing is remembered, as after every bench that came to its end.
    return;
  }
  const session = bench.id.replaceAll(".", "[.]");
  const args = ["-KILL", "--pgroup", String(bench.group), "--full", "--", session];
  await outputWithin("pkill", args, SIGNAL_SECONDS);
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/**
 * Tells the bench itself, and not deno task around it, which may hand the signal on more than once; a
 * second one means: at once.
 *
 * @returns Whether there is a bench already.
 */
async function interruptBench(group: number): Promise<boolean> {
  const args = ["-INT", "--pgroup", String(group), "--full", "--", "main[.]ts bench"];
  return (await outputWithin("pkill", args, SIGNAL_SECONDS))?.success ?? false;
}

/** Interrupts a child of which no bench has come yet. */
function interrupt(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGINT");
  } catch {
    // It has ended by itself.
  }
}

/** Deno itself signals another process than a child only where everything may be run. */
async function killGroup(group: number): Promise<void> {
  await outputWithin("kill", ["-KILL", "--", `-${group}`], SIGNAL_SECONDS);
}

async function main(): Promise<void> {
  const replies = new Replies();
  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream()).getReader();
  const { value } = await lines.read();
  const request = v.parse(Request, JSON.parse(value ?? "null"));
  if (request.kind === "bench") return await benchUntilStopped(request, lines, replies);
  await new JournalTail(request.directory, request.offset).send(replies);
  await replies.send({ kind: "ended", code: 0, signal: null, stopped: null });
}

if (import.meta.main) {
  await main();
  // Standard input is still open, and would keep the process.
  Deno.exit(0);
}
