/**
 * Publishing over SSH, in the same scheme as to a directory. One archive goes through one command of
 * the far side, whose shell gets nothing but words that it takes as they are.
 */
import { ClusterError, letGo, type Link, shellWord } from "../cluster/mod.ts";
import { PublishError } from "./error.ts";
import { isReleaseId, LATEST, RELEASE_FILE, releaseText } from "./pages.ts";

/** How to publish over SSH. */
export interface OverSshOptions {
  /** Name of the new folder. */
  id: string;
  /** How many published folders stay: at least 2. */
  keep: number;
  /** How long it may take, s. */
  seconds: number;
  signal?: AbortSignal | undefined;
}

/** What is published over SSH, and where. */
export interface OverSsh {
  /** The folder here. */
  folder: string;
  /** Its files. */
  names: readonly string[];
  /** The directory there. */
  path: string;
  /** What the target is called in messages. */
  shown: string;
}

/**
 * Publishes over a connection.
 *
 * @throws {PublishError} Why it could not be done; what was published there before stays.
 */
export async function publishOverSsh(
  link: Link,
  { folder, names, path, shown }: OverSsh,
  { id, keep, seconds, signal }: OverSshOptions,
): Promise<void> {
  if (!isReleaseId(id)) throw new TypeError(`Cannot name published pages ${JSON.stringify(id)}`);
  const own = Deno.makeTempDirSync({ prefix: "tidemark-" });
  try {
    Deno.writeTextFileSync(`${own}/${RELEASE_FILE}`, releaseText(id));
    const far = link.spawn(receive(path, id, Math.max(keep, 2)));
    const near = new Deno.Command("tar", {
      args: [
        ...["--create", "--directory", folder, "--null", "--no-recursion", "--files-from=-"],
        // Last, so that who has it has all.
        ...["--directory", own, RELEASE_FILE],
      ],
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    await send(near, far, names, { shown, seconds, signal });
  } finally {
    Deno.removeSync(own, { recursive: true });
  }
}

/** Sends what `near` packs to what `far` unpacks. */
async function send(
  near: Deno.ChildProcess,
  far: Deno.ChildProcess,
  names: readonly string[],
  { shown, seconds, signal }: {
    shown: string;
    seconds: number;
    signal: AbortSignal | undefined;
  },
): Promise<void> {
  let late = false;
  const giveUp = () => {
    letGo(near);
    letGo(far);
  };
  const timer = setTimeout(() => {
    late = true;
    giveUp();
  }, seconds * 1000);
  signal?.addEventListener("abort", giveUp, { once: true });
  if (signal?.aborted) giveUp();
  const nearSaid = new Response(near.stderr).text();
  const farSaid = new Response(far.stderr).text();
  far.stdout.cancel().catch(() => {});
  const list = names.map((name) => `${name}\0`).join("");
  const listing = new Response(list).body!.pipeTo(near.stdin).catch(() => {});
  // Where the far end breaks off, its status says why.
  await near.stdout.pipeTo(far.stdin).catch(() => letGo(near));
  await listing;
  const [packed, unpacked] = await Promise.all([near.status, far.status]);
  clearTimeout(timer);
  signal?.removeEventListener("abort", giveUp);
  const fail = (why: string) => new PublishError(`Cannot publish to ${shown}: ${why}`, "target");
  if (signal?.aborted) throw fail("it was interrupted");
  if (late) throw fail(`it took longer than ${seconds} s`);
  if (!unpacked.success) {
    const said = await farSaid;
    if (packed.code !== 0 && /it did not come whole/.test(said)) {
      throw fail(firstLine(await nearSaid) || "tar failed here");
    }
    throw fail(farReason(said, unpacked.code));
  }
}

/** The far side: unpacks beside, then switches. */
function receive(directory: string, id: string, keep: number): string {
  const word = (path: string) => shellWord(`${directory}/${path}`);
  const fresh = word(`.unfinished-${id}`);
  const [final, latest, next] = [word(id), word(LATEST), word(`.next-${id}`)];
  return [
    "set -e; umask 022; LC_ALL=C; export LC_ALL;",
    `mkdir -p ${shellWord(directory)};`,
    `if [ -e ${latest} ] && [ ! -h ${latest} ]; then`,
    `echo ${shellWord(`${directory}/${LATEST} is there and is no link; move it away`)} >&2;`,
    "exit 73; fi;",
    `mkdir ${fresh};`,
    // What is half there only takes room.
    `trap 'rm -rf '${shellWord(fresh)} EXIT;`,
    `tar --extract --no-same-owner --directory ${fresh};`,
    // An archive that breaks off between two files is none that tar complains of.
    `[ -f ${fresh}/${RELEASE_FILE} ] || { echo 'it did not come whole' >&2; exit 74; };`,
    `mv -T ${fresh} ${final};`,
    `ln -sfn ${shellWord(id)} ${next}; mv -T ${next} ${latest};`,
    // Left by others that were cut off more than a day ago.
    `find ${shellWord(directory)} -maxdepth 1 -name '.unfinished-*' -mmin +1440`,
    "-exec rm -rf {} +;",
    `set -- ${shellWord(directory)}/[0-9]*T[0-9]*Z/${RELEASE_FILE};`,
    `while [ $# -gt ${keep} ]; do`,
    `[ "$1" = ${final}/${RELEASE_FILE} ] || rm -rf "\${1%/${RELEASE_FILE}}"; shift; done`,
  ].join(" ");
}

function farReason(said: string, code: number): string {
  if (/No space left on device/.test(said)) return "its disk is full; free some space there";
  if (/Permission denied/.test(said)) return `it may not write there: ${firstLine(said)}`;
  return firstLine(said) || `its side ended with ${code}`;
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0]!.slice(0, 200);
}

/** Whether an error is of the connection, which says what to mend. */
export function asPublishError(error: unknown, shown: string): unknown {
  if (!(error instanceof ClusterError)) return error;
  return new PublishError(
    `Cannot publish to ${shown}: ${error.message}`,
    error.kind === "usage" ? "usage" : "target",
    { cause: error },
  );
}
