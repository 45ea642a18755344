/**
 * The one process that fetches archives: it may reach one host, and write in the folder that it is
 * started in. What it fetched is nothing yet: who started it holds it against its digest.
 */
import { fileReason, networkReason, writeWhole } from "../disk/mod.ts";

/** What it is to do, as JSON in its only argument. */
export interface DownloadJob {
  url: string;
  authorization?: string | undefined;
  /** The file to be made, in the folder that it is started in. */
  file: string;
  /** The most that the archive may have, bytes. */
  most: number;
  /** Whether the digests that the repository publishes are wanted too. */
  published: boolean;
  /** How long to wait for a next byte, s. */
  patience: number;
  /** What stands beside a name of another repository in errors. */
  mirrorVariable: string;
}

/** Digests as the repository publishes them, in hexadecimal; `null` where it does not. */
export interface Published {
  sha256: string | null;
  sha1: string | null;
}

/** A line that it prints on stdout, as JSON. */
export type DownloadLine =
  | { kind: "progress"; received: number; total: number | null }
  | { kind: "done"; received: number; published: Published | null }
  | { kind: "failed"; reason: string; absent: boolean };

/** A reason for which nothing was fetched. */
class Refusal extends Error {
  /** @param absent Whether the repository has no such file. */
  constructor(message: string, readonly absent = false) {
    super(message);
  }
}

/** How often to ask a server that met a fault of its own. */
const ATTEMPTS = 3;
/** How long to wait before the second time, ms; twice as long before the next one. */
const PAUSE_MS = 500;
/** How many times one answer may lead on to another. */
const MOST_REDIRECTS = 5;
/** Time between two lines of progress, ms. */
const PROGRESS_MS = 200;
/** A zip archive's first bytes. */
const ZIP = [0x50, 0x4b, 0x03, 0x04];
/** The most of a published digest's file that is read, bytes. */
const MOST_DIGEST_BYTES = 4096;

function print(line: DownloadLine): void {
  writeWhole(Deno.stdout, new TextEncoder().encode(JSON.stringify(line) + "\n"));
}

/** An answer that is no redirection. @throws {Refusal} */
async function ask(job: DownloadJob, url: string, signal: AbortSignal): Promise<Response> {
  const { authorization } = job;
  const { host } = new URL(job.url);
  let at = url;
  for (let i = 0; i < MOST_REDIRECTS; i++) {
    let response: Response;
    try {
      response = await fetch(at, {
        redirect: "manual",
        signal,
        ...(authorization !== undefined && { headers: { authorization } }),
      });
    } catch (error) {
      if (signal.aborted) throw new Refusal(`no answer from ${host} within ${job.patience} s`);
      throw new Refusal(`${host} cannot be reached: ${networkReason(error)}`);
    }
    const leads = response.status >= 300 && response.status < 400 &&
      response.headers.get("location");
    if (!leads) return response;
    await response.body?.cancel();
    const next = new URL(leads, at);
    if (next.host !== host || next.protocol !== new URL(job.url).protocol) {
      throw new Refusal(
        `${host} leads on to ${next.host}, which may not be reached; name a repository that ` +
          `answers itself in ${job.mirrorVariable}`,
      );
    }
    at = next.href;
  }
  throw new Refusal(`${host} leads round in a circle`);
}

/** Aborts where nothing came for a while. */
class Patience {
  readonly #abort = new AbortController();
  readonly #ms: number;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(seconds: number) {
    this.#ms = seconds * 1000;
    this.more();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Something came. */
  more(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#abort.abort(), this.#ms);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

/** Fetches the archive. @returns Its size in bytes. @throws {Refusal} */
async function download(job: DownloadJob): Promise<number> {
  for (let attempt = 1;; attempt++) {
    using patience = new Patience(job.patience);
    const response = await ask(job, job.url, patience.signal);
    if (response.ok) return await save(job, response, patience);
    await response.body?.cancel();
    const again = response.status >= 500 || response.status === 429;
    if (!again || attempt === ATTEMPTS) throw refusalOf(job.url, response.status);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * 2 ** (attempt - 1)));
  }
}

