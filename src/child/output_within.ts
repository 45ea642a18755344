import { hasEnded, kill } from "./end.ts";
import { firstText } from "./first_text.ts";
import { untilEnded } from "./until_ended.ts";

/** How a child ended, and the beginning of what it printed. */
export interface Output {
  code: number;
  success: boolean;
  out: string;
  err: string;
}

/**
 * Runs a program that reads nothing to its end.
 *
 * @param seconds How long it may take.
 * @returns `undefined` where it took longer; it was ended then.
 * @throws {Deno.errors.NotFound} Where there is no such program.
 */
export async function outputWithin(
  program: string,
  args: readonly string[],
  seconds: number,
): Promise<Output | undefined> {
  const child = new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const late = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => late.resolve(undefined), seconds * 1000);
  try {
    const output = Promise.all([
      firstText(untilEnded(child.stdout, child)),
      firstText(untilEnded(child.stderr, child)),
      child.status,
    ]);
    const ended = await Promise.race([output, late.promise]);
    if (ended === undefined) {
      output.catch(() => {});
      kill(child);
      await hasEnded(child);
      return undefined;
    }
    const [out, err, { code, success }] = ended;
    return { code, success, out, err };
  } finally {
    clearTimeout(timer);
  }
}
