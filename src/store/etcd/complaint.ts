/** The most of it that is shown, characters. */
const MOST_SHOWN = 300;

/**
 * Why a member of etcd ended, by its log: its last entry, or what Go says of a panic, which a trace of
 * calls follows; else the last line, as of a program that is none.
 */
export function complaintIn(log: string): string {
  const lines = log.trim().split("\n");
  const panic = lines.map((line) => /^(?:panic|fatal error): (.+)/.exec(line)?.[1]).findLast(
    Boolean,
  );
  const entry = lines.map(entryIn).findLast(Boolean);
  // The log has a panic's reason too, which its own line is without.
  const isTold = panic === undefined || entry?.startsWith(panic);
  const said = (isTold ? entry : panic) ?? lines.at(-1)!;
  return said.slice(0, MOST_SHOWN) || "it ended without a word";
}

/** What an entry of the log says; `undefined` where the line is none. */
function entryIn(line: string): string | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const { msg, error } = JSON.parse(line);
    return [msg, error].filter((part) => typeof part === "string").join(": ") || undefined;
  } catch {
    return undefined;
  }
}
