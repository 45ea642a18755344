/**
 * A client of etcd: connections to one member, the one that leads or another, and to the next one
 * where that fails.
 */
import type { EtcdConsistency, EtcdRole } from "../contract.ts";
import {
  alertWords,
  connectionWords,
  dial,
  type Endpoint,
  endpointText,
  type ProtoReader,
  ProtoWriter,
  RPC_CODE,
  type RpcConnection,
  RpcError,
  type RpcStream,
  ServerError as EtcdError,
  type TlsFiles,
  type WireMeter,
  within,
} from "../grpc/mod.ts";
import { METHOD, readStatus, readToken, type Status } from "./messages.ts";

/** How servers are reached. */
export interface EtcdTarget {
  endpoints: readonly Endpoint[];
  /** Absent: no TLS. */
  tls?: TlsFiles;
  /** Absent: nobody in particular. */
  user?: { name: string; password: string };
  /** Which member is spoken to. */
  role: EtcdRole;
  connections: number;
  /** How long an operation may take with all its retries, ms. */
  deadlineMs: number;
  consistency: EtcdConsistency;
  /** Whether the servers were started for this, so that nobody else can mend what is wrong there. */
  started?: boolean;
  /** Told of every call of an operation that is answered. */
  meter: WireMeter;
}

export { type Endpoint, EtcdError };

/** A message without fields. */
const NOTHING = new Uint8Array(0);
/** Between two attempts of an operation, ms. */
const RETRY_MS = 20;
/** How long a member may take to answer where another one was lost, ms. */
const MOVE_MS = 1000;

/** A member, and the connections to it. */
interface Member {
  endpoint: Endpoint;
  connections: RpcConnection[];
  status: Status;
}

/** A client with connections that are open. Made by {@linkcode connectEtcd}. */
export class EtcdClient {
  readonly #target: EtcdTarget;
  #member: Member;
  #turn = 0;
  #retries = 0;
  #closed = false;
  /** The search for another member, while it lasts. */
  #moving: Promise<void> | undefined;

  /** @param member Chosen of the target's. */
  constructor(target: EtcdTarget, member: Member) {
    this.#target = target;
    this.#member = this.#measured(member);
  }

  /** What the member said of itself when it was chosen. */
  get status(): Status {
    return this.#member.status;
  }

  /** The member that is spoken to. */
  get endpoint(): Endpoint {
    return this.#member.endpoint;
  }

  /** Whether that member led when it was chosen. */
  get role(): EtcdRole {
    const { member, leader } = this.#member.status;
    return member === leader ? "leader" : "follower";
  }

  /** Attempts beyond the first, of all operations so far. */
  get retries(): number {
    return this.#retries;
  }

