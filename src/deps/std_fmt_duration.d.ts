/** Options of {@linkcode format}, as Deno std declares them. */
export interface FormatOptions {
  style?: "narrow" | "digital" | "full";
  ignoreZero?: boolean;
}
/** Formats a duration given in milliseconds. */
export function format(ms: number, options?: FormatOptions): string;
