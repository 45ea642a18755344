/** Brings the project and its packages to a node, which needs neither a registry nor git. */
import { createHash } from "node:crypto";
import { fileReason } from "../disk/mod.ts";
import { sendArchive, unpackCommand } from "./archive.ts";
import { ClusterError } from "./error.ts";
import type { Link } from "./link.ts";
import type { Places } from "./places.ts";
import { shellWord } from "./shell_word.ts";

/** What of the project a node needs; packages included, since it may have no registry. */
const PACKAGES = "node_modules";
const NEEDED = ["main.ts", "deno.json", "deno.lock", "src", "suites", "nix", PACKAGES];

/** The file that says that a release has come whole: its name, and the digest of its content. */
export const RELEASE_FILE = ".release";

/** What to push. */
export interface PushOptions {
  /** The project's folder here. */
  project: string;
  /** The release's name on the node: letters, digits, dots, dashes and underscores. */
  release: string;
  /** The commit that the project is at, so that results from the node name it. */
  commit: string | null;
  /** How long it may take, s. */
  seconds: number;
  signal?: AbortSignal | undefined;
}

/**
 * Pushes. The release is complete before the project becomes it, by a rename, so a push that breaks
 * off leaves the node with what it had. The release before it is kept for a bench that is under way.
 *
 * @throws {ClusterError} Why it could not be done.
 */
export async function push(link: Link, places: Places, options: PushOptions): Promise<void> {
  const { project, release, commit, seconds, signal } = options;
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(release)) {
    throw new TypeError(`Cannot name a release ${JSON.stringify(release)}`);
  }
  const names = namesIn(project);
  const there = NEEDED.filter((name) => names.has(name));
  if (!there.includes(PACKAGES)) {
    throw new ClusterError(
      `Cannot push ${project}: its packages are not there; run deno install --frozen first`,
      "usage",
    );
  }
  const far = link.spawn(receive(places, release, commit));
  const text = `${release}\n${projectContent(project)}\n`;
  const archive = { folder: project, names: there, last: { name: RELEASE_FILE, text } };
  const failure = await sendArchive(far, archive, { seconds, signal });
  if (failure?.side === "there") throw new ClusterError(`Cannot push: ${failure.why}`, "node");
  if (failure) throw new ClusterError(`Cannot push ${project}: ${failure.why}`, "usage");
}

/**
 * The digest of what of a project is pushed, in hexadecimal; of its packages' versions alone, which
 * the lock file has.
 *
 * @throws {ClusterError} Where it cannot be read.
 */
export function projectContent(project: string): string {
  const hash = createHash("sha256");
  const add = (path: string) => {
    const info = Deno.lstatSync(`${project}/${path}`);
    hash.update(`${path}\0${info.isDirectory ? "" : info.size}\0`);
    if (info.isFile) hash.update(Deno.readFileSync(`${project}/${path}`));
    if (!info.isDirectory) return;
    const names = [...Deno.readDirSync(`${project}/${path}`)].map(({ name }) => name).sort();
    for (const name of names) add(`${path}/${name}`);
  };
  try {
    const there = namesIn(project);
    NEEDED.filter((name) => name !== PACKAGES && there.has(name)).forEach(add);
  } catch (error) {
    if (error instanceof ClusterError) throw error;
    throw new ClusterError(`Cannot push ${project}: ${fileReason(error)}`, "usage");
  }
  return hash.digest("hex");
}

/** The far side: unpacks beside, then switches. */
function receive({ releases, project }: Places, release: string, commit: string | null): string {
  const target = `${releases}/${release}`;
  const [dir, fresh, final, link] = [releases, `${target}.new`, target, project].map(shellWord);
  const head = commit === null ? "" : `mkdir ${fresh}/.git; printf '%s\\n' ${shellWord(commit)} ` +
    `>${fresh}/.git/HEAD; `;
  return [
    "set -e; umask 022; LC_ALL=C; export LC_ALL;",
    `mkdir -p ${dir}; rm -rf ${fresh}; mkdir ${fresh};`,
    // What is half there only takes room.
    `trap 'rm -rf '${shellWord(fresh!)} EXIT;`,
    unpackCommand(fresh!, RELEASE_FILE),
    head,
    `rm -rf ${final}; mv ${fresh} ${final};`,
    `before=$(readlink ${link} || true);`,
    `ln -sfn ${final} ${link}.new; mv -T ${link}.new ${link};`,
    `for each in ${dir}/*; do`,
    `case "$each" in ${final}|"$before") ;; *) rm -rf "$each";; esac; done`,
  ].join(" ");
}

function namesIn(project: string): ReadonlySet<string> {
  try {
    return new Set([...Deno.readDirSync(project)].map(({ name }) => name));
  } catch (error) {
    throw new ClusterError(`Cannot push ${project}: ${fileReason(error)}`, "usage");
  }
}
