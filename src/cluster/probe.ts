/** What a node's own shell says of it, before anything of the project runs there. */
import { printable } from "../format/mod.ts";
import { ask, type Link } from "./link.ts";
import type { Places } from "./places.ts";
import { RELEASE_FILE } from "./push.ts";
import { shellWord } from "./shell_word.ts";

/** What a node's shell says. */
export interface Probe {
  /** The version of its Deno; `null` where there is none on its PATH. */
  deno: string | null;
  /** What was pushed to it, and the digest of its content; `null` where that is not known. */
  release: string | null;
  content: string | null;
  /** Why results, or databases, cannot be written; `null` where they can. */
  stateProblem: string | null;
  dataProblem: string | null;
  /** Room for databases, bytes; `null` where it does not say. */
  freeBytes: number | null;
}

/**
 * Asks a node's shell.
 *
 * @returns What is wrong with its answer, in a word and in a clause, where there is none.
 */
export async function probe(
  link: Link,
  places: Places,
  seconds: number,
): Promise<Probe | { word: string; text: string }> {
  const answer = await ask(link, command(places), seconds);
  if (answer === undefined) {
    return { word: "hangs", text: `it answers, and hangs: no word within ${seconds} s` };
  }
  const said = new Map<string, string>();
  for (const line of answer.out.split("\n")) {
    const [, name, value] = /^tidemark-(\w+)=(.*)$/.exec(line) ?? [];
    if (name !== undefined) said.set(name, printable(value!.trim().slice(0, 200)));
  }
  if (!said.has("deno")) {
    return { word: "no shell", text: "its shell does not do what it is told; give its user sh" };
  }
  const text = (name: string) => said.get(name) || null;
  const free = Number(text("free") ?? NaN);
  return {
    deno: /^deno (\d+\.\d+\.\d+\S*)/.exec(text("deno") ?? "")?.[1] ?? null,
    release: text("release"),
    content: text("content"),
    stateProblem: text("state"),
    dataProblem: text("data"),
    freeBytes: Number.isNaN(free) ? null : free * 1024,
  };
}

/** Writes a byte as a bench would: a disk may be full, or another user's, where a folder can be made. */
function command({ project, results, databases }: Places): string {
  const marker = shellWord(`${project}/${RELEASE_FILE}`);
  const tried = (folder: string) =>
    `mkdir -p ${folder} && file=$(mktemp ${folder}/.tidemark-XXXXXX) && ` +
    `{ echo x >"$file"; code=$?; rm -f "$file"; [ $code = 0 ]; }`;
  const says = (name: string, value: string) => `echo "tidemark-${name}=$(${value})";`;
  const problem = (folder: string) =>
    `said=$({ ${tried(folder)}; } 2>&1) || echo "$said" | tail -n 1`;
  return [
    "LC_ALL=C; export LC_ALL;",
    says("deno", "deno --version 2>/dev/null | head -n 1"),
    says("release", `sed -n 1p ${marker} 2>/dev/null`),
    says("content", `sed -n 2p ${marker} 2>/dev/null`),
    says("state", problem(shellWord(results))),
    says("data", problem(shellWord(databases))),
    says("free", `df -Pk ${shellWord(databases)} 2>/dev/null | awk 'NR == 2 { print $4 }'`),
  ].join(" ");
}
