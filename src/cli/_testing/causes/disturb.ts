/** Real disturbances of a process that measures, from outside. All need Linux; some need to be root. */

/** Something that goes on until it is disposed of. */
export type Disturbance = AsyncDisposable;

/** What a shell says; an error where it fails. */
async function shell(script: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("sh", {
    args: ["-c", script],
    stdin: "null",
    signal: AbortSignal.timeout(10_000),
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (!success) throw new Error(`${script}: ${text(stderr)}`);
  return text(stdout);
}

/** Whether a shell can do this here. */
export async function can(script: string): Promise<boolean> {
  return await shell(script).then(() => true, () => false);
}

/**
 * What is put before a command so that all others wait for it: the least of the real-time priorities.
 * Weights do not do, since the kernel weighs sessions against each other (sched(7), autogroup).
 */
export const GOING_FIRST: readonly string[] = ["chrt", "--rr", "1"];

/** Whether a process can be put before all others here. */
export function canGoFirst(): Promise<boolean> {
  return can(`${GOING_FIRST.join(" ")} true`);
}

/** Puts clients before the other threads of a process that goes first: the engine's, and the follower's. */
export async function putClientsFirst(pid: number): Promise<void> {
  for (const id of await clientThreads(pid)) await shell(`chrt --rr -p 2 ${id}`);
}

/** A program that goes on until it is disposed of, and its child processes with it. */
function going(script: string): Disturbance {
  // A group of its own, so that what it has started ends with it.
  const child = new Deno.Command("setsid", {
    args: ["sh", "-c", script],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  return {
    async [Symbol.asyncDispose]() {
      await shell(`kill -KILL -${child.pid}`).catch(() => {});
      await child.status;
    },
  };
}

/** Something that is done again and again, for a while each time. */
function pulsing(
  begin: () => void | Promise<void>,
  end: () => void | Promise<void>,
  { onMs, offMs }: { onMs: number; offMs: number },
): Disturbance {
  let over = false;
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const all = (async () => {
    while (!over) {
      await begin();
      await pause(onMs);
      await end();
      await pause(offMs);
    }
  })();
  return {
    async [Symbol.asyncDispose]() {
      over = true;
      await all;
    },
  };
}

/** Ids of the threads that are clients of a load. */
async function clientThreads(pid: number): Promise<number[]> {
  // Deno names the threads of workers by their numbers. The first is not a client but the one that sleeps.
  const found = await shell(`grep -H '^worker-' /proc/${pid}/task/*/comm || true`);
  const workers = [...found.matchAll(/task\/(\d+)\/comm:worker-(\d+)/g)]
    .map(([, id, number]) => ({ id: Number(id), number: Number(number) }))
    .toSorted((a, b) => a.number - b.number);
  if (workers.length < 2) throw new Error(`Process ${pid} has no threads of a sleeper and clients`);
  return workers.slice(1).map(({ id }) => id);
}

/** Clients share one processor with so many programs that only spin. */
export async function spinning(pid: number, programs: number): Promise<Disturbance> {
  for (const id of await clientThreads(pid)) await shell(`taskset -p -c 0 ${id}`);
  return going(
    `for i in $(seq ${programs}); do taskset -c 0 sh -c 'while :; do :; done' & done; wait`,
  );
}

/** Another program writes and syncs files of the same file system, now and then. */
export function syncing(folder: string, onMs: number, offMs: number): Disturbance {
  const file = `${folder}/neighbour`;
  return going(
    `while :; do timeout ${onMs / 1000} sh -c ` +
      `'while :; do dd if=/dev/zero of=${file} bs=1M count=16 conv=fsync; done'; ` +
      `sleep ${offMs / 1000}; done`,
  );
}

/** Where the kernel has its freezer, which stops single threads. */
const FREEZER = "/sys/fs/cgroup/freezer";

/** Whether single threads can be stopped here. */
export function canFreeze(): Promise<boolean> {
  return can(`test -w ${FREEZER}/tasks`);
}

/** Clients' threads, and no other, are stopped again and again: neither do they run nor want to. */
export async function freezing(pid: number, onMs: number, offMs: number): Promise<Disturbance> {
  const group = `${FREEZER}/tidemark-causes-${pid}`;
  const clients = await clientThreads(pid);
  await shell(`mkdir ${group}`);
  for (const id of clients) await shell(`echo ${id} > ${group}/tasks`);
  const pulses = going(
    `while :; do echo FROZEN > ${group}/freezer.state; sleep ${onMs / 1000}; ` +
      `echo THAWED > ${group}/freezer.state; sleep ${offMs / 1000}; done`,
  );
  return {
    async [Symbol.asyncDispose]() {
      await pulses[Symbol.asyncDispose]();
      await shell(`echo THAWED > ${group}/freezer.state`);
      // Threads that have ended are gone; others go back.
      await shell(
        `for id in $(cat ${group}/tasks); do echo $id > ${FREEZER}/tasks; done; rmdir ${group}`,
      ).catch(() => {});
    },
  };
}

/** The whole process is stopped again and again. @param stopped Done while it is, after so many ms. */
export function stopping(
  process: Deno.ChildProcess,
  onMs: number,
  offMs: number,
  stopped: (ms: number) => void = () => {},
): Disturbance {
  const send = (signal: Deno.Signal) => {
    try {
      process.kill(signal);
    } catch {
      // It has ended.
    }
  };
  let at = 0;
  return pulsing(
    () => {
      at = performance.now();
      send("SIGSTOP");
    },
    () => {
      stopped(performance.now() - at);
      send("SIGCONT");
    },
    { onMs, offMs },
  );
}
