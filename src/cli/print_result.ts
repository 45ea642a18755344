import type { Streams } from "./streams.ts";

/**
 * Prints what a command came to: on stdout, so that `> file` has it and no progress; where stdout is
 * asked for something else, as by `--json`, on stderr.
 */
export function printResult(
  streams: Streams,
  text: string,
  { taken }: { taken: boolean | undefined },
): void {
  if (taken) streams.error(text);
  else streams.out(text);
}
