/** `publish`: puts a folder of pages where people read them. */
import { parseTarget, publish, releaseId } from "../../../publish/mod.ts";
import type { Call } from "../../call.ts";
import { EXIT } from "../../exit_code.ts";
import { interruptSignal } from "../../interrupt.ts";
import type { PublishFlags } from "./command.ts";

/** Runs the command. */
export async function runPublish(
  folder: string,
  { to, keep, identity, sshConfig }: PublishFlags,
  { streams }: Call,
): Promise<number> {
  // Everything is checked before the first target is touched.
  const targets = to.map(parseTarget);
  const options = {
    id: releaseId(),
    keep,
    identity,
    sshConfig,
    signal: interruptSignal(),
  };
  for (const target of targets) {
    const where = await publish(folder, target, options);
    streams.out(`Published: ${where}\n`);
  }
  return EXIT.fine;
}
