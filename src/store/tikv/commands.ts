/**
 * Commands over a connection to a server of TiKV: those of one turn of the event loop go together over
 * one stream (BatchCommands), as in TiKV's own clients. A server that has no such stream is asked for
 * each by itself.
 */
import {
  type ProtoReader,
  ProtoWriter,
  RPC_CODE,
  type RpcConnection,
  RpcError,
  type RpcStream,
} from "../grpc/mod.ts";
import { COMMANDS_METHOD, NUMBER } from "./messages.ts";

/** The most commands that go together, as TiKV's own clients have it. */
const MOST_COMMANDS = 128;
/** Bytes from which on nothing is added. */
const MOST_BYTES = 1024 * 1024;
/** How often commands are looked for that have taken too long, ms. */
const SWEEP_MS = 50;

/** A command that waits for its answer. */
interface Waiting {
  number: number;
  take: (answer: ProtoReader) => void;
  done: PromiseWithResolvers<void>;
  startedAt: number;
  /** To ask once more by itself; only until the server has shown that it has the stream. */
  again: { method: string; message: Uint8Array } | undefined;
}

/** A connection to a server. */
export class CommandConnection {
  readonly #rpc: RpcConnection;
  readonly #deadlineMs: number;
  readonly #waiting = new Map<number, Waiting>();
  /** The commands of this turn, as they are sent, and their numbers. */
  readonly #message = new ProtoWriter();
  readonly #request = new ProtoWriter();
  #ids: number[] = [];
  #nextId = 1;
  #stream: RpcStream | undefined;
  #sweep: ReturnType<typeof setInterval> | undefined;
  /** Whether the server has answered over the stream, or has none. */
  #batches: "perhaps" | "yes" | "no" = "perhaps";

  /** @param deadlineMs How long a command may take. */
  constructor(rpc: RpcConnection, deadlineMs: number) {
    this.#rpc = rpc;
    this.#deadlineMs = deadlineMs;
  }

  /** As {@linkcode RpcConnection.error}. */
  get error(): Error | undefined {
    return this.#rpc.error;
  }

  /**
   * Makes a call.
   *
   * @param message Copied.
   * @param take Reads the answer while it is there.
   * @throws {RpcError} Where it does not end well, or not in time.
   */
  call(
    method: string,
    message: Uint8Array,
    take: (answer: ProtoReader) => void,
  ): Promise<void> {
    const number = NUMBER[method];
    if (number === undefined || this.#batches === "no" || this.#rpc.error !== undefined) {
      return this.#rpc.call(method, message, take);
    }
    const waiting: Waiting = {
      number,
      take,
      done: Promise.withResolvers(),
      startedAt: performance.now(),
      again: this.#batches === "perhaps" ? { method, message: message.slice() } : undefined,
    };
    const id = this.#nextId++;
    this.#waiting.set(id, waiting);
    this.#message.message(1, this.#request.clear().bytes(number, message));
    if (this.#ids.push(id) === 1) queueMicrotask(() => this.#flush());
    if (this.#ids.length >= MOST_COMMANDS || this.#message.view.length >= MOST_BYTES) this.#flush();
    return waiting.done.promise;
  }

  /** Closes. What is in flight fails. */
  close(): void {
    clearInterval(this.#sweep);
    this.#sweep = undefined;
    this.#rpc.close();
  }

  /** Sends what this turn has added. */
  #flush(): void {
    if (this.#ids.length === 0) return;
    const ids = this.#request.clear().varints(2, this.#ids);
    this.#ids = [];
    this.#stream ??= this.#begin();
    this.#sweep ??= this.#startSweep();
    this.#stream.send(this.#message.append(ids.view).view);
    this.#message.clear();
  }

  #begin(): RpcStream {
    const stream = this.#rpc.stream(COMMANDS_METHOD, (answer) => {
      try {
        this.#take(answer);
      } catch (error) {
        // Whose answers these are cannot be told any more.
        this.#stream = undefined;
        this.#fail(error);
        stream.cancel();
      }
    });
    const ended = (error: unknown) => {
      if (this.#stream === stream) this.#stream = undefined;
      this.#fail(error);
    };
    stream.ended.then(
      () => ended(new RpcError(RPC_CODE.unavailable, "the server ended the stream of commands")),
      ended,
    );
    return stream;
  }

  /** What waits does not get its answer. */
  #fail(error: unknown): void {
    this.#ids = [];
    this.#message.clear();
    const hasNone = this.#batches === "perhaps" && error instanceof RpcError &&
      error.code === RPC_CODE.unimplemented;
    if (hasNone) this.#batches = "no";
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { again, take, done } of waiting) {
      if (!hasNone) done.reject(error);
      else this.#rpc.call(again!.method, again!.message, take).then(done.resolve, done.reject);
    }
  }

  /** Gives each of the answers to whoever waits for it. */
  #take(answer: ProtoReader): void {
    this.#batches = "yes";
    const answers: ProtoReader[] = [];
    const ids: number[] = [];
    for (let field = answer.next(); field !== 0; field = answer.next()) {
      if (field === 1) answers.push(answer.message());
      else if (field === 2) answer.varints(ids);
      else answer.skip();
    }
    answers.forEach((one, i) => this.#give(ids[i]!, one));
  }

  #give(id: number, answer: ProtoReader): void {
    const waiting = this.#waiting.get(id);
    // It was not waited for any longer.
    if (waiting === undefined) return;
    this.#waiting.delete(id);
    const { number, take, done } = waiting;
    try {
      if (answer.next() !== number) {
        throw new RpcError(RPC_CODE.unimplemented, "it answers a command by another one's answer");
      }
      take(answer.message());
      done.resolve();
    } catch (error) {
      done.reject(error);
    }
  }

  #startSweep(): ReturnType<typeof setInterval> {
    const timer = setInterval(() => {
      const due = performance.now() - this.#deadlineMs;
      for (const [id, { startedAt, done }] of this.#waiting) {
        // The oldest come first.
        if (startedAt > due) return;
        this.#waiting.delete(id);
        const seconds = this.#deadlineMs / 1000;
        done.reject(
          new RpcError(RPC_CODE.deadlineExceeded, `it did not answer within ${seconds} s`),
        );
      }
    }, SWEEP_MS);
    Deno.unrefTimer(timer);
    return timer;
  }
}
