/** Starts the process that publishes to S3, with no more permissions than it needs. */
import { kill } from "../child/mod.ts";
import { PublishError } from "./error.ts";
import { CREDENTIAL_VARIABLES } from "./s3.ts";
import type { S3Answer, S3Job } from "./s3_process.ts";

/** How long a publication may take altogether, min; each of its requests has a limit of its own. */
const MOST_MINUTES = 120;

/**
 * Publishes a folder in a process of its own, which alone has a network, and only to the target's
 * host. This process needs neither a network nor the credentials.
 *
 * @param minutes How long it may take altogether.
 * @returns URL of the page that leads to the newest pages.
 * @throws {PublishError} Why it could not be done.
 */
export async function publishInProcess(
  folder: string,
  job: S3Job,
  signal?: AbortSignal,
  minutes = MOST_MINUTES,
): Promise<string> {
  const { hostname, port, protocol } = new URL(job.target.endpoint);
  const host = `${hostname}:${port || (protocol === "http:" ? 80 : 443)}`;
  const fail = (why: string) =>
    new PublishError(`Cannot publish to ${job.target.shown}: ${why}`, "target");
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("deno", {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        "--cached-only",
        // Where it stands, since a comma in a path would begin another one.
        "--allow-read=.",
        `--allow-net=${host}`,
        `--allow-env=${Object.values(CREDENTIAL_VARIABLES).join(",")}`,
        "--ignore-env",
        new URL("./s3_process.ts", import.meta.url).href,
        JSON.stringify(job),
      ],
      cwd: folder,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new PublishError("Cannot publish to S3: there is no deno on the PATH; add it", "usage");
  }
  const end = () => kill(child);
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end();
  }, minutes * 60_000);
  const { code, stdout, stderr } = await child.output();
  clearTimeout(timer);
  signal?.removeEventListener("abort", end);
  if (signal?.aborted) throw fail("it was interrupted");
  if (late) throw fail(`it did not end within ${minutes} minutes`);
  const decoder = new TextDecoder();
  let answer: S3Answer;
  try {
    answer = JSON.parse(decoder.decode(stdout));
  } catch {
    throw fail(decoder.decode(stderr).trim().split("\n")[0] || `its process ended with ${code}`);
  }
  if ("url" in answer) return answer.url;
  throw new PublishError(answer.error, answer.kind);
}
