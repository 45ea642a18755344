/**
 * A cluster of etcd on this machine that lives as long as this process: for a run it is what a fresh
 * database is for other stores.
 */
import { hasEnded, kill, lastText } from "../../child/mod.ts";
import { fileReason, isFile, openLocked, readRegularText, writeNew } from "../../disk/mod.ts";
import { type Cable, CableError, cablePrograms, type CableSpec, layCable } from "../cable/mod.ts";
import { findProgram } from "../find_program.ts";
import type { Endpoint } from "./client.ts";
import { EtcdError } from "./client.ts";
import { complaintIn } from "./complaint.ts";
import { etcdProgram } from "./program.ts";

/**
 * What lets a program end with the one that started it, however that ends; util-linux has it.
 * `undefined` where it is not on this machine: a process that is killed leaves its servers then.
 */
function binder(): string | undefined {
  return Deno.build.os === "linux" ? findProgram("setpriv") : undefined;
}

/** The programs that starting a cluster runs. @param apart Whether a cable lies between its members. */
export function clusterPrograms(apart: boolean): string[] {
  const own = [etcdProgram(), binder()].filter((path) => path !== undefined);
  return [...new Set([...own, ...(apart ? cablePrograms() : [])])];
}

/** Where a member is: its machine, and its ports for its clients and for the others. */
export interface MemberPlace {
  /** @default this machine's own */
  host?: string;
  client: number;
  peer: number;
}

/** A cluster that runs. */
export interface Cluster {
  endpoints: readonly Endpoint[];
  /** The members' processes, in the order of the endpoints. */
  pids: readonly number[];
  /** What lies between them; absent where that is this machine's own network. */
  cable?: Cable;
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

/** The ports of a member that has a machine to itself. */
const USUAL_PORTS = { client: 2379, peer: 2380 } as const;

/**
 * Starts a cluster, or the one of a folder again.
 *
 * @param path Its folder; made where it is not there.
 * @param cable What lies between its members, and between them and this machine. One of a folder can
 * then not be started again, since its members have other addresses each time. Absent: nothing does.
 * @throws {EtcdError} Where it cannot be started.
 */
export async function startCluster(
  path: string,
  nodes: number,
  cable?: CableSpec,
): Promise<Cluster> {
  const program = etcdProgram();
  if (program === undefined) throw new EtcdError("there is no etcd on this machine", true);
  const keeps = mayWrite(path);
  const lock = keeps ? lockFolder(path) : undefined;
  let laid: Cable | undefined;
  try {
    laid = cable && await lay(nodes, cable);
    const places = laid !== undefined
      ? laid.addresses.map((host) => ({ host, ...USUAL_PORTS }))
      : keeps
      ? placesOf(path, nodes)
      : freePlaces(nodes);
    const bound = binder();
    const members = places.map((_, i) => {
      const started = [program, ...memberArguments(path, places, i)];
      const there = laid?.on(i, started) ?? started;
      const [first, ...args] = bound === undefined
        ? there
        : [bound, "--pdeathsig", "KILL", "--", ...there];
      return new Deno.Command(first!, {
        args,
        env: { ETCD_UNSUPPORTED_ARCH: Deno.build.arch === "aarch64" ? "arm64" : "" },
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).spawn();
    });
    const words = members.map((member) => lastText(member.stderr));
    const ended = members.map((member, i) => member.status.then(() => i));
    return {
      endpoints: places.map(({ host = LOOPBACK, client }) => ({ host, port: client })),
      pids: members.map(({ pid }) => pid),
      ...(laid !== undefined && { cable: laid }),
      async end() {
        members.forEach(kill);
        await Promise.all(members.map((member) => hasEnded(member)));
        await Promise.all(words);
        await laid?.end();
        lock?.close();
      },
      async complaint() {
        const first = await Promise.race([...ended, Promise.resolve(undefined)]);
        return first === undefined ? undefined : complaintIn(await words[first]!);
      },
    };
  } catch (error) {
    await laid?.end();
    lock?.close();
    throw error;
  }
}

async function lay(nodes: number, spec: CableSpec): Promise<Cable> {
  try {
    return await layCable(nodes, spec);
  } catch (error) {
    if (!(error instanceof CableError)) throw error;
    throw new EtcdError(`no cable can be laid between its members: ${error.message}`);
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

/** The places of a folder's cluster: those that it had, or free ones. */
function placesOf(path: string, nodes: number): MemberPlace[] {
  const file = `${path}/${PORTS_FILE}`;
  if (isFile(file)) {
    const ports: MemberPlace[] = JSON.parse(readRegularText(file, MOST_PORTS_BYTES));
    if (ports.length === nodes) return ports;
    throw new EtcdError(`it is a cluster of ${ports.length}, and not of ${nodes}`, true);
  }
  const ports = freePlaces(nodes);
  writeNew(file, JSON.stringify(ports));
  return ports;
}

/** Ports of this machine that nobody has, for so many members. */
export function freePlaces(nodes: number): MemberPlace[] {
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
export function memberArguments(
  path: string,
  places: readonly MemberPlace[],
  i: number,
): string[] {
  const url = (place: MemberPlace, port: number) => `http://${place.host ?? LOOPBACK}:${port}`;
  const clients = (place: MemberPlace) => url(place, place.client);
  const peers = (place: MemberPlace) => url(place, place.peer);
  const name = (i: number) => `member${i + 1}`;
  const own = places[i]!;
  const [{ host = LOOPBACK, peer }] = places as [MemberPlace];
  return [
    `--name=${name(i)}`,
    `--data-dir=${path}/${name(i)}`,
    `--listen-client-urls=${clients(own)}`,
    `--advertise-client-urls=${clients(own)}`,
    `--listen-peer-urls=${peers(own)}`,
    `--initial-advertise-peer-urls=${peers(own)}`,
    `--initial-cluster=${places.map((place, i) => `${name(i)}=${peers(place)}`).join(",")}`,
    `--initial-cluster-token=tidemark-${host}-${peer}`,
    "--initial-cluster-state=new",
    "--logger=zap",
    "--log-level=error",
    "--log-outputs=stderr",
    // The whole time of a request in the server is told only so.
    "--metrics=extensive",
  ];
}
