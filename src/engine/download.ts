/** Starts the process that fetches an archive, with no more permissions than it needs. */
import { TextLineStream } from "@std/streams/text-line-stream";
import { hasEnded, kill, lastText, Silence } from "../child/mod.ts";
import type { DownloadJob, DownloadLine, Published } from "./download_process.ts";
import { EngineError } from "./error.ts";
import { type Address, REPOSITORY_VARIABLE } from "./repository.ts";

/** The most that an archive may have, bytes; the largest are 60 MB. */
const MOST_ARCHIVE_BYTES = 512 * 1024 * 1024;
/** How long to wait for a next byte, s. */
const PATIENCE = 30;

/** How long its process may say nothing, in times its patience, which it has with each request. */
const SILENCE = 5;

/** What to fetch. */
export interface Download {
  address: Address;
  /** The folder that the archive is written to. */
  folder: string;
  /** The archive's name there; nothing is there yet. */
  file: string;
  /** Whether the digests that the repository publishes are wanted too. */
  published: boolean;
  /** How long to wait for a next byte, s. @default 30 */
  patience?: number | undefined;
}

/** Why an archive could not be fetched: the end of a sentence. */
export class DownloadError extends Error {
  override readonly name = "DownloadError";

  /** @param absent Whether the repository has no such archive. */
  constructor(message: string, readonly absent: boolean) {
    super(message);
  }
}

/**
 * Fetches an archive in a process of its own, which alone has a network, and only to that host. What
 * comes of it is not yet held against any digest.
 *
 * @param progress Told how many bytes came, of how many, where that is known.
 * @returns What the repository publishes; `null` where that was not asked for.
 * @throws {DownloadError} Why it could not be fetched. A part may be left.
 * @throws {EngineError} Where there is no deno to start.
 */
export async function download(
  { address, folder, file, published, patience = PATIENCE }: Download,
  progress: (received: number, total: number | null) => void,
  signal?: AbortSignal,
): Promise<Published | null> {
  const job: DownloadJob = {
    url: address.url,
    authorization: address.authorization,
    file,
    most: MOST_ARCHIVE_BYTES,
    published,
    patience,
    mirrorVariable: REPOSITORY_VARIABLE,
  };
  let child: Deno.ChildProcess;
  try {
    child = new Deno.Command("deno", {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        "--cached-only",
        // Where it stands, since a comma in a path would begin another one.
        "--allow-write=.",
        `--allow-net=${address.host}`,
        "--ignore-env",
        new URL("./download_process.ts", import.meta.url).href,
        JSON.stringify(job),
      ],
      cwd: folder,
      env: { NO_COLOR: "1" },
      // Open as long as this process is.
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new EngineError(
      "Cannot get a release: there is no deno on the PATH; add its folder to PATH",
      "usage",
    );
  }
  const end = () => kill(child);
  const silenceMs = SILENCE * patience * 1000;
  let silent = false;
  using silence = new Silence(silenceMs, () => {
    silent = true;
    end();
  });
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  const complaint = lastText(child.stderr);
  let last: DownloadLine | undefined;
  try {
    const lines = child.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const line of lines) {
      silence.heard();
      last = JSON.parse(line) as DownloadLine;
      if (last.kind === "progress") progress(last.received, last.total);
    }
  } finally {
    signal?.removeEventListener("abort", end);
    end();
    await Promise.all([hasEnded(child), child.stdin.close().catch(() => {})]);
  }
  if (signal?.aborted) throw new DownloadError("it was interrupted", false);
  if (silent) {
    throw new DownloadError(`its process said nothing for ${silenceMs / 1000} s`, false);
  }
  if (last?.kind === "done") return last.published;
  if (last?.kind === "failed") throw new DownloadError(last.reason, last.absent);
  const said = (await complaint).trim().split("\n")[0];
  throw new DownloadError(said || `its process ended with ${(await child.status).code}`, false);
}
