import { hasEnded, kill } from "../../../child/mod.ts";
import type { Endpoint } from "../client.ts";
import { etcdProgram, freePorts, memberArguments, type Ports } from "../cluster.ts";

/** A cluster whose members can be ended, started again, and stopped for a while, each by itself. */
export class Members implements AsyncDisposable {
  readonly #folder: string;
  readonly #ports: readonly Ports[];
  readonly #processes: (Deno.ChildProcess | undefined)[];

  constructor(folder: string, nodes: number) {
    this.#folder = folder;
    this.#ports = freePorts(nodes);
    this.#processes = this.#ports.map(() => undefined);
    this.#ports.forEach((_, i) => this.start(i));
  }

  /** What clients connect to. */
  get endpoints(): Endpoint[] {
    return this.#ports.map(({ client }) => ({ host: "127.0.0.1", port: client }));
  }

  /** Which member an endpoint is of. */
  indexOf({ port }: Endpoint): number {
    return this.#ports.findIndex(({ client }) => client === port);
  }

  start(i: number): void {
    this.#processes[i] = new Deno.Command(etcdProgram()!, {
      args: memberArguments(this.#folder, this.#ports, i),
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
