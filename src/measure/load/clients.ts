/** The clients of a load: a thread each, that are let go together and waited for with a limit. */
import type { StoreOptions } from "../../store/mod.ts";
import { LOAD_OPERATION_NAMES, LOAD_OPERATIONS, type LoadSpec } from "../../workload/mod.ts";
import type { SystemClock } from "../../native/mod.ts";
import { ClientMemory, Control, Place } from "./memory.ts";
import type { ClientMessage, ClientSpec, LoopKind } from "./spec.ts";

/** A client did not do what it was to. The message says which, and in what it was. */
export class ClientError extends Error {
  override name = "ClientError";
}

/** How clients are started and waited for. */
export interface ClientOptions {
  /** The store's name. */
  store: string;
  /** As it was opened with. */
  options: StoreOptions;
  load: LoadSpec;
  /** Phases that each goes through. */
  phases: number;
  /** Determines what they draw. */
  seed: number;
  /** What closed loops are of. @default "native", where that can be */
  loop?: LoopKind;
  clock: SystemClock;
  /** How long a client may take to get ready, or to stop after a phase's end, ms. @default 60_000 */
  limitMs?: number;
}

/** How long a client may take to get ready, or to stop after a phase's end, ms. */
const LIMIT_MS = 60_000;
/** How far ahead a phase begins, ns: every thread has been woken by then. */
const AHEAD_NS = 20e6;
/** How long the others are waited for where one has failed, ms. */
const PATIENCE_MS = 2000;

/** A client as its follower knows it. */
export interface Client {
  /** From 0, over all groups. */
  readonly number: number;
  readonly group: number;
  /** Whether it is what is measured. */
  readonly counted: boolean;
  readonly memory: ClientMemory;
}

/** The threads of a load. Made by {@linkcode startClients}. */
export class Clients {
  readonly all: readonly Client[];
  readonly #threads: readonly ClientThread[];
  readonly #clock: SystemClock;
  readonly #limitMs: number;
  #phase = 0;

  /** Use {@linkcode startClients}. */
  constructor(
    all: readonly Client[],
    threads: readonly ClientThread[],
    clock: SystemClock,
    limitMs: number,
  ) {
    this.all = all;
    this.#threads = threads;
    this.#clock = clock;
    this.#limitMs = limitMs;
  }

  /** Waits until all are ready for the next phase. @throws {ClientError} Where one is not. */
  async ready(): Promise<void> {
    const phase = this.#phase + 1;
    await this.#each((thread) => thread.reached(phase, this.#limitMs));
  }

