/**
 * Takes a library from another machine into this one's cache: `deno task nodes` starts this program
 * on a node, and sends. The bytes are held against the digest that was said, and against the pinned
 * one, before anything of them has the library's name; what broke off leaves nothing.
 */
import { removeIfThere, writeWhole } from "../disk/mod.ts";
import { cachedLibrary, cacheFolder, type EngineLibrary, MOST_LIBRARY_BYTES } from "./cache.ts";
import { EngineError } from "./error.ts";
import { inReleaseFolder, place } from "./keep.ts";
import { type Machine, requireMachine } from "./machine.ts";
import { type ParcelHead, type ParcelReply, parseHead } from "./parcel.ts";
import { pinFor } from "./table.ts";

/** The longest head that is taken, bytes. */
const MOST_HEAD_BYTES = 64 * 1024;
/** How long to wait for a next byte, s: a cable may have been pulled, and nobody says so. */
const PATIENCE = 60;

/** How to receive. */
export interface ReceiveOptions {
  /** The kind of this machine. @default this one */
  machine?: Machine | undefined;
  /** The folder of the libraries. @default {@linkcode cacheFolder} */
  cache?: string | undefined;
  /** How long to wait for a next byte, s. @default 60 */
  patience?: number | undefined;
}

/**
 * Receives one library.
 *
 * @param input What is sent: a head, and the library where it is asked for.
 * @param reply Takes what is to be said back.
 * @returns Once all is said; whatever was wrong was said as well.
 */
export async function receiveLibrary(
  input: ReadableStream<Uint8Array>,
  reply: (line: ParcelReply) => void,
  options: ReceiveOptions = {},
): Promise<void> {
  const { patience = PATIENCE } = options;
  const incoming = new Incoming(input, patience);
  try {
    const head = parseHead(await incoming.line());
    if (head === undefined) throw wrong("what came is no library; push with the same version");
    reply({ kind: await receive(head, incoming, reply, options) });
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    reply({ kind: "refused", message: error.message });
  } finally {
    incoming.close();
  }
}

async function receive(
  head: ParcelHead,
  incoming: Incoming,
  reply: (line: ParcelReply) => void,
  { machine = requireMachine(), cache = cacheFolder(), patience = PATIENCE }: ReceiveOptions,
): Promise<"have" | "kept"> {
  const { release, bytes, machine: wanted, entry, sha256 } = head;
  if (wanted !== machine) throw wrong(`it is for ${wanted}, and this machine is ${machine}`);
  if (bytes > MOST_LIBRARY_BYTES) throw wrong(`a library of ${bytes} bytes is none of RocksDB's`);
  if (has(head, machine, cache)) return "have";
  const waiting = { signal: AbortSignal.timeout(patience * 1000) };
  return await inReleaseFolder(cache, release, machine, waiting, async (folder) => {
    // Another process may have brought it meanwhile.
    if (has(head, machine, cache)) return "have";
    const part = `${folder}/library.part`;
    removeIfThere(part);
    reply({ kind: "send" });
    try {
      await take(part, bytes, incoming);
      const pin = pinFor(release, machine)?.library ?? { bytes, sha256 };
      const record = { release, entry, source: `${head.source}, pushed`, checked: null };
      place(part, `what was sent as ${release}`, { cache, machine, pin, record });
    } finally {
      removeIfThere(part);
    }
    return "kept";
  });
}

/** Writes what comes into a new file. */
async function take(path: string, bytes: number, incoming: Incoming): Promise<void> {
  using file = Deno.openSync(path, { write: true, createNew: true, mode: 0o644 });
  let left = bytes;
  for (let chunk = await incoming.chunk(); chunk !== undefined; chunk = await incoming.chunk()) {
    left -= chunk.length;
    if (left < 0) throw wrong(`more came than the ${bytes} bytes that were said`);
    writeWhole(file, chunk);
    // Who sends waits for the answer before it closes.
    if (left === 0) return;
  }
  throw wrong(`it did not come whole: ${left} of ${bytes} bytes are missing`);
}

/** Whether the very library is here; one that is damaged, or another, is not. */
function has({ release, sha256 }: ParcelHead, machine: Machine, cache: string): boolean {
  let library: EngineLibrary | undefined;
  try {
    library = cachedLibrary(release, machine, cache);
  } catch (error) {
    if (error instanceof EngineError && error.kind === "content") return false;
    throw error;
  }
  return library?.sha256 === sha256;
}

function wrong(why: string): EngineError {
  return new EngineError(`Cannot take the library: ${why}`, "content");
}

/** What is sent: one line, then bytes. */
class Incoming {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #patienceMs: number;
  #rest: Uint8Array | undefined;

  constructor(stream: ReadableStream<Uint8Array>, patience: number) {
    this.#reader = stream.getReader();
    this.#patienceMs = patience * 1000;
  }

  /** The first line, without its end. */
  async line(): Promise<string> {
    let bytes = new Uint8Array();
    for (;;) {
      const chunk = await this.chunk();
      if (chunk === undefined) throw wrong("nothing came");
      const end = chunk.indexOf(0x0A);
      bytes = new Uint8Array([...bytes, ...chunk.subarray(0, end < 0 ? undefined : end)]);
      if (bytes.length > MOST_HEAD_BYTES) throw wrong("what came has no head");
      if (end < 0) continue;
      this.#rest = chunk.subarray(end + 1);
      return new TextDecoder().decode(bytes);
    }
  }

  /** The next bytes; `undefined` where there are no more. */
  async chunk(): Promise<Uint8Array | undefined> {
    const rest = this.#rest;
    this.#rest = undefined;
    if (rest !== undefined && rest.length > 0) return rest;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(wrong(`nothing came for ${this.#patienceMs / 1000} s`)),
      this.#patienceMs,
    );
    try {
      const { done, value } = await Promise.race([this.#reader.read(), late.promise]);
      return done ? undefined : value;
    } finally {
      clearTimeout(timer);
    }
  }

  close(): void {
    this.#reader.cancel().catch(() => {});
  }
}

if (import.meta.main) {
  const print = (line: ParcelReply) =>
    writeWhole(Deno.stdout, new TextEncoder().encode(JSON.stringify(line) + "\n"));
  try {
    await receiveLibrary(Deno.stdin.readable, print);
  } catch (error) {
    // Who sent is gone: nobody reads what is said.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
  // Standard input may still be open, and would keep the process.
  Deno.exit(0);
}
