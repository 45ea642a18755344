/**
 * A process of our own that takes turns when it is told to: it lives as long as the comparison does, as
 * that of a run lives as long as the run.
 */
import { TextLineStream } from "@std/streams/text-line-stream";
import type { Done } from "./client_turns.ts";

/** The most that a process may hold that does nothing but a client's operations, bytes. */
export const MOST_BYTES = 200 * 2 ** 20;

/** Makes what a client does again and again. */
type MakeOperation = () => () => Promise<unknown>;

/** What the process says after a turn. */
interface Said extends Done {
  bytes: number;
}

/** Operations by the names that a line may have: `NAME CLIENTS SECONDS`. Goes on until its input ends. */
export async function serveTurns(
  operations: Readonly<Record<string, MakeOperation>>,
): Promise<void> {
  const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream())
    .pipeThrough(new TextLineStream());
  for await (const line of lines) {
    const [name, clients, seconds] = line.split(" ");
    const done = await closedLoop(operations[name!]!, Number(clients), Number(seconds));
    const said: Said = { ...done, bytes: Deno.memoryUsage().rss };
    console.log(JSON.stringify(said));
  }
}

async function closedLoop(make: MakeOperation, clients: number, seconds: number): Promise<Done> {
  const begun = performance.now();
  const end = begun + seconds * 1000;
  let count = 0;
  const work = async () => {
    const operation = make();
    while (performance.now() < end) {
      await operation();
      count++;
    }
  };
  await Promise.all(Array.from({ length: clients }, work));
  return { operations: count, seconds: (performance.now() - begun) / 1000 };
}

/** The process, as the comparison sees it. */
export class OurProcess {
  readonly #child: Deno.ChildProcess;
  readonly #input: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;
  /** The most memory that it said it held, bytes. */
  mostBytes = 0;

  /** @param module The bench, which serves turns when it gets these arguments. */
  constructor(module: string, args: readonly string[]) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        "--allow-read",
        "--allow-env",
        "--allow-net=127.0.0.1",
        new URL(module).pathname,
        ...args,
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    this.#input = this.#child.stdin.getWriter();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream()).getReader();
  }

  /** Lets it take a turn. @throws {Error} Where it ended. */
  async turn(operation: string, clients: number, seconds: number): Promise<Done> {
    await this.#input.write(new TextEncoder().encode(`${operation} ${clients} ${seconds}\n`));
    const { value } = await this.#lines.read();
    if (value === undefined) throw new Error("Our process ended in its turn");
    const { bytes, ...done }: Said = JSON.parse(value);
    this.mostBytes = Math.max(this.mostBytes, bytes);
    return done;
  }

  /** What it held at most, and whether that is within the bound. */
  memoryLine(): string {
    const [held, most] = [this.mostBytes, MOST_BYTES].map((bytes) => (bytes / 2 ** 20).toFixed(0));
    const verdict = this.mostBytes <= MOST_BYTES ? "met" : "missed";
    return `Our process held ${held} MiB at most, bound ${most} ${verdict}`;
  }

  /** Ends it, and waits. */
  async end(): Promise<void> {
    await this.#input.close().catch(() => {});
    await this.#lines.cancel();
    await this.#child.status;
  }
}
