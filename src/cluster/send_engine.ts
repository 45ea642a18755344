/** Sends an engine's library into a node's cache, over the connection that there is. */
import * as v from "valibot";
import { hasEnded, kill, lastText } from "../child/mod.ts";
import { fileReason } from "../disk/mod.ts";
import type { Parcel } from "../engine/mod.ts";
import { printable } from "../format/mod.ts";
import { FIRST_ISSUE } from "../result/mod.ts";
import { boundedLines } from "./bounded_lines.ts";
import { ClusterError, NodeFault } from "./error.ts";
import { farEnd } from "./far_end.ts";
import type { Link } from "./link.ts";
import { type Places, receiverCommand } from "./places.ts";

/** How to send. */
export interface SendOptions {
  /** How long it may take, s. */
  seconds: number;
  signal?: AbortSignal | undefined;
}

/** What the receiver says. */
const Reply = v.variant("kind", [
  v.looseObject({ kind: v.picklist(["have", "send", "kept"]) }),
  v.looseObject({ kind: v.literal("refused"), message: v.string() }),
]);

/** How long the near end of a command may take to end when all is said, ms. */
const ENDING_MS = 2000;
/** The longest line that a receiver says, letters. */
const MOST_LETTERS = 64 * 1024;

/**
 * Sends a library. The node holds it against its digest before it takes it; what is there already is
 * not sent again.
 *
 * @returns Whether it had to be sent.
 * @throws {ClusterError} Why the node has it not.
 */
export async function sendEngine(
  link: Link,
  places: Places,
  { head, path }: Parcel,
  { seconds, signal }: SendOptions,
): Promise<boolean> {
  const fail = (why: string, lasting: boolean) =>
    new ClusterError(`Cannot give it the release ${head.release}: ${why}`, "node", { lasting });
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path);
  } catch (error) {
    throw fail(`here, ${path}: ${fileReason(error)}`, true);
  }
  using _ = file;
  const child = link.spawn(receiverCommand(places));
  let late = false;
  const lost = Promise.withResolvers<undefined>();
  const end = () => {
    kill(child);
    lost.resolve(undefined);
  };
  const timer = setTimeout(() => {
    late = true;
    end();
  }, seconds * 1000);
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  let gone: string | undefined;
  link.gone.then((reason) => {
    gone = reason;
    end();
  });
  const complaint = lastText(child.stderr);
  const lines = boundedLines(child.stdout, MOST_LETTERS).getReader();
  const writer = child.stdin.getWriter();
  let begun = false;
  try {
    const line = `${JSON.stringify(head)}\n`;
    await writer.write(new TextEncoder().encode(line)).catch(() => {});
    let sent = false;
    for (;;) {
      const reply = await Promise.race([nextReply(lines), lost.promise]);
      if (reply === undefined) break;
      begun = true;
      // What its receiver says of a stream that broke is no news.
      if (gone !== undefined) break;
      if (reply.kind === "refused") throw fail(printable(reply.message.slice(0, 500)), true);
      if (reply.kind !== "send") return sent;
      if (sent) throw new NodeFault("it asks for the same library twice; look at what runs there");
      sent = true;
      await Promise.race([sendFile(file, writer), lost.promise]);
    }
  } catch (error) {
    if (error instanceof NodeFault) throw fail(error.message, true);
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", end);
    writer.close().catch(() => {});
    lines.cancel().catch(() => {});
    // What it ends with says why, where its stream has ended.
    await hasEnded(child, ENDING_MS);
    end();
  }
  if (gone !== undefined) throw fail(gone, false);
  if (signal?.aborted) throw fail("it was interrupted", false);
  if (late) throw fail(`it took longer than ${seconds} s`, false);
  const { code } = await child.status;
  const { message, lasting } = farEnd("its receiver", { code, said: await complaint, begun });
  throw fail(message, lasting);
}

type Replies = ReadableStreamDefaultReader<string>;

/** The next reply; `undefined` where there is none any more. A shell may greet before it. */
async function nextReply(lines: Replies): Promise<v.InferOutput<typeof Reply> | undefined> {
  for (;;) {
    const { done, value } = await lines.read();
    if (done) return undefined;
    if (!value.startsWith('{"kind":')) continue;
    try {
      const parsed = v.safeParse(Reply, JSON.parse(value), FIRST_ISSUE);
      if (parsed.success) return parsed.output;
    } catch {
      // Half a line, of a receiver that was killed: its end says more.
    }
  }
}

/** How much is read and written at a time. */
const STEP = 256 * 1024;

/** Sends a file's bytes; a pipe that breaks shows in what the other side says, and in its end. */
async function sendFile(
  file: Deno.FsFile,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  const buffer = new Uint8Array(STEP);
  try {
    for (let read = file.readSync(buffer); read !== null; read = file.readSync(buffer)) {
      await writer.write(buffer.slice(0, read));
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
  }
}
