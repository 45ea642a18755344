/**
 * Connections over the system's OpenSSH. One process a node keeps the connection (its master), and
 * each command goes over it. The master's own command is `cat`: it ends when this process does,
 * however that happens, so that nothing is left behind on either side.
 */
import { kill, lastText } from "../child/mod.ts";
import { WorkFolder } from "../disk/mod.ts";
import { boundedLines } from "./bounded_lines.ts";
import { ClusterError, NodeFault } from "./error.ts";
import type { Inventory } from "./inventory.ts";
import type { Host, Link, Transport } from "./link.ts";

/** How to connect. */
export interface SshOptions {
  /** The private key's file. @default what ssh finds by itself */
  identity?: string | undefined;
  /** ssh's configuration. @default the user's own */
  config?: string | undefined;
  /** How long to wait for a connection, s. @default 15 */
  connectSeconds?: number | undefined;
  /** How long a node may be silent before the connection is given up, s. @default 30 */
  patienceSeconds?: number | undefined;
}

/** What the far end of the master prints when a command can be run. */
export const READY = "tidemark-ready";

/** Connects with `ssh`. Dispose of it to remove its sockets. */
export class SshTransport implements Transport, Disposable {
  readonly #user: string;
  readonly #options: SshOptions;
  /** Short, since a socket's path may have 104 bytes only. */
  readonly #folder = new WorkFolder("ssh");

  constructor(inventory: Pick<Inventory, "user">, options: SshOptions = {}) {
    this.#user = inventory.user;
    this.#options = options;
  }

