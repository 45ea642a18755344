/** Brings the project and its packages to a node, which needs neither a registry nor git. */
import { ClusterError } from "./error.ts";
import { letGo, type Link } from "./link.ts";
import type { Places } from "./places.ts";
import { shellWord } from "./shell_word.ts";

/** What of the project a node needs; packages included, since it may have no registry. */
const NEEDED = ["main.ts", "deno.json", "deno.lock", "src", "suites", "nix", "node_modules"];

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
  const there = NEEDED.filter((name) => exists(`${project}/${name}`));
  if (!there.includes("node_modules")) {
    throw new ClusterError(
      `Cannot push ${project}: its packages are not there; run deno install --frozen first`,
      "usage",
    );
  }
  const far = link.spawn(receive(places, release, commit));
  const near = new Deno.Command("tar", {
    args: ["--create", "--directory", project, "--", ...there],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
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
  const nearSaid = new Response(near.stderr).text();
  const farSaid = new Response(far.stderr).text();
  far.stdout.cancel().catch(() => {});
  // Where the far end breaks off, its status says why.
  await near.stdout.pipeTo(far.stdin).catch(() => letGo(near));
  const [packed, unpacked] = await Promise.all([near.status, far.status]);
  clearTimeout(timer);
  signal?.removeEventListener("abort", giveUp);
  if (signal?.aborted) throw new ClusterError("Cannot push: it was interrupted", "node");
  if (late) throw new ClusterError(`Cannot push: it took longer than ${seconds} s`, "node");
  if (!unpacked.success) {
    const said = await farSaid;
    throw new ClusterError(`Cannot push: ${farReason(said, unpacked.code)}`, "node");
  }
  // 1: a file changed while it was read, as by an editor; what was sent is whole all the same.
  if (packed.code > 1) {
    throw new ClusterError(`Cannot push ${project}: ${firstLine(await nearSaid)}`, "usage");
  }
}

/** The far side: unpacks beside, then switches. */
function receive({ releases, project }: Places, release: string, commit: string | null): string {
  const target = `${releases}/${release}`;
  const [dir, fresh, final, link] = [releases, `${target}.new`, target, project].map(shellWord);
  const head = commit === null ? "" : `mkdir ${fresh}/.git; printf '%s\\n' ${shellWord(commit)} ` +
    `>${fresh}/.git/HEAD; `;
  return [
    "set -e; umask 022;",
    `mkdir -p ${dir}; rm -rf ${fresh}; mkdir ${fresh};`,
    // What is half there only takes room.
    `trap 'rm -rf '${shellWord(fresh!)} EXIT;`,
    `tar --extract --no-same-owner --directory ${fresh};`,
    head,
    `rm -rf ${final}; mv ${fresh} ${final};`,
    `before=$(readlink ${link} || true);`,
    `ln -sfn ${final} ${link}.new; mv -T ${link}.new ${link};`,
    `for each in ${dir}/*; do`,
    `case "$each" in ${final}|"$before") ;; *) rm -rf "$each";; esac; done`,
  ].join(" ");
}

function farReason(said: string, code: number): string {
  if (/No space left on device/.test(said)) return "its disk is full; free some space there";
  if (/Permission denied/.test(said)) {
    return `it may not write there: ${firstLine(said)}`;
  }
  return firstLine(said) || `its side ended with ${code}`;
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0]!.slice(0, 200);
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
