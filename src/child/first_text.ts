/** Bytes of a child's words that are kept by themselves. */
const KEPT = 16 * 1024 * 1024;

/**
 * The beginning of what a child prints, once it prints no more, or what it prints after that is
 * wanted no more: its pipe is closed then, so that one that prints without an end has to end.
 *
 * @param most Bytes that are kept.
 */
export async function firstText(
  stream: ReadableStream<Uint8Array>,
  most: number = KEPT,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let left = most;
  for await (const chunk of stream) {
    text += decoder.decode(chunk.subarray(0, left), { stream: true });
    left -= chunk.length;
    // Leaving the loop closes the pipe.
    if (left <= 0) return text;
  }
  return text + decoder.decode();
}
