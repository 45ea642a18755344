/**
 * Publishing over SSH, in the same scheme as to a directory. One archive goes through one command of
 * the far side, whose shell gets nothing but words that it takes as they are.
 */
import { ClusterError, type Link, sendArchive, shellWord, unpackCommand } from "../cluster/mod.ts";
import { PublishError } from "./error.ts";
import { isReleaseId, LATEST, RELEASE_FILE, releaseText } from "./pages.ts";

/** How to publish over SSH. */
interface OverSshOptions {
  /** Name of the new folder. */
  id: string;
  /** How many published folders stay: at least 2. */
  keep: number;
  /** How long it may take, s. */
  seconds: number;
  signal?: AbortSignal | undefined;
}

/** What is published over SSH, and where. */
interface OverSsh {
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
  const far = link.spawn(receive(path, id, Math.max(keep, 2)));
  const archive = { folder, names, last: { name: RELEASE_FILE, text: releaseText(id) } };
  const failure = await sendArchive(far, archive, { seconds, signal });
  if (failure) throw new PublishError(`Cannot publish to ${shown}: ${failure.why}`, "target");
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
    unpackCommand(fresh, RELEASE_FILE),
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

/** Whether an error is of the connection, which says what to mend. */
export function asPublishError(error: unknown, shown: string): unknown {
  if (!(error instanceof ClusterError)) return error;
  return new PublishError(
    `Cannot publish to ${shown}: ${error.message}`,
    error.kind === "usage" ? "usage" : "target",
    { cause: error },
  );
}
