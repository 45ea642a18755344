import { hasEnded, kill } from "../../../child/mod.ts";
import { etcdProgram } from "../program.ts";

/** An etcd that a test has started. */
export interface TestServer extends AsyncDisposable {
  endpoint: string;
  pid: number;
}

/** A port that nobody has. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

/**
 * Starts one etcd with more arguments, in a folder of its own.
 *
 * @param scheme `https` where the arguments name a certificate.
 */
export async function startServer(
  args: readonly string[] = [],
  scheme: "http" | "https" = "http",
): Promise<TestServer> {
  const folder = await Deno.makeTempDir({ prefix: "tidemark-etcd-" });
  const [port, peer] = [freePort(), freePort()];
  const child = new Deno.Command(etcdProgram()!, {
    args: [
      `--data-dir=${folder}/data`,
      `--listen-client-urls=${scheme}://127.0.0.1:${port}`,
      `--advertise-client-urls=${scheme}://127.0.0.1:${port}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-advertise-peer-urls=http://127.0.0.1:${peer}`,
      `--initial-cluster=default=http://127.0.0.1:${peer}`,
      "--logger=zap",
      "--log-level=error",
      ...args,
    ],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  return {
    endpoint: `127.0.0.1:${port}`,
    pid: child.pid,
    async [Symbol.asyncDispose]() {
      kill(child);
      await hasEnded(child);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** Tries until it succeeds, or half a minute is over. */
export async function soon<T>(attempt: () => Promise<T>): Promise<T> {
  const late = performance.now() + 30_000;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > late) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
