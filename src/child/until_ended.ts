/** How long what a child printed last is waited for once it has ended, ms. */
const LAST_MS = 2000;

/**
 * What a child prints, for as long as it lives and a little longer. A process that it has started
 * may hold its pipe for ever: nobody is to wait for that one.
 *
 * @param stream Of the child.
 */
export function untilEnded(
  stream: ReadableStream<Uint8Array>,
  { status }: Pick<Deno.ChildProcess, "status">,
): ReadableStream<Uint8Array> {
  const reader = stream.getReader();
  const stop = () => reader.cancel().catch(() => {});
  let closed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    closed = true;
    clearTimeout(timer);
  };
  status.then(() => {
    if (!closed) timer = setTimeout(stop, LAST_MS);
  });
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (!done) return controller.enqueue(value);
      end();
      controller.close();
    },
    async cancel() {
      end();
      await stop();
    },
  });
}
