import { hasEnded, kill } from "../../../child/mod.ts";
import type { Endpoint } from "../client.ts";
import { etcdProgram, freePlaces, memberArguments, type MemberPlace } from "../cluster.ts";

/** A cluster whose members can be ended, started again, and stopped for a while, each by itself. */
export class Members implements AsyncDisposable {
  readonly #folder: string;
  readonly #places: readonly MemberPlace[];
  readonly #processes: (Deno.ChildProcess | undefined)[];

  constructor(folder: string, nodes: number) {
    this.#folder = folder;
    this.#places = freePlaces(nodes);
    this.#processes = this.#places.map(() => undefined);
    this.#places.forEach((_, i) => this.start(i));
  }

  /** What clients connect to. */
  get endpoints(): Endpoint[] {
    return this.#places.map(({ client }) => ({ host: "127.0.0.1", port: client }));
  }

  /** Which member an endpoint is of. */
  indexOf({ port }: Endpoint): number {
    return this.#places.findIndex(({ client }) => client === port);
  }

  start(i: number): void {
    this.#processes[i] = new Deno.Command(etcdProgram()!, {
      args: memberArguments(this.#folder, this.#places, i),
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  /** Ends a member as a power cut would, but for what the system has still to write. */
  async kill(i: number): Promise<void> {
    const process = this.#processes[i]!;
    kill(process);
    await hasEnded(process);
  }

  /** Stops a member: it keeps its connections and answers nothing. */
  pause(i: number): void {
    this.#processes[i]!.kill("SIGSTOP");
  }

  resume(i: number): void {
    this.#processes[i]!.kill("SIGCONT");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of this.#processes) if (process !== undefined) kill(process);
    for (const process of this.#processes) if (process !== undefined) await hasEnded(process);
    await Deno.remove(this.#folder, { recursive: true });
  }
}
