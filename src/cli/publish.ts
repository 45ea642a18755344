/** `publish`: puts a folder of pages where people read them. */
import { parseTarget, publish, releaseId } from "../publish/mod.ts";
import { EXIT } from "./exit_code.ts";
import { interruptSignal } from "./interrupt.ts";
import type { Streams } from "./streams.ts";
import { UsageError } from "./usage_error.ts";

/** The options of `publish`, as they are written. */
export interface PublishFlags {
  to: string[];
  keep: string;
  identity?: string;
  sshConfig?: string;
}

/** Runs the command. */
export async function publishCommand(
  folder: string,
  { to, keep, identity, sshConfig }: PublishFlags,
  streams: Streams,
): Promise<number> {
  // Everything is checked before the first target is touched.
  const targets = to.map(parseTarget);
  const options = {
    id: releaseId(),
    keep: parseKeep("--keep", keep),
    identity,
    sshConfig,
    signal: interruptSignal(),
  };
  for (const target of targets) {
    const where = await publish(folder, target, options);
    streams.error(`Published: ${where}\n`);
  }
  return EXIT.fine;
}

/**
 * How many published folders stay.
 *
 * @throws {UsageError} Where it is not a whole number from 2 to 1000.
 */
export function parseKeep(option: string, text: string): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= 2 && value <= 1000) return value;
  throw new UsageError(
    `Cannot take ${JSON.stringify(text)} for ${option}: give a whole number from 2 to 1000; the ` +
      "pages before the newest ones stay for who is reading them",
  );
}
