/** Lines of a stream whose other end need not be what it seems. */
import { NodeFault } from "./error.ts";

/** The longest line that is taken, letters: a piece of a journal has far less. */
const MOST_LETTERS = 64 * 1024 * 1024;

/**
 * The lines of a stream of bytes, as UTF-8.
 *
 * @param most Letters that a line may have.
 * @returns A stream that ends with a {@linkcode NodeFault} where a line has more.
 */
export function boundedLines(
  bytes: ReadableStream<Uint8Array>,
  most = MOST_LETTERS,
): ReadableStream<string> {
  let rest = "";
  return bytes.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>)
    .pipeThrough(
      new TransformStream<string, string>({
        transform(chunk, controller) {
          const lines = chunk.split("\n");
          lines[0] = rest + lines[0]!;
          rest = lines.pop()!;
          for (const line of lines) {
            controller.enqueue(line.endsWith("\r") ? line.slice(0, -1) : line);
          }
          if (rest.length > most) {
            controller.error(
              new NodeFault("it sends a line without an end; look at what runs there"),
            );
          }
        },
        flush(controller) {
          if (rest !== "") controller.enqueue(rest);
        },
      }),
    );
}
