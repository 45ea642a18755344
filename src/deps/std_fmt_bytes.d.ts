/** Options of {@linkcode format}, as Deno std declares them. */
export interface FormatOptions {
  bits?: boolean;
  binary?: boolean;
  signed?: boolean;
  locale?: boolean | string | string[];
  minimumFractionDigits?: number;
  maximumFractionDigits?: number;
}
export function format(num: number, options?: FormatOptions): string;
