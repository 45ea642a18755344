/**
 * A server that answers etcd's calls and does nothing: it keeps one value, the last one, and gives it
 * for every key. What an operation takes with it is the client's own cost, and that of the way over the
 * loopback. It runs in a thread of its own, and speaks as much of HTTP/2 as the client needs.
 */
import { joinBytes } from "../../bytes.ts";
import { HeaderDecoder } from "../../grpc/hpack.ts";
import { ProtoReader, ProtoWriter } from "../../grpc/mod.ts";
import { METHOD } from "../messages.ts";

const FRAME = { data: 0, headers: 1, settings: 4, ping: 6, windowUpdate: 8 } as const;
const FLAG = { endStream: 1, ack: 1, endHeaders: 4 } as const;
const HEAD_BYTES = 9;
const MOST_FRAME = 16_384;
const PREFACE_BYTES = 24;
/** What stands before a message of gRPC. */
const PREFIX_BYTES = 5;
const INITIAL_WINDOW_SIZE = 4;
const MOST_WINDOW = 2 ** 31 - 1;
const DEFAULT_WINDOW = 65_535;
/** What may have come until the client is given more. */
const WINDOW_USED = 2 ** 30;
/** Answers that are kept. */
const MOST_KEPT = 16;
/** A key of a range's answer. */
const KEY = new Uint8Array(16);

const text = (value: string) => new TextEncoder().encode(value);

/** A header that no table has. */
function literal(name: string, value: string): number[] {
  return [0, name.length, ...text(name), value.length, ...text(value)];
}

/** `:status: 200` has a number. */
const HEADERS = Uint8Array.of(0x88, ...literal("content-type", "application/grpc"));
const TRAILERS = Uint8Array.from(literal("grpc-status", "0"));

const header = () => new ProtoWriter().number(1, 1).number(2, 1).number(3, 1);
const DONE = new ProtoWriter().message(1, header()).view.slice();
const STATUS = new ProtoWriter().message(1, header()).text(2, "3.6.0").number(4, 1).view.slice();

/** A connection's side of the server. */
class Side {
  readonly #decoder = new HeaderDecoder();
  readonly #paths = new Map<number, string>();
  readonly #bodies = new Map<number, Uint8Array[]>();
  #value = new Uint8Array(0);
  /** Answers with the value, by how many entries they have: making them would be the larger part. */
  readonly #ranges = new Map<number, Uint8Array>();
  #out: Uint8Array = new Uint8Array(256 * 1024);
  #length = 0;
  #received = 0;

  constructor() {
    this.#frame(FRAME.settings, 0, 0, setting(INITIAL_WINDOW_SIZE, MOST_WINDOW));
    this.#giveWindow(MOST_WINDOW - DEFAULT_WINDOW);
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
      this.#paths.set(id, this.#decoder.decode(body).get(":path") ?? "");
    } else if (type === FRAME.data) {
      this.#received += body.length;
      if (this.#received > WINDOW_USED) {
        this.#giveWindow(this.#received);
        this.#received = 0;
      }
      if (!(flags & FLAG.endStream)) {
        this.#bodies.set(id, [...this.#bodies.get(id) ?? [], body.slice()]);
        return;
      }
      const before = this.#bodies.get(id);
      const whole = before === undefined ? body : joinBytes(...before, body);
      this.#bodies.delete(id);
      const path = this.#paths.get(id) ?? "";
      this.#paths.delete(id);
      this.#answer(id, this.#messageFor(path, new ProtoReader(whole, PREFIX_BYTES)));
    }
  }

  #messageFor(path: string, request: ProtoReader): Uint8Array {
    if (path === METHOD.put) {
      this.#keepValue(request);
      return DONE;
    }
    if (path === METHOD.txn) {
      for (let field = request.next(); field !== 0; field = request.next()) {
        if (field === 2) this.#keepPutOf(request.message());
        else request.skip();
      }
      return DONE;
    }
    if (path === METHOD.range) return this.#rangeFor(request);
    return path === METHOD.status ? STATUS : DONE;
  }

  /** One key, or of a range as many as may be, and always more. */
  #rangeFor(request: ProtoReader): Uint8Array {
    let [limit, isRange] = [0, false];
    for (let field = request.next(); field !== 0; field = request.next()) {
      if (field === 3) limit = request.number();
      else {
        if (field === 2) isRange = true;
        request.skip();
      }
    }
    const count = isRange ? limit : 1;
    const made = this.#ranges.get(isRange ? count : 0);
    if (made !== undefined) return made;
    const entry = new ProtoWriter().bytes(1, KEY).number(2, 1).number(3, 1).number(4, 1)
      .bytes(5, this.#value);
    const answer = new ProtoWriter().message(1, header());
    for (let i = 0; i < count; i++) answer.message(2, entry);
    const whole = answer.flag(3, isRange).number(4, count).view;
    if (this.#ranges.size >= MOST_KEPT) this.#ranges.clear();
    this.#ranges.set(isRange ? count : 0, whole);
    return whole;
  }

  #keepPutOf(operation: ProtoReader): void {
    for (let field = operation.next(); field !== 0; field = operation.next()) {
      if (field === 2) this.#keepValue(operation.message());
      else operation.skip();
    }
  }

  #keepValue(put: ProtoReader): void {
    for (let field = put.next(); field !== 0; field = put.next()) {
      if (field === 2) {
        this.#value = put.bytes().slice();
        this.#ranges.clear();
      } else put.skip();
    }
  }

  #answer(id: number, message: Uint8Array): void {
    this.#frame(FRAME.headers, FLAG.endHeaders, id, HEADERS);
    const body = new Uint8Array(PREFIX_BYTES + message.length);
    new DataView(body.buffer).setUint32(1, message.length);
    body.set(message, PREFIX_BYTES);
    for (let at = 0; at < body.length; at += MOST_FRAME) {
      this.#frame(FRAME.data, 0, id, body.subarray(at, at + MOST_FRAME));
    }
    this.#frame(FRAME.headers, FLAG.endHeaders | FLAG.endStream, id, TRAILERS);
  }

  #giveWindow(bytes: number): void {
    const body = new Uint8Array(4);
    new DataView(body.buffer).setUint32(0, bytes);
    this.#frame(FRAME.windowUpdate, 0, 0, body);
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
async function serve(connection: Deno.TcpConn): Promise<void> {
  connection.setNoDelay(true);
  const side = new Side();
  const input = new Uint8Array(1024 * 1024);
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

/** Serves on a free port until the thread ends. @returns The port. */
function listen(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  void (async () => {
    for await (const connection of listener) void serve(connection);
  })();
  return listener.addr.port;
}

/** Deno's own types have no worker's global scope. */
const scope = globalThis as unknown as { postMessage(port: number): void };
scope.postMessage(listen());
