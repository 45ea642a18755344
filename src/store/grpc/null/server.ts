/**
 * A server of gRPC that does nothing but answer. What an operation takes with it is the client's own
 * cost, and that of the way over the loopback. It runs in a thread of its own, and speaks as much of
 * HTTP/2 as the clients need.
 */
import { joinBytes } from "../../bytes.ts";
import { HeaderDecoder } from "../hpack.ts";
import { ProtoReader } from "../protobuf.ts";

/**
 * What a connection's calls are answered with, message by message.
 *
 * @param path The call, as `/package.Service/Method`.
 * @param message Good until it returns.
 * @returns The answer, good until the next one.
 */
export type NullAnswers = (path: string, message: ProtoReader) => Uint8Array;

const FRAME = { data: 0, headers: 1, reset: 3, settings: 4, ping: 6, windowUpdate: 8 } as const;
const FLAG = { endStream: 1, ack: 1, endHeaders: 4 } as const;
const HEAD_BYTES = 9;
const MOST_FRAME = 16_384;
const PREFACE_BYTES = 24;
/** The most that is taken at once. */
const INPUT_BYTES = 1024 * 1024;
/** What stands before a message of gRPC. */
const PREFIX_BYTES = 5;
const INITIAL_WINDOW_SIZE = 4;
const MOST_WINDOW = 2 ** 31 - 1;
const DEFAULT_WINDOW = 65_535;
/** What may have come until the client is given more. */
const WINDOW_USED = 2 ** 30;
const text = (value: string) => new TextEncoder().encode(value);

/** A header that no table has. */
function literal(name: string, value: string): number[] {
  return [0, name.length, ...text(name), value.length, ...text(value)];
}

/** `:status: 200` has a number. */
const HEADERS = Uint8Array.of(0x88, ...literal("content-type", "application/grpc"));
const TRAILERS = Uint8Array.from(literal("grpc-status", "0"));

const NOTHING = new Uint8Array(0);

/** A call that has not ended. */
interface Call {
  path: string;
  /** What came of a message that is not whole. */
  rest: Uint8Array;
  /** What came since the client was given more, bytes. */
  received: number;
  isAnswered: boolean;
}

/** A connection's side of the server. */
class Side {
  readonly #decoder = new HeaderDecoder();
  readonly #calls = new Map<number, Call>();
  readonly #answers: NullAnswers;
  #out: Uint8Array = new Uint8Array(256 * 1024);
  #length = 0;
  #received = 0;

  constructor(answers: NullAnswers) {
    this.#answers = answers;
    this.#frame(FRAME.settings, 0, 0, setting(INITIAL_WINDOW_SIZE, MOST_WINDOW));
    this.#giveWindow(0, MOST_WINDOW - DEFAULT_WINDOW);
  }

  /** What is to be written; good until the next frames are taken. */
  output(): Uint8Array {
    const out = this.#out.subarray(0, this.#length);
    this.#length = 0;
    return out;
  }

  /** Takes the frames that are whole. @returns Their bytes. */
  take(input: Uint8Array): number {
    let at = 0;
    while (input.length - at >= HEAD_BYTES) {
      const size = input[at]! << 16 | input[at + 1]! << 8 | input[at + 2]!;
      if (input.length - at < HEAD_BYTES + size) break;
      const [type, flags] = [input[at + 3]!, input[at + 4]!];
      const id = new DataView(input.buffer, input.byteOffset + at + 5).getUint32(0) & MOST_WINDOW;
      this.#handle(type, flags, id, input.subarray(at + HEAD_BYTES, at + HEAD_BYTES + size));
      at += HEAD_BYTES + size;
    }
    return at;
  }

