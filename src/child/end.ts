/** How long a child that was killed is waited for, ms. */
const MOST_DYING_MS = 10_000;

/** Ends a child at once; one that has ended by itself is no error. */
export function kill(child: Pick<Deno.ChildProcess, "kill">): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // It has ended by itself in between.
  }
}

/**
 * Waits for the end of a child that was killed, so that what it had open is closed. That is a matter
 * of milliseconds, unless it waits for a device: such a process (state D) takes no signal until the
 * device answers. It is left behind then, and keeps nobody from going on.
 *
 * @returns Whether it has ended.
 */
export async function hasEnded(
  child: Pick<Deno.ChildProcess, "status" | "unref">,
  ms = MOST_DYING_MS,
): Promise<boolean> {
  const late = Promise.withResolvers<false>();
  const timer = setTimeout(() => late.resolve(false), ms);
  try {
    const ended = await Promise.race([child.status.then(() => true), late.promise]);
    if (!ended) child.unref();
    return ended;
  } finally {
    clearTimeout(timer);
  }
}
