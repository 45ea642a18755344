import type { CableSpec } from "./delay_line.ts";

/**
 * What `tc` is told for each machine's way out, so that netem does to frames what a cable does.
 *
 * @returns `undefined` where nothing is to be done to them.
 */
export function netemArguments({ delayMs, jitterMs, loss }: CableSpec): string[] | undefined {
  if (delayMs === 0 && loss === 0) return undefined;
  return [
    "netem",
    // Frames that wait, on a line of a gigabit for a second; netem drops more than these.
    "limit",
    "100000",
    ...(delayMs > 0 ? ["delay", `${delayMs}ms`] : []),
    ...(delayMs > 0 && jitterMs > 0 ? [`${jitterMs}ms`] : []),
    ...(loss > 0 ? ["loss", `${loss * 100}%`] : []),
  ];
}
