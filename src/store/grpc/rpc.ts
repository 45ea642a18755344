/** Calls of gRPC over a connection of HTTP/2: one message there and one back, or many. */
import type { Header } from "./header_table.ts";
import {
  type ByteStream,
  Http2Connection,
  Http2Error,
  type StreamSink,
  type WireMeter,
} from "./http2.ts";
import { ProtoReader } from "./protobuf.ts";

/** Codes of a call's end that something is made of here. */
export const RPC_CODE = {
  cancelled: 1,
  unknown: 2,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  outOfRange: 11,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** A call ended otherwise than well. The message is the server's, or a reason of ours. */
export class RpcError extends Error {
  override name = "RpcError";
  /** As gRPC counts them. */
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** How a connection is used. */
export interface RpcOptions {
  /** The server's name and port, as requests say them. */
  authority: string;
  tls: boolean;
  /** How long a call may take, ms. */
  deadlineMs: number;
}

/** How often calls are looked for that have taken too long, ms. */
const SWEEP_MS = 50;
/** What stands before a message: whether it is compressed, and its length. */
const PREFIX_BYTES = 5;
/** The longest message that is read: what a server may send is above all sense of a store. */
const MOST_MESSAGE_BYTES = 1024 ** 3;

/** A connection that calls are made on. */
export class RpcConnection {
  readonly #http2: Http2Connection;
  readonly #options: RpcOptions;
  readonly #headers = new Map<string, readonly Header[]>();
  /** Calls with a deadline, the oldest first. */
  readonly #calls = new Set<Call>();
  #body = new Uint8Array(1024);
  #token: string | undefined;
  #sweep: ReturnType<typeof setInterval> | undefined;

  /** @param bytes Open. */
  constructor(bytes: ByteStream, options: RpcOptions) {
    this.#http2 = new Http2Connection(bytes);
    this.#options = options;
  }

  /** As {@linkcode Http2Connection.ready}. */
  get ready(): Promise<void> {
    return this.#http2.ready;
  }

  /** As {@linkcode Http2Connection.error}. */
  get error(): Http2Error | undefined {
    return this.#http2.error;
  }

  /** Calls in flight. */
  get inFlight(): number {
    return this.#http2.open;
  }

  /** As {@linkcode Http2Connection.ping}. */
  ping(): Promise<number> | undefined {
    return this.#http2.ping();
  }

  /** As {@linkcode Http2Connection.meter}. */
  set meter(meter: WireMeter) {
    this.#http2.meter = meter;
  }

  /** Says from now on who calls. */
  set token(token: string) {
    this.#token = token;
    this.#headers.clear();
  }

  /**
   * Makes a call.
   *
   * @param method As `/package.Service/Method`.
   * @param message Copied.
   * @param take Reads the answer while it is there.
   * @throws {RpcError} Where it does not end well, or not in time.
   */
  call(
    method: string,
    message: Uint8Array,
    take: (answer: ProtoReader) => void,
  ): Promise<void> {
    const call = new Call(take, (ended) => this.#calls.delete(ended));
    this.#calls.add(call);
    this.#sweep ??= this.#startSweep();
    this.#http2.request(this.#headersOf(method, true), this.#prefixed(message), call);
    return call.done;
  }

  /**
   * Makes a call of many messages both ways, without a deadline.
   *
   * @param take Reads each answer while it is there.
   */
  stream(method: string, take: (answer: ProtoReader) => void): RpcStream {
    const call = new Call(take, () => {});
    const { send, cancel } = this.#http2.stream(this.#headersOf(method, false), call);
    return {
      ended: call.done,
      send: (message) => send(this.#prefixed(message), false),
      cancel: () => {
        cancel();
        call.stop(new RpcError(RPC_CODE.cancelled, "it was cancelled"));
      },
    };
  }

  /** Closes. What is in flight fails. */
  close(): void {
    clearInterval(this.#sweep);
    this.#sweep = undefined;
    this.#http2.close();
  }

  #prefixed(message: Uint8Array): Uint8Array {
    const length = PREFIX_BYTES + message.length;
    if (this.#body.length < length) this.#body = new Uint8Array(2 * length);
    const body = this.#body;
    body[0] = 0;
    body[1] = message.length >>> 24;
    body[2] = message.length >>> 16 & 255;
    body[3] = message.length >>> 8 & 255;
    body[4] = message.length & 255;
    body.set(message, PREFIX_BYTES);
    return body.subarray(0, length);
  }

  #headersOf(method: string, hasDeadline: boolean): readonly Header[] {
    const kept = this.#headers.get(method);
    if (kept !== undefined) return kept;
    const { authority, tls, deadlineMs } = this.#options;
    const headers: Header[] = [
      [":method", "POST"],
      [":scheme", tls ? "https" : "http"],
      [":path", method],
      [":authority", authority],
      ["te", "trailers"],
      ["content-type", "application/grpc"],
      ["user-agent", "tidemark"],
    ];
    if (hasDeadline) headers.push(["grpc-timeout", `${Math.ceil(deadlineMs)}m`]);
    if (this.#token !== undefined) headers.push(["token", this.#token]);
    this.#headers.set(method, headers);
    return headers;
  }

  #startSweep(): ReturnType<typeof setInterval> {
    const timer = setInterval(() => {
      const due = performance.now() - this.#options.deadlineMs;
      for (const call of this.#calls) {
        if (call.startedAt > due) return;
        const seconds = this.#options.deadlineMs / 1000;
        this.#http2.cancel(call);
        call.stop(
          new RpcError(RPC_CODE.deadlineExceeded, `it did not answer within ${seconds} s`),
        );
      }
    }, SWEEP_MS);
    Deno.unrefTimer(timer);
    return timer;
  }
}

/** A call of many messages. */
export interface RpcStream {
  /** Ends as the call does. */
  ended: Promise<void>;
  /** Sends a message, copied. */
  send(message: Uint8Array): void;
  /** Ends it. */
  cancel(): void;
}

/** One call: puts its messages together, and knows how it ended. */
class Call implements StreamSink {
  readonly startedAt = performance.now();
  readonly #take: (answer: ProtoReader) => void;
  readonly #onEnd: (call: Call) => void;
  readonly #done = Promise.withResolvers<void>();
  #headers: ReadonlyMap<string, string> | undefined;
  /** What came of a message that is not whole. */
  #partial: Uint8Array | undefined;
  #partialLength = 0;
  /** Whether the answer is none of gRPC. */
  #isOther = false;
  /** What the answer could not be read by. */
  #wrong: unknown;

  constructor(take: (answer: ProtoReader) => void, onEnd: (call: Call) => void) {
    this.#take = take;
    this.#onEnd = onEnd;
  }

  /** Ends as the call does. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  headers(headers: ReadonlyMap<string, string>): void {
    // Trailers have none, and come after what they would say something of.
    const type = headers.get("content-type");
    if (type !== undefined && !type.startsWith("application/grpc")) this.#isOther = true;
    this.#headers = headers;
  }

  data(bytes: Uint8Array): void {
    if (this.#isOther) return;
    let at = 0;
    while (at < bytes.length) {
      if (this.#partial === undefined) {
        const length = lengthAt(bytes, at);
        if (length !== undefined && bytes.length - at >= PREFIX_BYTES + length) {
          this.#message(bytes, at, length);
          at += PREFIX_BYTES + length;
          continue;
        }
        this.#partial = new Uint8Array(PREFIX_BYTES + (length ?? 0));
        this.#partialLength = 0;
      }
      at += this.#gather(bytes.subarray(at));
    }
  }

  /** Adds to the message that is not whole. @returns How many bytes. */
  #gather(bytes: Uint8Array): number {
    const taken = bytes.subarray(0, this.#partial!.length - this.#partialLength);
    this.#partial!.set(taken, this.#partialLength);
    this.#partialLength += taken.length;
    if (this.#partialLength < this.#partial!.length) return taken.length;
    const length = lengthAt(this.#partial!, 0)!;
    if (this.#partial!.length < PREFIX_BYTES + length) {
      // Only now its length is known.
      const grown = new Uint8Array(PREFIX_BYTES + length);
      grown.set(this.#partial!);
      this.#partial = grown;
      return taken.length;
    }
    const whole = this.#partial!;
    this.#partial = undefined;
    this.#message(whole, 0, length);
    return taken.length;
  }

  #message(bytes: Uint8Array, at: number, length: number): void {
    try {
      if (bytes[at] !== 0) {
        throw new RpcError(RPC_CODE.internal, "its answer is compressed, which nobody asked for");
      }
      const from = at + PREFIX_BYTES;
      this.#take(new ProtoReader(bytes, from, from + length));
    } catch (error) {
      this.#wrong ??= error;
    }
  }

  ended(): void {
    const error = this.#error();
    if (error === undefined) {
      this.#onEnd(this);
      this.#done.resolve();
    } else this.stop(error);
  }

  #error(): unknown {
    if (this.#wrong !== undefined) return this.#wrong;
    const status = this.#headers?.get("grpc-status");
    if (status === "0") return undefined;
    if (status !== undefined) {
      return new RpcError(Number(status), decoded(this.#headers?.get("grpc-message") ?? ""));
    }
    const http = this.#headers?.get(":status");
    return !this.#isOther && (http === undefined || http === "200")
      ? new RpcError(RPC_CODE.internal, "its answer has no end")
      : new RpcError(
        RPC_CODE.unimplemented,
        `it answers with HTTP's ${http}: it is no gRPC server`,
      );
  }

  failed(error: Http2Error): void {
    this.stop(new RpcError(RPC_CODE.unavailable, error.message));
  }

  /** Ends it without an answer. */
  stop(error: unknown): void {
    this.#onEnd(this);
    this.#done.reject(error);
  }
}

/** The length of the message that begins there; `undefined` where that has not come yet. */
function lengthAt(bytes: Uint8Array, at: number): number | undefined {
  if (bytes.length - at < PREFIX_BYTES) return undefined;
  const length = bytes[at + 1]! * 2 ** 24 +
    (bytes[at + 2]! << 16 | bytes[at + 3]! << 8 | bytes[at + 4]!);
  if (length > MOST_MESSAGE_BYTES) throw new Http2Error("a message of the server is too long");
  return length;
}

/** A message of a status, in which what is no ASCII is written as in an address. */
function decoded(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
