import { hasEnded, kill } from "../../../child/mod.ts";
import type { Cable } from "../../cable/mod.ts";
import { findProgram } from "../../find_program.ts";
import type { Endpoint } from "../client.ts";
import { etcdProgram } from "../program.ts";
import { freePlaces, memberArguments, type MemberPlace } from "../cluster.ts";

/** How long a program may take that answers at once, ms. */
const PATIENCE_MS = 10_000;

/** A cluster whose members can be ended, started again, stopped and cut off for a while, each by itself. */
export class Members implements AsyncDisposable {
  readonly #folder: string;
  readonly #places: readonly MemberPlace[];
  readonly #cable: Cable | undefined;
  readonly #processes: (Deno.ChildProcess | undefined)[];

  /** @param cable Between them, where they are to be cut off; ended by whoever laid it. */
  constructor(folder: string, nodes: number, cable?: Cable) {
    this.#folder = folder;
    this.#cable = cable;
    this.#places = cable?.addresses.map((host) => ({ host, client: 2379, peer: 2380 })) ??
      freePlaces(nodes);
    this.#processes = this.#places.map(() => undefined);
    this.#places.forEach((_, i) => this.start(i));
  }

  /** What clients connect to. */
  get endpoints(): Endpoint[] {
    return this.#places.map(({ host = "127.0.0.1", client }) => ({ host, port: client }));
  }

  /** Which member an endpoint is of. */
  indexOf({ host, port }: Endpoint): number {
    return this.endpoints.findIndex((own) => own.host === host && own.port === port);
  }

  start(i: number): void {
    const [program, ...args] = this.#on(i, [
      etcdProgram()!,
      ...memberArguments(this.#folder, this.#places, i),
    ]);
    this.#processes[i] = new Deno.Command(program!, {
      args,
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

  /** Cuts a member off the cable, or joins it to it again. */
  async join(i: number, joined: boolean): Promise<void> {
    const [program, ...args] = this.#on(i, [
      findProgram("ip")!,
      ...["link", "set", "cable", joined ? "up" : "down"],
    ]);
    const { success, stderr } = await new Deno.Command(program!, {
      args,
      signal: AbortSignal.timeout(PATIENCE_MS),
      stdin: "null",
      stdout: "null",
    }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  }

  #on(i: number, command: string[]): string[] {
    return this.#cable?.on(i, command) ?? command;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const process of this.#processes) if (process !== undefined) kill(process);
    for (const process of this.#processes) if (process !== undefined) await hasEnded(process);
    await Deno.remove(this.#folder, { recursive: true });
  }
}
