/** `publish`: puts a folder of pages where people read them. */
import { parseTarget, publish, releaseId } from "../publish/mod.ts";
import { EXIT } from "./exit_code.ts";
import { interruptSignal } from "./interrupt.ts";
import { parseKeep } from "./option_values.ts";
import type { Streams } from "./streams.ts";

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
