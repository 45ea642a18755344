/** Characters that are kept: enough for an error, whatever is printed before. */
const KEPT = 4000;

/** The end of what a child prints, once it prints no more. */
export async function lastText(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    text = (text + chunk).slice(-KEPT);
  }
  return text;
}