  /**
   * Makes a call. Where the member is lost or leads no more, it is made again to whichever can be
   * found, until the deadline: that is the operation's own time, and is counted.
   *
   * @param message Copied.
   * @param take Reads the answer while it is there.
   * @throws {RpcError} Where it does not end well, or not in time.
   */
  call(
    method: string,
    message: Uint8Array,
    take: (answer: ProtoReader) => void,
  ): Promise<void> {
    const { connections } = this.#member;
    const connection = connections[this.#turn++ % connections.length]!;
    const startedAt = performance.now();
    const kept = message.slice();
    return connection.call(method, message, take).catch((error) =>
      this.#again(error, method, kept, take, startedAt)
    );
  }

  /** What calls took from being written to being read, so far. */
  get wire(): WireMeter {
    return this.#target.meter;
  }

  /** As {@linkcode RpcConnection.ping}, on the first connection. */
  ping(): Promise<number> | undefined {
    return this.#member.connections[0]!.ping();
  }

  /** Makes a call of many messages, on the first connection. */
  stream(method: string, take: (answer: ProtoReader) => void): RpcStream {
    return this.#member.connections[0]!.stream(method, take);
  }

  /** Closes. What is in flight fails. */
  close(): void {
    this.#closed = true;
    for (const connection of this.#member.connections) connection.close();
  }

  async #again(
    error: unknown,
    method: string,
    message: Uint8Array,
    take: (answer: ProtoReader) => void,
    startedAt: number,
  ): Promise<void> {
    let last = error;
    while (isPassing(last) && !this.#closed) {
      if (performance.now() - startedAt + RETRY_MS > this.#target.deadlineMs) break;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      try {
        await (this.#moving ??= this.#move().finally(() => this.#moving = undefined));
        this.#retries++;
        const { connections } = this.#member;
        return await connections[this.#turn++ % connections.length]!.call(method, message, take);
      } catch (next) {
        last = next instanceof EtcdError ? last : next;
      }
    }
    throw last;
  }

  /** Counts from now on what a member answers: what it was asked to be chosen is no operation. */
  #measured(member: Member): Member {
    for (const connection of member.connections) connection.meter = this.#target.meter;
    return member;
  }

  /** Goes over to a member that can be used. */
  async #move(): Promise<void> {
    const { members, error } = await reach(this.#target, MOVE_MS);
    // One that did not answer before may be of another cluster, whose keys are none of ours.
    const { cluster } = this.status;
    const ours = members.filter(({ status }) => status.cluster === cluster);
    // While the others choose a leader, there is none: it is looked for again.
    const member = this.#closed ? undefined : choose(ours, this.#target.role);
    members.filter((other) => other !== member).forEach(leave);
    if (member === undefined) throw error ?? new EtcdError("the cluster has no leader");
    leave(this.#member);
    this.#member = this.#measured(member);
  }
}

/** Whether another attempt may end otherwise: the member went away, or the cluster changes. */
function isPassing(error: unknown): boolean {
  return error instanceof RpcError && error.code === RPC_CODE.unavailable;
}

function leave({ connections }: Member): void {
  for (const connection of connections) connection.close();
}

/** How long a cluster of others may take to choose a leader until it counts as one without, ms. */
const ELECTION_MS = 2000;
/** Between two looks at it, ms. */
const LOOK_MS = 50;

/**
 * Connects to a member of the wanted role. A cluster that chooses a leader at the moment has none for a
 * while: it is looked at again.
 *
 * @param all Whether every endpoint has to answer. @default one is enough
 * @throws {EtcdError} Where there is none, or it cannot be used.
 */
export async function connectEtcd(target: EtcdTarget, all = false): Promise<EtcdClient> {
  // Whoever starts a cluster waits for it.
  const patienceMs = target.started ? 0 : Math.min(ELECTION_MS, target.deadlineMs);
  const late = performance.now() + patienceMs;
  for (;;) {
    const { members, error } = await reach(target);
    try {
      if (error !== undefined && (all || members.length === 0)) throw error;
      requireOneCluster(members);
      const member = choose(members, target.role);
      if (member !== undefined) {
        members.splice(members.indexOf(member), 1);
        return new EtcdClient(target, member);
      }
      if (performance.now() >= late) throw noMember(members, target.role, error);
    } finally {
      members.forEach(leave);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

function requireOneCluster(members: readonly Member[]): void {
  const [first] = members;
  const other = members.find(({ status }) => status.cluster !== first!.status.cluster);
  if (other === undefined) return;
  const [a, b] = [first!, other].map(({ endpoint }) => endpointText(endpoint));
  throw new EtcdError(`${a} and ${b} are of different clusters; name the members of one`, true);
}

function choose(members: readonly Member[], role: EtcdRole): Member | undefined {
  return members.find(({ status: { member, leader } }) =>
    leader !== 0n && (member === leader) === (role === "leader")
  );
}

/** @param error Of the first endpoint that does not answer. */
function noMember(
  members: readonly Member[],
  role: EtcdRole,
  error: EtcdError | undefined,
): EtcdError {
  if (members.every(({ status }) => status.leader === 0n)) {
    return new EtcdError(
      "the cluster has no leader: too few of its members run; start the others",
    );
  }
  const named = role === "leader"
    ? "none of its endpoints leads; name the others too, or set role=follower"
    : "it has no follower among its endpoints; name one, or set role=leader";
  // The one that is wanted may be among those that do not answer.
  return error === undefined ? new EtcdError(named, true) : new EtcdError(
    `there is no ${role} among those of its endpoints that answer: ${error.message}`,
  );
}

/** Connects to every endpoint that answers; of those that do not, the first one's error. */
async function reach(
  target: EtcdTarget,
  patienceMs: number = target.deadlineMs,
): Promise<{ members: Member[]; error: EtcdError | undefined }> {
  const attempts = await Promise.allSettled(
    target.endpoints.map((one) => join(one, target, patienceMs)),
  );
  const members = attempts.flatMap((attempt) =>
    attempt.status === "fulfilled" ? [attempt.value] : []
  );
  const failed = attempts.find((attempt) => attempt.status === "rejected")?.reason;
  if (failed !== undefined && !(failed instanceof EtcdError)) {
    members.forEach(leave);
    throw failed;
  }
  return { members, error: failed };
}

/** Connects to an endpoint, says who calls, and asks what it is. */
async function join(
  endpoint: Endpoint,
  target: EtcdTarget,
  patienceMs: number,
): Promise<Member> {
  const connections: RpcConnection[] = [];
  try {
    for (let i = 0; i < target.connections; i++) {
      connections.push(await dial(endpoint, target, patienceMs));
    }
    const token = await authenticate(connections[0]!, target);
    if (token !== undefined) { for (const connection of connections) connection.token = token; }
    let status: Status | undefined;
    const asked = connections[0]!.call(METHOD.status, NOTHING, (answer) => {
      status = readStatus(answer);
    });
    await within(asked, patienceMs, endpointText(endpoint));
    requireVersion(status!.version, endpointText(endpoint));
    return { endpoint, connections, status: status! };
  } catch (error) {
    for (const connection of connections) connection.close();
    if (error instanceof EtcdError || !(error instanceof Error)) throw error;
    if (error instanceof Deno.errors.NotCapable) throw error;
    throw inWords(error, endpoint, target);
  }
}

/** The first version whose interface is the one that is spoken here. */
const LEAST_VERSION = [3, 4] as const;

/**
 * Refuses versions whose interface is another one.
 *
 * @param who Whose it is, as the beginning of a sentence.
 * @throws {EtcdError} Where it is too old, or none.
 */
export function requireVersion(version: string, who: string): void {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > LEAST_VERSION[0] || major === LEAST_VERSION[0] && minor >= LEAST_VERSION[1]) return;
  const said = version.slice(0, 40) || "of no version";
  const least = LEAST_VERSION.join(".");
  throw new EtcdError(`${who} is etcd ${said}, and ${least} is needed`, true);
}

async function authenticate(
  connection: RpcConnection,
  { user }: EtcdTarget,
): Promise<string | undefined> {
  if (user === undefined) return undefined;
  let token = "";
  const message = new ProtoWriter().text(1, user.name).text(2, user.password).view;
  await connection.call(METHOD.authenticate, message, (answer) => {
    token = readToken(answer);
  });
  return token;
}

/** Why an endpoint cannot be used, with what to do. */
function inWords(error: Error, endpoint: Endpoint, { tls, user, started }: EtcdTarget): EtcdError {
  const at = endpointText(endpoint);
  if (!(error instanceof RpcError)) {
    const mend = started ? undefined : "start etcd there, or name its client port";
    return connectionWords(error, at, { tls, mend });
  }
  // TLS 1.3 has the server's word on a client's certificate only after the handshake.
  const alert = tls && alertWords(error.message, at, tls);
  return alert === undefined
    ? new EtcdError(rpcWords(error, at, user !== undefined))
    : new EtcdError(alert, true);
}

function rpcWords({ code, message }: RpcError, at: string, named: boolean): string {
  if (code === RPC_CODE.unimplemented) return `${at} is no etcd: ${message}`;
  if (/authentication failed/.test(message)) {
    return `${at} takes neither the user nor the password of TIDEMARK_ETCD_USER and ` +
      "TIDEMARK_ETCD_PASSWORD";
  }
  if (/user name is empty|invalid auth token/.test(message) && !named) {
    return `${at} asks who calls; set TIDEMARK_ETCD_USER and TIDEMARK_ETCD_PASSWORD`;
  }
  if (/authentication is not enabled/.test(message)) {
    return `${at} asks nobody who calls; unset TIDEMARK_ETCD_USER and TIDEMARK_ETCD_PASSWORD`;
  }
  if (/permission denied/.test(message)) {
    return `${at} does not let the user of TIDEMARK_ETCD_USER ask who leads, which takes the role root ` +
      "since etcd 3.6; name such a user";
  }
  return `${at}: ${message}`;
}
