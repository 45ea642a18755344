/** What the stages need of a connection to a node; tests have one without SSH. */
import { firstText, hasEnded, kill } from "../child/mod.ts";
import type { ClusterNode } from "./inventory.ts";

/** A connection to a node over which commands run. */
export interface Link {
  /**
   * Starts a command of the node's shell, with its three streams piped. It ends when its streams are
   * closed or the link is; killing the returned process lets go of the command, and no more.
   */
  spawn(command: string): Deno.ChildProcess;
  /** Settles when the connection is gone, with the reason. */
  readonly gone: Promise<string>;
  /** Ends the connection. */
  close(): Promise<void>;
}

/** What is needed of a machine to connect to it. */
export type Host = Pick<ClusterNode, "name" | "address" | "sshPort" | "hostKey" | "problem">;

/** Makes connections to nodes. */
export interface Transport {
  /**
   * Connects.
   *
   * @throws {ClusterError} Why it cannot, in one line.
   */
  connect(node: Host, signal?: AbortSignal): Promise<Link>;
}

/** The most that is kept of what a node answers, bytes: doctor's JSON has some thousands. */
const MOST_ANSWER_BYTES = 1024 * 1024;

/** The beginning of what a command printed, and how it ended. */
interface Answer {
  code: number;
  out: string;
  err: string;
}

/**
 * Runs a command to its end.
 *
 * @param seconds How long it may take: a node may answer and then hang.
 * @returns `undefined` where it took longer.
 */
export async function ask(
  link: Link,
  command: string,
  seconds: number,
): Promise<Answer | undefined> {
  const child = link.spawn(command);
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), seconds * 1000);
  const closing = child.stdin.close().catch(() => {});
  try {
    const output = Promise.all([
      firstText(child.stdout, MOST_ANSWER_BYTES),
      firstText(child.stderr, MOST_ANSWER_BYTES),
      child.status,
    ]);
    const ended = await Promise.race([output, late.promise]);
    if (ended === undefined) {
      output.catch(() => {});
      kill(child);
      await hasEnded(child);
      return undefined;
    }
    await closing;
    const [out, err, { code }] = ended;
    return { code, out, err };
  } finally {
    clearTimeout(timer);
  }
}