  #handle(type: number, flags: number, id: number, body: Uint8Array): void {
    if (type === FRAME.settings && !(flags & FLAG.ack)) {
      this.#frame(FRAME.settings, FLAG.ack, 0, new Uint8Array(0));
    } else if (type === FRAME.ping && !(flags & FLAG.ack)) {
      this.#frame(FRAME.ping, FLAG.ack, 0, body);
    } else if (type === FRAME.headers) {
      const path = this.#decoder.decode(body).get(":path") ?? "";
      this.#calls.set(id, { path, rest: NOTHING, received: 0, isAnswered: false });
    } else if (type === FRAME.reset) {
      this.#calls.delete(id);
    } else if (type === FRAME.data) {
      this.#received += body.length;
      if (this.#received > WINDOW_USED) {
        this.#giveWindow(0, this.#received);
        this.#received = 0;
      }
      const call = this.#calls.get(id);
      if (call !== undefined) this.#take(id, call, body, (flags & FLAG.endStream) !== 0);
    }
  }

  /** Answers the messages that are whole. @param isLast Whether no more come. */
  #take(id: number, call: Call, body: Uint8Array, isLast: boolean): void {
    call.received += body.length;
    if (call.received > WINDOW_USED && !isLast) {
      this.#giveWindow(id, call.received);
      call.received = 0;
    }
    const bytes = call.rest.length === 0 ? body : joinBytes(call.rest, body);
    let at = 0;
    while (bytes.length - at >= PREFIX_BYTES) {
      const from = at + PREFIX_BYTES;
      const end = from + new DataView(bytes.buffer, bytes.byteOffset + at + 1).getUint32(0);
      if (end > bytes.length) break;
      this.#answer(id, call, this.#answers(call.path, new ProtoReader(bytes, from, end)));
      at = end;
    }
    if (isLast) {
      this.#calls.delete(id);
      this.#frame(FRAME.headers, FLAG.endHeaders | FLAG.endStream, id, TRAILERS);
    } else call.rest = at < bytes.length ? bytes.slice(at) : NOTHING;
  }

  #answer(id: number, call: Call, message: Uint8Array): void {
    if (!call.isAnswered) this.#frame(FRAME.headers, FLAG.endHeaders, id, HEADERS);
    call.isAnswered = true;
    const body = new Uint8Array(PREFIX_BYTES + message.length);
    new DataView(body.buffer).setUint32(1, message.length);
    body.set(message, PREFIX_BYTES);
    for (let at = 0; at < body.length; at += MOST_FRAME) {
      this.#frame(FRAME.data, 0, id, body.subarray(at, at + MOST_FRAME));
    }
  }

  #giveWindow(id: number, bytes: number): void {
    const body = new Uint8Array(4);
    new DataView(body.buffer).setUint32(0, bytes);
    this.#frame(FRAME.windowUpdate, 0, id, body);
  }

  #frame(type: number, flags: number, id: number, body: Uint8Array): void {
    const end = this.#length + HEAD_BYTES + body.length;
    if (end > this.#out.length) {
      const grown = new Uint8Array(2 * end);
      grown.set(this.#out.subarray(0, this.#length));
      this.#out = grown;
    }
    const view = new DataView(this.#out.buffer, this.#length);
    view.setUint32(0, body.length << 8 | type);
    view.setUint8(4, flags);
    view.setUint32(5, id);
    this.#out.set(body, this.#length + HEAD_BYTES);
    this.#length = end;
  }
}

function setting(name: number, value: number): Uint8Array {
  const body = new Uint8Array(6);
  const view = new DataView(body.buffer);
  view.setUint16(0, name);
  view.setUint32(2, value);
  return body;
}

/** Serves a connection until it ends. */
async function serve(connection: Deno.TcpConn, answers: NullAnswers): Promise<void> {
  connection.setNoDelay(true);
  const side = new Side(answers);
  const input = new Uint8Array(INPUT_BYTES);
  let [length, begun] = [0, false];
  try {
    for (;;) {
      const out = side.output();
      for (let at = 0; at < out.length;) at += await connection.write(out.subarray(at));
      const read = await connection.read(input.subarray(length));
      if (read === null) return;
      length += read;
      if (!begun && length < PREFACE_BYTES) continue;
      const from = begun ? 0 : PREFACE_BYTES;
      begun = true;
      const taken = from + side.take(input.subarray(from, length));
      input.copyWithin(0, taken, length);
      length -= taken;
    }
  } catch {
    // The client has gone.
  } finally {
    connection.close();
  }
}

/** Deno's own types have no worker's global scope. */
const scope = globalThis as unknown as { postMessage(port: number): void };

/**
 * Serves on a free port until this thread, a worker, ends, and tells the port to the one that began it.
 *
 * @param answersOf Made anew for each connection. @param answersOf.port That port.
 */
export function serveNothing(answersOf: (port: number) => NullAnswers): void {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  void (async () => {
    for await (const connection of listener) void serve(connection, answersOf(port));
  })();
  scope.postMessage(port);
}
