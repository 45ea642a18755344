import { format } from "@std/fmt/duration";

/**
 * A duration in whole seconds, e.g. `1m 20s`.
 *
 * @param ms Milliseconds.
 */
export function formatSeconds(ms: number): string {
  return format(Math.round(ms / 1000) * 1000, { ignoreZero: true }) || "0s";
}
