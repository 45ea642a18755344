/** Brings the project and its packages to a node, which needs neither a registry nor git. */
import { fileReason } from "../disk/mod.ts";
import { sendArchive, unpackCommand } from "./archive.ts";
import { ClusterError } from "./error.ts";
import type { Link } from "./link.ts";
import type { Places } from "./places.ts";
import { shellWord } from "./shell_word.ts";

/** What of the project a node needs; packages included, since it may have no registry. */
const NEEDED = ["main.ts", "deno.json", "deno.lock", "src", "suites", "nix", "node_modules"];

/** The file that says that a release has come whole. */
const LAST = ".release";

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
  if (!there.includes("node_modules")) {
    throw new ClusterError(
      `Cannot push ${project}: its packages are not there; run deno install --frozen first`,
      "usage",
    );
  }
  const far = link.spawn(receive(places, release, commit));
  const archive = { folder: project, names: there, last: { name: LAST, text: `${release}\n` } };
  const failure = await sendArchive(far, archive, { seconds, signal });
  if (failure?.side === "there") throw new ClusterError(`Cannot push: ${failure.why}`, "node");
  if (failure) throw new ClusterError(`Cannot push ${project}: ${failure.why}`, "usage");
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
    unpackCommand(fresh!, LAST),
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