  /**
   * Lets all go at the same moment, for so long.
   *
   * @returns When the phase begins, ns of the clock.
   */
  begin(ns: number): number {
    const begin = this.#clock.now() + AHEAD_NS;
    this.#phase++;
    for (const { memory } of this.all) {
      memory.numbers[Place.begin] = begin;
      memory.numbers[Place.end] = begin + ns;
      Atomics.store(memory.control, Control.go, this.#phase);
      Atomics.notify(memory.control, Control.go);
    }
    return begin;
  }

  /** Why it cannot go on, if one has failed by now; looked at without waiting. */
  requireAlive(): void {
    const failed = this.#threads.find(({ failure }) => failure !== undefined);
    if (failed !== undefined) throw new ClientError(failed.failure);
  }

  /**
   * Waits until all have let go of the database, after the last phase.
   *
   * @param limitMs How long after its time was over. @default that of all waits
   * @throws {ClientError} Where one has not: the database must not be closed then.
   */
  async stopped(limitMs = this.#limitMs): Promise<void> {
    await this.#each((thread) => thread.reached(Infinity, limitMs));
    for (const thread of this.#threads) thread.end();
  }

  /**
   * Stops all, whatever they do.
   *
   * @param patienceMs How long one may take to end what it does.
   * @returns Whether all have let go of the database.
   */
  async abandon(patienceMs = PATIENCE_MS): Promise<boolean> {
    for (const { memory } of this.all) {
      Atomics.store(memory.control, Control.stop, 1);
      Atomics.store(memory.control, Control.go, -1);
      Atomics.notify(memory.control, Control.go);
    }
    const ended = await Promise.all(
      this.#threads.map((thread) =>
        thread.reached(Infinity, patienceMs).then(() => true, () => thread.failure !== undefined)
      ),
    );
    for (const thread of this.#threads) thread.end();
    return ended.every(Boolean);
  }

  async #each(wait: (thread: ClientThread) => Promise<void>): Promise<void> {
    await Promise.all(this.#threads.map(wait));
  }
}

/** A client's thread, and what it has said. */
class ClientThread {
  readonly #worker: Worker;
  readonly #client: Client;
  #reached = 0;
  #wake: (() => void) | undefined;
  /** Why it does not go on, in words. */
  failure: string | undefined;

  constructor(client: Client, spec: ClientSpec, libraries: readonly string[]) {
    this.#client = client;
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), {
      type: "module",
      name: `client ${client.number}`,
      // What it may do beside working in memory: call the engine's library, and find that.
      deno: {
        permissions: {
          ffi: true,
          read: [...libraries],
          write: false,
          net: false,
          env: false,
          run: false,
          sys: false,
        },
      },
    } as WorkerOptions);
    this.#worker.onmessage = ({ data }: MessageEvent<ClientMessage>) => {
      if (data.kind === "waiting") this.#reached = data.phase;
      else if (data.kind === "stopped") this.#reached = Infinity;
      else this.#fail(data.message);
      this.#wake?.();
    };
    this.#worker.onerror = (event) => {
      event.preventDefault();
      this.#fail(event.message.split("\n")[0]!);
      this.#wake?.();
    };
    this.#worker.postMessage(spec);
  }

  #fail(message: string): void {
    this.failure ??= `Client ${this.#client.number} died: ${message}`;
  }

  /** Waits until it is ready for a phase; `Infinity`: until it has stopped for good. */
  async reached(phase: number, limitMs: number): Promise<void> {
    const late = Symbol();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const limit = new Promise<typeof late>((resolve) => {
      timer = setTimeout(() => resolve(late), limitMs);
    });
    try {
      while (this.#reached < phase && this.failure === undefined) {
        const woken = new Promise<void>((resolve) => this.#wake = resolve);
        if (await Promise.race([woken, limit]) === late) {
          throw new ClientError(
            `Client ${this.#client.number} ${this.#silence(phase, limitMs)}`,
          );
        }
      }
    } finally {
      clearTimeout(timer);
    }
    if (this.failure !== undefined) throw new ClientError(this.failure);
  }

  #silence(phase: number, limitMs: number): string {
    const within = `within ${limitMs / 1000} s`;
    if (phase === 1) return `did not get ready ${within}`;
    const code = this.#client.memory.numbers[Place.operation]!;
    const { plural: words } = LOAD_OPERATIONS[LOAD_OPERATION_NAMES[code]!];
    return `did not stop ${within} after its time was over: it hangs in one of its ${words}`;
  }

  /** Ends the thread; one that is in a native call, when that returns. */
  end(): void {
    this.#worker.terminate();
  }
}

/** The clients of a load, with memory of their own each. */
export function clientsOf({ groups }: LoadSpec): Client[] {
  return groups.flatMap(({ clients, counted }, group) =>
    Array.from({ length: clients }, () => ({ group, counted }))
  ).map((each, number) => ({ ...each, number, memory: new ClientMemory() }));
}

/**
 * Starts a load's clients on an open database.
 *
 * @param shared What the store's `share` gave.
 * @param libraries Files that they have to read to find the engine's library.
 */
export function startClients(
  shared: unknown,
  libraries: readonly string[],
  { store, options, load, phases, seed, clock, loop = "native", limitMs = LIMIT_MS }: ClientOptions,
): Clients {
  const all = clientsOf(load);
  const threads = all.map((client) =>
    new ClientThread(client, {
      store,
      shared,
      options,
      load,
      number: client.number,
      seed,
      loop,
      origin: clock.origin,
      phases,
      memory: client.memory.buffer,
    }, libraries)
  );
  return new Clients(all, threads, clock, limitMs);
}