  /**
   * Connects.
   *
   * @throws {ClusterError} Why it cannot, in one line.
   */
  async connect(node: Host, signal?: AbortSignal): Promise<Link> {
    if (node.problem !== null) {
      throw new ClusterError(`Cannot use ${node.name}: ${node.problem}`, "usage");
    }
    const { connectSeconds = 15 } = this.#options;
    const socket = `${this.#folder.path}/${crypto.randomUUID().slice(0, 8)}`;
    const common = this.#arguments(node);
    const master = spawnSsh([
      ...common,
      ...["-o", "ControlMaster=yes", "-S", socket],
      ...destination(this.#user, node),
      `echo ${READY}; exec cat`,
    ]);
    const end = () => kill(master);
    const complaint = lastText(master.stderr);
    const deadline = setTimeout(end, connectSeconds * 1000);
    signal?.addEventListener("abort", end, { once: true });
    const ready = await isReady(master.stdout);
    clearTimeout(deadline);
    signal?.removeEventListener("abort", end);
    if (!ready) {
      end();
      const { signal: killed } = await master.status;
      const said = await complaint;
      const { why, lasting, word } = killed === null
        ? reasonOf(said)
        : signal?.aborted
        ? { why: "it was interrupted", lasting: false, word: null }
        : { why: `it did not answer within ${connectSeconds} s`, lasting: false, word: "silent" };
      throw new ClusterError(
        `Cannot reach ${node.name} (${endpoint(node)}): ${why}`,
        "node",
        { lasting, word },
      );
    }
    return {
      spawn: (command) =>
        spawnSsh([
          ...common,
          // Without the master it must fail, and not connect anew.
          ...["-o", "ControlMaster=no", "-o", "ProxyCommand=false", "-S", socket],
          ...destination(this.#user, node),
          command,
        ]),
      gone: master.status.then(async () => reasonOf(await complaint).why),
      close: async () => {
        await master.stdin.close().catch(() => {});
        const timer = setTimeout(end, 2000);
        await master.status;
        clearTimeout(timer);
      },
    };
  }

  #arguments(node: Host): string[] {
    const { identity, config, connectSeconds = 15, patienceSeconds = 30 } = this.#options;
    const set = (name: string, value: string | number) => ["-o", `${name}=${value}`];
    const args = [
      "-T",
      ...(config === undefined ? [] : ["-F", config]),
      ...set("BatchMode", "yes"),
      ...set("StrictHostKeyChecking", "yes"),
      ...set("UpdateHostKeys", "no"),
      ...set("PasswordAuthentication", "no"),
      ...set("KbdInteractiveAuthentication", "no"),
      ...set("ForwardAgent", "no"),
      ...set("ForwardX11", "no"),
      ...set("ClearAllForwardings", "yes"),
      ...set("PermitLocalCommand", "no"),
      ...set("EscapeChar", "none"),
      ...set("LogLevel", "ERROR"),
      ...set("ConnectTimeout", connectSeconds),
      ...set("ServerAliveInterval", Math.max(1, Math.floor(patienceSeconds / 3))),
      ...set("ServerAliveCountMax", 3),
    ];
    if (identity !== undefined) args.push("-i", identity, ...set("IdentitiesOnly", "yes"));
    if (node.hostKey !== null) {
      const known = `${this.#folder.path}/${node.name}.known`;
      Deno.writeTextFileSync(known, `${node.name} ${node.hostKey}\n`);
      args.push(
        ...set("HostKeyAlias", node.name),
        ...set("UserKnownHostsFile", known),
        ...set("GlobalKnownHostsFile", "/dev/null"),
      );
    }
    return args;
  }

  /** Removes the sockets. Close the links first. */
  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

function endpoint(node: Host): string {
  return `${node.address}:${node.sshPort}`;
}

/** The inventory has made sure that nothing in these is taken for an option. */
function destination(user: string, node: Host): string[] {
  return ["-l", user, "-p", String(node.sshPort), "--", node.address];
}

function spawnSsh(args: string[]): Deno.ChildProcess {
  try {
    return new Deno.Command("ssh", {
      args,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
      // Ctrl-C in a terminal goes to a whole group; the connection has still to end the far side.
      detached: true,
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new ClusterError(
      "Cannot connect: ssh is not on the PATH; install OpenSSH's client",
      "usage",
    );
  }
}

/** What a shell's start-up files may print before its far end is ready, letters of one line. */
const MOST_GREETING = 64 * 1024;

/** Whether the far end said that it is ready; a shell's start-up files may print before it. */
export async function isReady(stdout: ReadableStream<Uint8Array>): Promise<boolean> {
  const [said, rest] = stdout.tee();
  // Nothing more will come; reading on keeps the pipe from filling if something does.
  rest.pipeTo(new WritableStream()).catch(() => {});
  try {
    for await (const line of boundedLines(said, MOST_GREETING)) {
      if (line === READY) return true;
    }
  } catch (error) {
    if (!(error instanceof NodeFault)) throw error;
  }
  return false;
}

/** What a complaint of ssh's means. */
export interface Reason {
  /** What it is, and how to mend it, as the end of a sentence. */
  why: string;
  /** Whether it is met again by whoever tries again. */
  lasting: boolean;
  /** What it is in a word. */
  word: string | null;
}

/** What ssh complains of. */
const REASONS: [RegExp, Reason & { word: string }][] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED|host key for .* has changed/i,
    {
      why: "its host key is not the one that is known; find out why before you put the new one " +
        "into the cluster file or known_hosts",
      lasting: true,
      word: "host key",
    },
  ],
  [
    /Host key verification failed|No .* host key is known/,
    {
      why: "its host key is not known; put it into the cluster file as hostKey",
      lasting: true,
      word: "host key",
    },
  ],
  [
    /Permission denied/,
    {
      why: "it refuses the key; name the right one with --identity",
      lasting: true,
      word: "key",
    },
  ],
  [
    /Connection refused/,
    { why: "the connection is refused; is sshd running there?", lasting: false, word: "refused" },
  ],
  [
    /timed out|Timeout, server/i,
    {
      why: "it does not answer; is it on, and is the network there?",
      lasting: false,
      word: "silent",
    },
  ],
  [
    /No route to host|Network is unreachable/,
    { why: "no route leads there; check its address", lasting: false, word: "no route" },
  ],
  [
    /Could not resolve/,
    {
      why: "its address has no meaning to the name service; check it",
      lasting: false,
      word: "no name",
    },
  ],
  [/No space left on device/, { why: "its disk is full", lasting: true, word: "full" }],
  [
    /Bad owner or permissions|UNPROTECTED PRIVATE KEY/,
    { why: "others may read the key file; chmod 600 it", lasting: true, word: "key" },
  ],
];

/**
 * What a complaint of ssh's means.
 *
 * @param said What it printed on stderr.
 */
export function reasonOf(said: string): Reason {
  const known = REASONS.find(([pattern]) => pattern.test(said));
  if (known !== undefined) return known[1];
  const line = said.trim().split("\n").at(-1);
  const why = line ? `ssh said: ${line.slice(0, 200)}` : "the connection ended";
  return { why, lasting: false, word: null };
}
