/** Clients of servers that others wrote, run as programs: how they are had, called and read. */
import { run, succeeds } from "../../_testing/child.ts";
import { buildGo, missingGo } from "./go_program.ts";

const MODULES = new URL("./clients/", import.meta.url).pathname;
/** How long one may take for what it is told to do, s. */
const MOST_SECONDS = 120;

/** What a program did. */
export interface Done {
  operations: number;
  seconds: number;
}

/** A program that is there, or why it is not. */
export type Had = { path: string } | { missing: string };

async function built(module: string, source: string, name: string): Promise<Had> {
  const missing = await missingGo();
  if (missing !== undefined) return { missing };
  try {
    return { path: await buildGo(`${MODULES}${module}`, source, name) };
  } catch (error) {
    return { missing: (error as Error).message };
  }
}

/** etcd's own benchmark tool. */
export async function etcdBenchmark(): Promise<Had> {
  return await built("etcd", "go.etcd.io/etcd/v3/tools/benchmark", "etcd-benchmark");
}

/** A current etcd. */
export async function currentEtcd(): Promise<Had> {
  return await built("etcd", "go.etcd.io/etcd/server/v3", "etcd-current");
}

/** go-ycsb with its back ends for etcd and TiKV. */
export async function goYcsb(): Promise<Had> {
  return await built("ycsb", ".", "go-ycsb");
}

/** h2load of nghttp2. */
export async function h2load(): Promise<Had> {
  if (await succeeds("h2load", "--version")) return { path: "h2load" };
  return { missing: "there is no h2load (Debian: apt-get install nghttp2-client)" };
}

/**
 * Runs etcd's benchmark tool over one connection.
 *
 * @param what Its command and that command's arguments.
 * @throws {Error} Where an operation failed.
 */
export async function runEtcdBenchmark(
  program: string,
  endpoint: string,
  what: readonly string[],
  clients: number,
  total: number,
): Promise<Done> {
  const out = await outputOf(program, [
    ...what,
    `--endpoints=${endpoint}`,
    "--conns=1",
    `--clients=${clients}`,
    `--total=${total}`,
  ]);
  const seconds = Number(/Total:\s+([\d.]+) secs/.exec(out)?.[1]);
  if (!(seconds > 0) || /Error distribution/.test(out)) throw odd("etcd's benchmark tool", out);
  return { operations: total, seconds };
}

/**
 * Runs h2load with one request of gRPC, over one connection.
 *
 * @param body A file with the message and what stands before it.
 * @throws {Error} Where a request failed.
 */
export async function runH2load(
  program: string,
  url: string,
  body: string,
  inFlight: number,
  total: number,
): Promise<Done> {
  const out = await outputOf(program, [
    "--threads=1",
    "--clients=1",
    `--max-concurrent-streams=${inFlight}`,
    `--requests=${total}`,
    `--data=${body}`,
    "--header=content-type: application/grpc",
    "--header=te: trailers",
    url,
  ]);
  const pace = Number(/, ([\d.]+) req\/s/.exec(out)?.[1]);
  if (!(pace > 0) || !out.includes(`${total} succeeded`)) throw odd("h2load", out);
  return { operations: total, seconds: total / pace };
}

/**
 * Runs go-ycsb.
 *
 * @param command `load` inserts so many records; `run` does so many operations.
 * @throws {Error} Where an operation failed.
 */
export async function runGoYcsb(
  program: string,
  command: "load" | "run",
  backEnd: "etcd" | "tikv",
  threads: number,
  properties: Readonly<Record<string, string | number>>,
): Promise<Done> {
  const out = await outputOf(program, [
    command,
    backEnd,
    String(threads),
    ...Object.entries(properties).map(([name, value]) => `${name}=${value}`),
  ]);
  const seconds = Number(/^Whole: ([\d.]+)$/m.exec(out)?.[1]);
  const operations = Number(/^TOTAL .*Count: (\d+)/m.exec(out)?.[1]);
  if (!(seconds > 0 && operations > 0) || /_ERROR/.test(out)) throw odd("go-ycsb", out);
  return { operations, seconds };
}

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const { code, out, err } = await run(program, args, { seconds: MOST_SECONDS });
  if (code !== 0) throw odd(program, out + err);
  return out;
}

function odd(who: string, out: string): Error {
  return new Error(`${who} did not end well: ${out.slice(-1000)}`);
}
