/** Files that go to a node as one stream, and are whole there or not taken. */
import { firstText, kill } from "../child/mod.ts";
import { WorkFolder } from "../disk/mod.ts";

/** What is sent. */
interface Archive {
  /** The folder here. */
  folder: string;
  /** Names of files and folders in it; a folder brings what is in it. */
  names: readonly string[];
  /**
   * A file beside them, sent once all others have been packed: who has it has all. An archive that
   * breaks off between two files is none that tar complains of.
   */
  last: { name: string; text: string };
}

/** Where and why an archive did not arrive. */
export interface ArchiveFailure {
  side: "here" | "there";
  /** For the end of a sentence that says what cannot be done. */
  why: string;
}

/** The most that is kept of what either side says of its own, bytes. */
const MOST_WORDS_BYTES = 64 * 1024;

const NOT_WHOLE = "it did not come whole";

/**
 * The command of a node's shell that takes an archive from its standard input; it fails unless all
 * has come.
 *
 * The shell is to have `LC_ALL=C`: what tar says is read.
 *
 * @param into The folder to unpack into, as a word of the shell.
 * @param last Name of {@linkcode Archive.last}, which needs no quotes.
 */
export function unpackCommand(into: string, last: string): string {
  return `tar --extract --ignore-zeros --no-same-owner --directory ${into}; ` +
    `[ -f ${into}/${last} ] || { echo '${NOT_WHOLE}' >&2; exit 74; };`;
}

/**
 * Sends an archive.
 *
 * @param far The process that runs {@linkcode unpackCommand}.
 * @param seconds How long it may take.
 * @returns `undefined` where it is whole there and the command has ended well.
 */
export async function sendArchive(
  far: Deno.ChildProcess,
  { folder, names, last }: Archive,
  { seconds, signal }: { seconds: number; signal?: AbortSignal | undefined },
): Promise<ArchiveFailure | undefined> {
  using work = new WorkFolder("send");
  const own = work.path;
  const near: Deno.ChildProcess[] = [];
  let late = false;
  const giveUp = () => [...near, far].forEach(kill);
  const timer = setTimeout(() => {
    late = true;
    giveUp();
  }, seconds * 1000);
  signal?.addEventListener("abort", giveUp, { once: true });
  if (signal?.aborted) giveUp();
  try {
    Deno.writeTextFileSync(`${own}/${last.name}`, last.text);
    const farSaid = firstText(far.stderr, MOST_WORDS_BYTES).catch(() => "");
    far.stdout.cancel().catch(() => {});
    let nearSaid = "";
    for (const [from, packed] of [[folder, names], [own, [last.name]]] as const) {
      if (late || signal?.aborted) break;
      const tar = pack(from, packed);
      near.push(tar);
      const said = firstText(tar.stderr, MOST_WORDS_BYTES);
      const taken = await tar.stdout.pipeTo(far.stdin, { preventClose: true })
        .then(() => true, () => false);
      // Where the far end breaks off, its status says why.
      if (!taken) break;
      const { code } = await tar.status;
      // 1: a file changed while it was read, as by an editor; what was sent is whole all the same.
      if (code <= 1) continue;
      nearSaid = firstLine(await said) || "tar failed";
      break;
    }
    await far.stdin.close().catch(() => {});
    const { success, code } = await far.status;
    if (signal?.aborted) return { side: "there", why: "it was interrupted" };
    if (late) return { side: "there", why: `it took longer than ${seconds} s` };
    if (success) return undefined;
    const there = await farSaid;
    if (nearSaid !== "" && there.includes(NOT_WHOLE)) return { side: "here", why: nearSaid };
    return { side: "there", why: farReason(there, code) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", giveUp);
    giveUp();
  }
}

/** Packs what its list names. */
function pack(folder: string, names: readonly string[]): Deno.ChildProcess {
  const tar = new Deno.Command("tar", {
    args: ["--create", "--directory", folder, "--null", "--files-from=-"],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const list = names.map((name) => `${name}\0`).join("");
  new Response(list).body!.pipeTo(tar.stdin).catch(() => {});
  return tar;
}

function farReason(said: string, code: number): string {
  if (/No space left on device/.test(said)) return "its disk is full; free some space there";
  if (/Permission denied/.test(said)) return `it may not write there: ${firstLine(said)}`;
  return firstLine(said) || `its side ended with ${code}`;
}

function firstLine(text: string): string {
  return text.trim().split("\n")[0]!.slice(0, 200);
}
