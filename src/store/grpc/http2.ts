/**
 * The client's side of a connection of HTTP/2 (RFC 9113), as gRPC needs it. What is sent in one turn
 * of the event loop goes out in one write, and an answer is read where it lies: with many requests
 * in flight the client costs a fraction of what `node:http2` does, and that cost is inside of what
 * is measured.
 */
import type { Header } from "./header_table.ts";
import { HeaderDecoder, HeaderEncoder } from "./hpack.ts";

/** What a connection is made over: bytes both ways. */
export type ByteStream = Pick<Deno.Conn, "read" | "write" | "close">;

/** A connection cannot go on. The message is a reason, as the end of a sentence. */
export class Http2Error extends Error {
  override name = "Http2Error";
}

/** Where what comes on a stream goes. */
export interface StreamSink {
  /** Headers or trailers. */
  headers(headers: ReadonlyMap<string, string>): void;
  /** Bytes; good during the call only. */
  data(bytes: Uint8Array): void;
  /** The other side has said all. */
  ended(): void;
  /** Nothing more comes. */
  failed(error: Http2Error): void;
}

const PREFACE = new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

const FRAME = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

const FLAG = { endStream: 1, ack: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

const SETTING = {
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
  maxFrameSize: 5,
} as const;

const HEAD_BYTES = 9;
const PING_BYTES = 8;
/** What either side may send until something else is said, bytes. */
const DEFAULT_WINDOW = 65_535;
/** A frame's body, unless something else is agreed, bytes. */
const DEFAULT_FRAME = 16_384;
/** The largest window there is. */
const MOST_WINDOW = 2 ** 31 - 1;
/** What the server may have sent of its window before it is given more. */
const WINDOW_USED = 2 ** 30;
/** The longest block of headers that is put together. */
const MOST_HEADER_BYTES = 64 * 1024;

/** A stream that is open. */
interface Stream {
  sink: StreamSink;
  /** What may be sent yet. */
  window: number;
  /** What waits for the window, in order. */
  waiting: { bytes: Uint8Array; end: boolean }[];
  /** When its first bytes were given to be written, ms; 0 before that. */
  sentAt: number;
}

/** What requests took between their first byte that was written and the last one that was read. */
export interface WireMeter {
  requests: number;
  ms: number;
  /** When the last answer was read, ms. */
  lastAt: number;
  /** The longest time without an answer, and when it began, ms. */
  gapMs: number;
  gapAt: number;
}

/** A meter that nothing was told to. */
export function newMeter(): WireMeter {
  return { requests: 0, ms: 0, lastAt: performance.now(), gapMs: 0, gapAt: 0 };
}

/** A connection. Made over a stream of bytes that somebody opened. */
export class Http2Connection {
  readonly #bytes: ByteStream;
  readonly #encoder = new HeaderEncoder();
  readonly #decoder = new HeaderDecoder();
  /** Blocks of headers whose every header is a number; by the list they were made of. */
  readonly #blocks = new Map<readonly Header[], Uint8Array>();
  readonly #streams = new Map<number, Stream>();
  /** Requests that wait until the server takes more streams. */
  readonly #queue: (() => void)[] = [];
  readonly #ready = Promise.withResolvers<void>();
  readonly #input = new Uint8Array(256 * 1024);
  #output = new Uint8Array(64 * 1024);
  #spare = new Uint8Array(64 * 1024);
  #outputLength = 0;
  #flushing = false;
  #nextId = 1;
  #window = DEFAULT_WINDOW;
  #initialWindow = DEFAULT_WINDOW;
  #mostFrame = DEFAULT_FRAME;
  #mostStreams = Infinity;
  #received = 0;
  #begun = false;
  /** Headers whose end has not come yet. */
  #block: { id: number; flags: number; parts: Uint8Array[]; bytes: number } | undefined;
  #error: Http2Error | undefined;
  /** Told of every request that ends well; several connections may have one. */
  #meter: WireMeter = newMeter();
  /** Streams whose first bytes wait to be written. */
  #unsent: Stream[] = [];
  /** When the bytes that are taken were read, ms. */
  #readAt = 0;
  /** The ping under way, and when it was written, ms. */
  #pinging: PromiseWithResolvers<number> | undefined;
  #pingedAt = 0;
  /** Whether an answer has ended since the last ping. */
  #answered = false;

  constructor(bytes: ByteStream) {
    this.#bytes = bytes;
    // Whoever does not wait for it learns of a failure by a request.
    this.#ready.promise.catch(() => {});
    this.#push(PREFACE);
    const settings = [[SETTING.enablePush, 0], [SETTING.initialWindowSize, MOST_WINDOW]] as const;
    this.#head(6 * settings.length, FRAME.settings, 0, 0);
    for (const [name, value] of settings) {
      this.#push(Uint8Array.of(0, name));
      this.#uint32(value);
    }
    this.#giveWindow(MOST_WINDOW - DEFAULT_WINDOW);
    this.#flushSoon();
    void this.#readAll();
  }

  /** Ends with the server's first word. @throws {Http2Error} Where that is none of HTTP/2. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** Why it cannot be used any more; `undefined` while it can. */
  get error(): Http2Error | undefined {
    return this.#error;
  }

  /** Tells another meter from now on. */
  set meter(meter: WireMeter) {
    this.#meter = meter;
  }

  /** Streams that are open. */
  get open(): number {
    return this.#streams.size;
  }

  /**
   * Sends a request that is whole.
   *
   * @param headers The same list each time where they are the same.
   * @param body Copied.
   */
  request(headers: readonly Header[], body: Uint8Array, sink: StreamSink): void {
    if (this.#refuses(sink)) return;
    if (this.#streams.size < this.#mostStreams) {
      this.#send(this.#begin(headers, sink), body, true);
      return;
    }
    const kept = body.slice();
    this.#queue.push(() => this.request(headers, kept, sink));
  }

  /**
   * Begins a request that is sent piece by piece.
   *
   * @returns What sends a piece, copied; and what ends it with no answer.
   */
  stream(
    headers: readonly Header[],
    sink: StreamSink,
  ): { send(body: Uint8Array, end: boolean): void; cancel(): void } {
    if (this.#refuses(sink)) return { send() {}, cancel() {} };
    const id = this.#begin(headers, sink);
    return {
      send: (body, end) => {
        if (this.#streams.has(id)) this.#send(id, body, end);
      },
      cancel: () => this.#cancel(id),
    };
  }

  /** Ends what waits for an answer on a stream; the server is told. */
  cancel(sink: StreamSink): void {
    for (const [id, stream] of this.#streams) if (stream.sink === sink) return this.#cancel(id);
  }

  /**
   * Goes there and back without asking for anything: behind what waits to be written on either side, and
   * past everything that serves requests.
   *
   * @returns What it took from being written to being read, ms; `undefined` where it must not be sent
   * now: one is under way, or nothing has been answered since the last one, which servers of gRPC
   * take for an attack and end the connection for.
   */
  ping(): Promise<number> | undefined {
    if (this.#error !== undefined || this.#pinging !== undefined || !this.#answered) {
      return undefined;
    }
    this.#answered = false;
    this.#pinging = Promise.withResolvers<number>();
    this.#pingedAt = 0;
    this.#head(PING_BYTES, FRAME.ping, 0, 0);
    this.#push(new Uint8Array(PING_BYTES));
    this.#flushSoon();
    return this.#pinging.promise;
  }

  /** Closes. What is in flight fails. */
  close(): void {
    this.#fail(new Http2Error("the connection was closed"));
  }

  #refuses(sink: StreamSink): boolean {
    if (this.#error === undefined) return false;
    sink.failed(this.#error);
    return true;
  }

  #begin(headers: readonly Header[], sink: StreamSink): number {
    const id = this.#nextId;
    this.#nextId += 2;
    const stream = { sink, window: this.#initialWindow, waiting: [], sentAt: 0 };
    this.#streams.set(id, stream);
    this.#unsent.push(stream);
    const block = this.#blockOf(headers);
    this.#head(block.length, FRAME.headers, FLAG.endHeaders, id);
    this.#push(block);
    this.#flushSoon();
    return id;
  }

  #blockOf(headers: readonly Header[]): Uint8Array {
    const kept = this.#blocks.get(headers);
    if (kept !== undefined) return kept;
    const before = this.#encoder.written;
    const block = this.#encoder.encode(headers);
    if (this.#encoder.written === before) this.#blocks.set(headers, block);
    else this.#blocks.clear();
    return block;
  }

  #send(id: number, body: Uint8Array, end: boolean): void {
    const stream = this.#streams.get(id)!;
    const fits = body.length <= Math.min(stream.window, this.#window, this.#mostFrame);
    if (fits && stream.waiting.length === 0) this.#data(id, stream, body, end);
    else {
      stream.waiting.push({ bytes: body.slice(), end });
      this.#sendWaiting(id, stream);
    }
    this.#flushSoon();
  }

  #data(id: number, stream: Stream, bytes: Uint8Array, end: boolean): void {
    this.#head(bytes.length, FRAME.data, end ? FLAG.endStream : 0, id);
    this.#push(bytes);
    stream.window -= bytes.length;
    this.#window -= bytes.length;
  }

  #sendWaiting(id: number, stream: Stream): void {
    for (let next = stream.waiting[0]; next !== undefined; next = stream.waiting[0]) {
      const { bytes, end } = next;
      const length = Math.min(bytes.length, stream.window, this.#window, this.#mostFrame);
      if (length <= 0 && bytes.length > 0) return;
      this.#data(id, stream, bytes.subarray(0, length), end && length === bytes.length);
      next.bytes = bytes.subarray(length);
      if (next.bytes.length === 0) stream.waiting.shift();
    }
  }

  #cancel(id: number): void {
    if (!this.#streams.has(id)) return;
    const cancelled = 8;
    this.#head(4, FRAME.reset, 0, id);
    this.#uint32(cancelled);
    this.#flushSoon();
    this.#forget(id);
  }

  #forget(id: number): void {
    this.#streams.delete(id);
    if (this.#queue.length > 0 && this.#streams.size < this.#mostStreams) this.#queue.shift()!();
  }

  #giveWindow(bytes: number): void {
    this.#head(4, FRAME.windowUpdate, 0, 0);
    this.#uint32(bytes);
  }

  #head(length: number, type: number, flags: number, id: number): void {
    this.#room(HEAD_BYTES + length);
    const out = this.#output;
    let at = this.#outputLength;
    out[at++] = length >> 16;
    out[at++] = length >> 8 & 255;
    out[at++] = length & 255;
    out[at++] = type;
    out[at++] = flags;
    out[at++] = id >> 24 & 127;
    out[at++] = id >> 16 & 255;
    out[at++] = id >> 8 & 255;
    out[at++] = id & 255;
    this.#outputLength = at;
  }

  #uint32(value: number): void {
    this.#push(Uint8Array.of(value >>> 24, value >>> 16 & 255, value >>> 8 & 255, value & 255));
  }

  #push(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#output.set(bytes, this.#outputLength);
    this.#outputLength += bytes.length;
  }

  #room(bytes: number): void {
    if (this.#outputLength + bytes <= this.#output.length) return;
    const grown = new Uint8Array(
      Math.max(2 * this.#output.length, this.#outputLength + bytes),
    );
    grown.set(this.#output.subarray(0, this.#outputLength));
    this.#output = grown;
  }

  /** Writes what is there when this turn of the event loop has added all that it will. */
  #flushSoon(): void {
    if (this.#flushing || this.#error !== undefined) return;
    this.#flushing = true;
    queueMicrotask(() => void this.#flush());
  }

  async #flush(): Promise<void> {
    try {
      while (this.#outputLength > 0 && this.#error === undefined) {
        const out = this.#output.subarray(0, this.#outputLength);
        [this.#output, this.#spare] = [this.#spare, this.#output];
        this.#outputLength = 0;
        this.#stampSent();
        for (let at = 0; at < out.length;) at += await this.#bytes.write(out.subarray(at));
      }
    } catch (error) {
      this.#fail(new Http2Error(reasonOf(error)));
    } finally {
      this.#flushing = false;
    }
  }

  /** What is written now begins its way. */
  #stampSent(): void {
    const now = performance.now();
    for (const stream of this.#unsent) stream.sentAt = now;
    this.#unsent.length = 0;
    if (this.#pingedAt === 0) this.#pingedAt = now;
  }

  async #readAll(): Promise<void> {
    try {
      let length = 0;
      for (;;) {
        const read = await this.#bytes.read(this.#input.subarray(length));
        if (read === null) break;
        this.#readAt = performance.now();
        length += read;
        const taken = this.#take(length);
        this.#input.copyWithin(0, taken, length);
        length -= taken;
        if (this.#error !== undefined) return;
      }
      this.#fail(new Http2Error(this.#begun ? "the server closed the connection" : SILENT));
    } catch (error) {
      this.#fail(error instanceof Http2Error ? error : new Http2Error(reasonOf(error)));
    }
  }

  /** Takes the frames that are whole. @returns Their bytes. */
  #take(length: number): number {
    const input = this.#input;
    if (!this.#begun) this.#requireHttp2(length);
    let at = 0;
    while (length - at >= HEAD_BYTES) {
      const size = input[at]! << 16 | input[at + 1]! << 8 | input[at + 2]!;
      if (size > DEFAULT_FRAME) throw new Http2Error("a frame of the server is too large");
      if (length - at < HEAD_BYTES + size) break;
      const id = (input[at + 5]! & 127) << 24 | input[at + 6]! << 16 | input[at + 7]! << 8 |
        input[at + 8]!;
      const body = input.subarray(at + HEAD_BYTES, at + HEAD_BYTES + size);
      this.#frame(input[at + 3]!, input[at + 4]!, id, body);
      if (this.#error !== undefined) return length;
      at += HEAD_BYTES + size;
    }
    return at;
  }

  /** The first frame is one of settings; other protocols begin otherwise. */
  #requireHttp2(length: number): void {
    const input = this.#input;
    if (input[0] === 0x15 && input[1] === 3) throw new Http2Error(SPEAKS_TLS);
    if (String.fromCharCode(...input.subarray(0, Math.min(5, length))) === "HTTP/") {
      throw new Http2Error("it answers by HTTP/1, so that it is no gRPC server");
    }
    if (length < HEAD_BYTES) return;
    if (input[3] !== FRAME.settings) throw new Http2Error("it speaks no HTTP/2");
  }

  #frame(type: number, flags: number, id: number, body: Uint8Array): void {
    if (this.#block !== undefined && type !== FRAME.continuation) {
      throw new Http2Error("the server's headers have no end");
    }
    switch (type) {
      case FRAME.data:
        return this.#takeData(flags, id, body);
      case FRAME.headers: {
        const unpadded = without(body, flags);
        const block = flags & FLAG.priority ? unpadded.subarray(5) : unpadded;
        if (flags & FLAG.endHeaders) return this.#takeHeaders(flags, id, block);
        this.#block = { id, flags, parts: [block.slice()], bytes: block.length };
        return;
      }
      case FRAME.continuation:
        return this.#continue(flags, id, body);
      case FRAME.reset: {
        const code = uint32(body, 0);
        return this.#end(id, new Http2Error(`the server reset the stream (code ${code})`));
      }
      case FRAME.settings:
        return this.#takeSettings(flags, body);
      case FRAME.ping:
        if (flags & FLAG.ack) {
          this.#pinging?.resolve(this.#readAt - this.#pingedAt);
          this.#pinging = undefined;
          return;
        }
        this.#head(body.length, FRAME.ping, FLAG.ack, 0);
        this.#push(body);
        return this.#flushSoon();
      case FRAME.goAway:
        return this.#goAway(body);
      case FRAME.windowUpdate:
        return this.#takeWindow(id, uint32(body, 0));
      case FRAME.pushPromise:
        throw new Http2Error("the server pushes, which it was told not to");
      default:
        // Frames of other types are to be ignored.
    }
  }

  #takeData(flags: number, id: number, body: Uint8Array): void {
    this.#received += body.length;
    if (this.#received > WINDOW_USED) {
      this.#giveWindow(this.#received);
      this.#received = 0;
      this.#flushSoon();
    }
    this.#streams.get(id)?.sink.data(without(body, flags));
    if (flags & FLAG.endStream) this.#end(id);
  }

  #continue(flags: number, id: number, body: Uint8Array): void {
    const block = this.#block;
    if (block === undefined || block.id !== id) {
      throw new Http2Error("the server's headers are out of order");
    }
    block.parts.push(body.slice());
    block.bytes += body.length;
    if (block.bytes > MOST_HEADER_BYTES) throw new Http2Error("the server's headers are too long");
    if (!(flags & FLAG.endHeaders)) return;
    this.#block = undefined;
    const whole = new Uint8Array(block.bytes);
    let at = 0;
    for (const part of block.parts) {
      whole.set(part, at);
      at += part.length;
    }
    this.#takeHeaders(block.flags, id, whole);
  }

  #takeHeaders(flags: number, id: number, block: Uint8Array): void {
    // What nobody waits for is read as well, since it changes the table.
    const headers = this.#decoder.decode(block);
    this.#streams.get(id)?.sink.headers(headers);
    if (flags & FLAG.endStream) this.#end(id);
  }

  /** The other side of a stream has ended, well or not. */
  #end(id: number, error?: Http2Error): void {
    const stream = this.#streams.get(id);
    if (stream === undefined) return;
    this.#forget(id);
    this.#answered = true;
    if (error === undefined) {
      this.#tell(stream.sentAt);
      stream.sink.ended();
    } else stream.sink.failed(error);
  }

  #tell(sentAt: number): void {
    const meter = this.#meter;
    meter.requests++;
    meter.ms += this.#readAt - sentAt;
    const gap = this.#readAt - meter.lastAt;
    if (gap > meter.gapMs) {
      meter.gapMs = gap;
      meter.gapAt = meter.lastAt;
    }
    meter.lastAt = this.#readAt;
  }

  #takeSettings(flags: number, body: Uint8Array): void {
    if (flags & FLAG.ack) return;
    for (let at = 0; at + 6 <= body.length; at += 6) {
      const name = body[at]! << 8 | body[at + 1]!;
      const value = uint32(body, at + 2);
      if (name === SETTING.maxConcurrentStreams) this.#mostStreams = value;
      else if (name === SETTING.maxFrameSize) this.#mostFrame = value;
      else if (name === SETTING.initialWindowSize) {
        for (const stream of this.#streams.values()) stream.window += value - this.#initialWindow;
        this.#initialWindow = value;
      }
    }
    this.#head(0, FRAME.settings, FLAG.ack, 0);
    this.#begun = true;
    this.#ready.resolve();
    this.#sendAllWaiting();
  }

  #takeWindow(id: number, bytes: number): void {
    if (id === 0) this.#window += bytes;
    else {
      const stream = this.#streams.get(id);
      if (stream !== undefined) stream.window += bytes;
    }
    this.#sendAllWaiting();
  }

  #sendAllWaiting(): void {
    for (const [id, stream] of this.#streams) {
      if (stream.waiting.length > 0) this.#sendWaiting(id, stream);
    }
    while (this.#queue.length > 0 && this.#streams.size < this.#mostStreams) this.#queue.shift()!();
    this.#flushSoon();
  }

  /** The server closes: nothing new is sent here, and what it has not begun fails. */
  #goAway(body: Uint8Array): void {
    const code = uint32(body, 4);
    const said = new TextDecoder().decode(body.subarray(8, 100)).replace(/[^ -~]/g, "?");
    const words = said === "" ? "" : `: ${said}`;
    this.#fail(new Http2Error(`the server ended the connection (code ${code})${words}`));
  }

  #fail(error: Http2Error): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#ready.reject(error);
    // Nobody needs to wait for one.
    this.#pinging?.promise.catch(() => {});
    this.#pinging?.reject(error);
    try {
      this.#bytes.close();
    } catch {
      // It is closed already.
    }
    const streams = [...this.#streams.values()];
    this.#streams.clear();
    for (const { sink } of streams) sink.failed(error);
    // They are refused by what they call.
    for (const again of this.#queue.splice(0)) again();
  }
}

/** Why nothing was said: TLS servers close where plain bytes come, and others where TLS is none. */
const SPEAKS_TLS = "it speaks TLS; name the authority that signed its certificate (caFile=FILE)";
const SILENT = "it closed the connection without a word: it speaks no gRPC, or only by TLS " +
  "(caFile=FILE)";

/** A body without its padding. */
function without(body: Uint8Array, flags: number): Uint8Array {
  if (!(flags & FLAG.padded)) return body;
  return body.subarray(1, Math.max(1, body.length - body[0]!));
}

function uint32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24 | bytes[at + 1]! << 16 | bytes[at + 2]! << 8 | bytes[at + 3]!) >>> 0;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
