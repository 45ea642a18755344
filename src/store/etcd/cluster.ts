/**
 * A cluster of etcd on this machine that lives as long as this process: for a run it is what a fresh
 * database is for other stores.
 */
import { hasEnded, kill, lastText } from "../../child/mod.ts";
import { fileReason, isFile, openLocked, readRegularText, writeNew } from "../../disk/mod.ts";
import type { Endpoint } from "./client.ts";
import { EtcdError } from "./client.ts";

/** The environment variable that names an etcd to start. */
export const ETCD_VARIABLE = "TIDEMARK_ETCD";

/** Where programs are where no PATH may be read. */
const USUAL_PLACES = [
  "/usr/local/bin",
  "/usr/bin",
  "/bin",
  "/run/current-system/sw/bin",
];

/** A program by its path; `undefined` where it is not on this machine. */
function find(name: string): string | undefined {
  const places = Deno.env.get("PATH")?.split(":") ?? USUAL_PLACES;
  return places.filter((place) => place.startsWith("/")).map((place) => `${place}/${name}`)
    .find(isFile);
}

/** The etcd that is started; `undefined` where there is none. */
export function etcdProgram(): string | undefined {
  const named = Deno.env.get(ETCD_VARIABLE);
  return named === undefined || named === "" ? find("etcd") : named;
}

/**
 * What lets a program end with the one that started it, however that ends; util-linux has it.
 * `undefined` where it is not on this machine: a process that is killed leaves its servers then.
 */
function binder(): string | undefined {
  return Deno.build.os === "linux" ? find("setpriv") : undefined;
}

/** The programs that starting a cluster runs. */
export function clusterPrograms(): string[] {
  return [etcdProgram(), binder()].filter((path) => path !== undefined);
}

/** A member's ports, for its clients and for the others. */
export interface Ports {
  client: number;
  peer: number;
}

/** A cluster that runs. */
export interface Cluster {
  endpoints: readonly Endpoint[];
  /** The members' processes, in the order of the endpoints. */
  pids: readonly number[];
  /** Ends its members at once, and waits. */
  end(): Promise<void>;
  /** What a member that has ended said last; `undefined` while all run. */
  complaint(): Promise<string | undefined>;
}

const LOOPBACK = "127.0.0.1";
/** What keeps a folder's cluster from being started twice. */
const LOCK_FILE = "lock";
/** Where the members' ports stand: they know each other by them. */
const PORTS_FILE = "ports.json";
const MOST_PORTS_BYTES = 64 * 1024;

/**
 * Starts a cluster, or the one of a folder again.
 *
 * @param path Its folder; made where it is not there.
 * @throws {EtcdError} Where it cannot be started.
 */
export function startCluster(path: string, nodes: number): Cluster {
  const program = etcdProgram();
  if (program === undefined) throw new EtcdError("there is no etcd on this machine", true);
  const keeps = mayWrite(path);
  const lock = keeps ? lockFolder(path) : undefined;
  try {
    const ports = keeps ? portsOf(path, nodes) : freePorts(nodes);
    const bound = binder();
    const members = ports.map((_, i) => {
      const args = memberArguments(path, ports, i);
      return new Deno.Command(bound ?? program, {
        args: bound === undefined ? args : ["--pdeathsig", "KILL", "--", program, ...args],
        env: { ETCD_UNSUPPORTED_ARCH: Deno.build.arch === "aarch64" ? "arm64" : "" },
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).spawn();
    });
    const words = members.map((member) => lastText(member.stderr));
    const ended = members.map((member, i) => member.status.then(() => i));
    return {
      endpoints: ports.map(({ client }) => ({ host: LOOPBACK, port: client })),
      pids: members.map(({ pid }) => pid),
      async end() {
        members.forEach(kill);
        await Promise.all(members.map((member) => hasEnded(member)));
        await Promise.all(words);
        lock?.close();
      },
      async complaint() {
        const first = await Promise.race([...ended, Promise.resolve(undefined)]);
        return first === undefined ? undefined : complaintIn(await words[first]!);
      },
    };
  } catch (error) {
    lock?.close();
    throw error;
  }
}

/**
 * Whether this process may write into a folder. That of a run may not: its folder is new, nobody
 * else has it and it is not opened again, and etcd makes it by itself.
 */
function mayWrite(path: string): boolean {
  return Deno.permissions.querySync({ name: "write", path }).state === "granted";
}

function lockFolder(path: string): Deno.FsFile {
  let lock: Deno.FsFile | null;
  try {
    Deno.mkdirSync(path, { recursive: true });
    lock = openLocked(`${path}/${LOCK_FILE}`, { create: true, read: true, write: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw new EtcdError(fileReason(error));
  }
  if (lock === null) throw new EtcdError("another process has it open");
  return lock;
}

/** The ports of a folder's cluster: those that it had, or free ones. */
function portsOf(path: string, nodes: number): Ports[] {
  const file = `${path}/${PORTS_FILE}`;
  if (isFile(file)) {
    const ports: Ports[] = JSON.parse(readRegularText(file, MOST_PORTS_BYTES));
    if (ports.length === nodes) return ports;
    throw new EtcdError(`it is a cluster of ${ports.length}, and not of ${nodes}`, true);
  }
  const ports = freePorts(nodes);
  writeNew(file, JSON.stringify(ports));
  return ports;
}

/** Ports that nobody has, for so many members. */
export function freePorts(nodes: number): Ports[] {
  // All at once, so that no port is found twice.
  const listeners = Array.from(
    { length: 2 * nodes },
    () => Deno.listen({ hostname: LOOPBACK, port: 0 }),
  );
  const free = listeners.map((listener) => (listener.addr as Deno.NetAddr).port);
  for (const listener of listeners) listener.close();
  return Array.from(
    { length: nodes },
    (_, i) => ({ client: free[2 * i]!, peer: free[2 * i + 1]! }),
  );
}

/** What one of the members of a cluster in a folder is started with. */
export function memberArguments(path: string, ports: readonly Ports[], i: number): string[] {
  const url = (port: number) => `http://${LOOPBACK}:${port}`;
  const name = (i: number) => `member${i + 1}`;
  const { client, peer } = ports[i]!;
  return [
    `--name=${name(i)}`,
    `--data-dir=${path}/${name(i)}`,
    `--listen-client-urls=${url(client)}`,
    `--advertise-client-urls=${url(client)}`,
    `--listen-peer-urls=${url(peer)}`,
    `--initial-advertise-peer-urls=${url(peer)}`,
    `--initial-cluster=${ports.map(({ peer }, i) => `${name(i)}=${url(peer)}`).join(",")}`,
    `--initial-cluster-token=tidemark-${ports[0]!.peer}`,
    "--initial-cluster-state=new",
    "--logger=zap",
    "--log-level=error",
    "--log-outputs=stderr",
    // The whole time of a request in the server is told only so.
    "--metrics=extensive",
  ];
}

/** The last thing that a member said, without the log's own form. */
function complaintIn(log: string): string {
  const last = log.trim().split("\n").at(-1) ?? "";
  try {
    const { msg, error } = JSON.parse(last);
    return [msg, error].filter((part) => typeof part === "string").join(": ").slice(0, 300);
  } catch {
    return last.slice(0, 300) || "it ended without a word";
  }
}