function refusalOf(url: string, status: number): Refusal {
  const { host, pathname } = new URL(url);
  if (status === 404 || status === 410) {
    return new Refusal(`${host} has no ${pathname.slice(pathname.lastIndexOf("/") + 1)}`, true);
  }
  const mend = status === 401 || status === 403
    ? "; it wants another user or password, or serves this to nobody"
    : status === 407
    ? "; the proxy wants a user and password"
    : "; try again later";
  return new Refusal(`${host} answered ${status}${mend}`);
}

async function save(job: DownloadJob, response: Response, patience: Patience): Promise<number> {
  const { host } = new URL(job.url);
  const length = Number(response.headers.get("content-length") ?? NaN);
  const total = Number.isSafeInteger(length) ? length : null;
  const large = () =>
    new Refusal(`${host} sends more than ${job.most} bytes; check the repository`);
  if (total !== null && total > job.most) {
    await response.body?.cancel();
    throw large();
  }
  using file = Deno.openSync(job.file, { write: true, createNew: true });
  let received = 0;
  let told = 0;
  const short = () =>
    new Refusal(
      `the archive was cut short after ${received} bytes${total === null ? "" : ` of ${total}`}`,
    );
  try {
    for await (const chunk of response.body ?? []) {
      patience.more();
      if (received === 0) requireArchive(host, chunk);
      received += chunk.length;
      if (received > job.most) throw large();
      writeWhole(file, chunk);
      const now = performance.now();
      if (now - told < PROGRESS_MS) continue;
      told = now;
      print({ kind: "progress", received, total });
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    if (error instanceof Deno.errors.BrokenPipe) Deno.exit(1);
    if (error instanceof Error && "code" in error && /^E[A-Z]+$/.test(String(error.code))) {
      throw new Refusal(`the archive cannot be written: ${fileReason(error)}`);
    }
    throw patience.signal.aborted
      ? new Refusal(`${host} sent nothing for ${job.patience} s`)
      : short();
  }
  if (received === 0 || received < (total ?? 0)) throw short();
  return received;
}

/** Refuses what a proxy says in place of the repository. */
function requireArchive(host: string, chunk: Uint8Array): void {
  if (ZIP.every((byte, i) => i >= chunk.length || chunk[i] === byte)) return;
  const page = new TextDecoder().decode(chunk.subarray(0, 256)).trimStart().startsWith("<");
  throw new Refusal(
    page
      ? `${host} answered with a web page in place of the archive, as proxies do; log in there, ` +
        "or name another way to it in HTTPS_PROXY"
      : `what ${host} sends is no archive`,
  );
}

/** A digest that is published beside the archive. */
async function publishedDigest(
  job: DownloadJob,
  ending: string,
  letters: number,
): Promise<string | null> {
  using patience = new Patience(job.patience);
  const response = await ask(job, `${job.url}.${ending}`, patience.signal);
  if (!response.ok || Number(response.headers.get("content-length")) > MOST_DIGEST_BYTES) {
    await response.body?.cancel();
    return null;
  }
  let text = "";
  for await (const chunk of response.body ?? []) {
    text += new TextDecoder("latin1").decode(chunk);
    if (text.length > MOST_DIGEST_BYTES) return null;
  }
  const [, digest] = new RegExp(`^\\s*([0-9a-f]{${letters}})(?![0-9a-f])`, "i").exec(text) ?? [];
  return digest?.toLowerCase() ?? null;
}

if (import.meta.main) {
  // Ctrl-C in a terminal goes to both, and who started this one decides.
  for (const signal of ["SIGINT", "SIGTERM"] as const) Deno.addSignalListener(signal, () => {});
  // The other end of this pipe closes with it, however it ends.
  Deno.stdin.read(new Uint8Array(1)).then(() => Deno.exit(1));
  const job: DownloadJob = JSON.parse(Deno.args[0]!);
  try {
    const received = await download(job);
    const published = job.published
      ? {
        sha256: await publishedDigest(job, "sha256", 64),
        sha1: await publishedDigest(job, "sha1", 40),
      }
      : null;
    print({ kind: "done", received, published });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    print({ kind: "failed", reason: error.message, absent: error.absent });
  }
  // Nobody waits for what is still open.
  Deno.exit(0);
}
