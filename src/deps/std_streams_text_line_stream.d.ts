/** Options of {@linkcode TextLineStream}, as Deno std declares them. */
export interface TextLineStreamOptions {
  allowCR?: boolean;
}
/** Splits a stream of text into its lines. */
export class TextLineStream extends TransformStream<string, string> {
  constructor(options?: TextLineStreamOptions);
}
