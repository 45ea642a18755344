/**
 * A client of PD, which knows where the regions are: it speaks to the member that leads, and looks for
 * that one again where it is lost.
 */
import {
  alertWords,
  connectionWords,
  dial,
  type Endpoint,
  endpointText,
  parseEndpoints,
  type ProtoReader,
  ProtoWriter,
  RPC_CODE,
  type RpcConnection,
  RpcError,
  ServerError,
  type TlsFiles,
  within,
} from "../grpc/mod.ts";
import { plainKey, regionKey, type TikvApi } from "./keys.ts";
import {
  type LedRegion,
  METHOD,
  type PdHeader,
  readKeyspace,
  readMembers,
  readOneRegion,
  readRegions,
  readServers,
  type TikvServer,
} from "./messages.ts";

/** How servers are reached. */
export interface TikvTarget {
  /** Members of PD. */
  pd: readonly Endpoint[];
  /** Absent: no TLS. */
  tls?: TlsFiles;
  api: TikvApi;
  /** By id, or by name. */
  keyspace: number | string;
  /** Connections to a server of TiKV. */
  connections: number;
  /** How long an operation may take with all its retries, ms. */
  deadlineMs: number;
}

/** How long a member may take to answer where another one was lost, ms. */
const MOVE_MS = 1000;
/** Regions that are asked for at once: those that follow are often wanted next. */
const REGIONS = 64;

/** A client with a connection that is open. Made by {@linkcode connectPd}. */
export class PdClient {
  readonly #target: TikvTarget;
  /** Every member that was heard of. */
  #members: Endpoint[];
  #leader: { connection: RpcConnection; cluster: bigint };
  #finding: Promise<void> | undefined;
  #lookups = 0;
  #closed = false;

  constructor(target: TikvTarget, found: Found) {
    this.#target = target;
    this.#members = found.members;
    this.#leader = found;
  }

  /** Questions for regions, so far. */
  get lookups(): number {
    return this.#lookups;
  }

  /** The region of a key, and some that follow it. */
  async regionsFrom(key: Uint8Array): Promise<LedRegion[]> {
    this.#lookups++;
    const body = new ProtoWriter().bytes(2, regionKey(this.#target.api, key)).number(3, REGIONS);
    return this.#plain(await this.#ask(METHOD.regions, body, readRegions));
  }

  /** The region that ends with a key, or that has it and others before it. */
  async regionBefore(key: Uint8Array): Promise<LedRegion[]> {
    this.#lookups++;
    const body = new ProtoWriter().bytes(2, regionKey(this.#target.api, key));
    const [at] = this.#plain(await this.#ask(METHOD.region, body, readOneRegion));
    if (at === undefined || at.region.start.length < key.length || !equal(at.region.start, key)) {
      return at === undefined ? [] : [at];
    }
    return this.#plain(await this.#ask(METHOD.previousRegion, body, readOneRegion));
  }

  /** A server by its id; `undefined` where there is none. */
  async server(id: number): Promise<TikvServer | undefined> {
    const body = new ProtoWriter().number(2, id);
    return (await this.#ask(METHOD.store, body, readServers)).servers[0];
  }

  /** The servers that have raw keys, but those that were removed. */
  async servers(): Promise<TikvServer[]> {
    const body = new ProtoWriter().flag(2, true);
    const { servers } = await this.#ask(METHOD.stores, body, readServers);
    return servers.filter(({ isOther }) => !isOther);
  }

  /** The id of a keyspace by its name. @throws {ServerError} Where there is none. */
  async keyspace(name: string): Promise<number> {
    const none = (reason: string) =>
      new ServerError(`it has no keyspace ${JSON.stringify(name)} (${reason})`, true);
    try {
      const body = new ProtoWriter().text(2, name);
      const { id } = await this.#ask(METHOD.keyspace, body, readKeyspace);
      if (id !== undefined) return id;
    } catch (error) {
      if (error instanceof ServerError || error instanceof RpcError) throw none(error.message);
      throw error;
    }
    throw none("PD knows none of the name");
  }

  /** Looks for the member that leads now. */
  async find(): Promise<void> {
    await (this.#finding ??= this.#find().finally(() => this.#finding = undefined));
  }

  /** Closes. What is in flight fails. */
  close(): void {
    this.#closed = true;
    this.#leader.connection.close();
  }

  #plain({ regions }: { regions: LedRegion[] }): LedRegion[] {
    const { api } = this.#target;
    for (const { region } of regions) {
      region.start = plainKey(api, region.start);
      region.end = plainKey(api, region.end);
    }
    return regions;
  }

  /** Asks the leader. @param body All but the header. */
  async #ask<T extends { header: PdHeader }>(
    method: string,
    body: ProtoWriter,
    read: (answer: ProtoReader) => T,
  ): Promise<T> {
    const { connection, cluster } = this.#leader;
    const header = new ProtoWriter().message(1, new ProtoWriter().number(1, cluster)).view;
    const message = new Uint8Array(header.length + body.view.length);
    message.set(header);
    message.set(body.view, header.length);
    let answer: T | undefined;
    await connection.call(method, message, (reader) => {
      answer = read(reader);
    });
    if (answer === undefined) throw new RpcError(RPC_CODE.internal, "PD answers nothing");
    const { error } = answer.header;
    // One that no longer leads says so here.
    if (error !== undefined) throw new RpcError(RPC_CODE.unavailable, error);
    return answer;
  }

  async #find(): Promise<void> {
    const found = await findLeader(this.#target, this.#members, MOVE_MS);
    if (this.#closed) {
      found.connection.close();
      return;
    }
    this.#leader.connection.close();
    this.#leader = found;
    this.#members = found.members;
  }
}

/** The leader, with a connection to it, and who the members are. */
interface Found {
  connection: RpcConnection;
  cluster: bigint;
  members: Endpoint[];
}

/**
 * Connects to the member that leads.
 *
 * @throws {ServerError} Where there is none, or it cannot be used.
 */
export async function connectPd(target: TikvTarget): Promise<PdClient> {
  return new PdClient(target, await findLeader(target, target.pd, target.deadlineMs));
}

async function findLeader(
  target: TikvTarget,
  endpoints: readonly Endpoint[],
  patienceMs: number,
): Promise<Found> {
  let first: unknown;
  for (const endpoint of endpoints) {
    try {
      return await findLeaderBy(endpoint, target, patienceMs);
    } catch (error) {
      first ??= error;
    }
  }
  throw first;
}

/** Asks a member who leads, and connects to that one. */
async function findLeaderBy(
  endpoint: Endpoint,
  target: TikvTarget,
  patienceMs: number,
): Promise<Found> {
  const connection = await open(endpoint, target, patienceMs);
  try {
    const { header, members, leader } = await membersOf(connection, endpoint, target, patienceMs);
    if (header.error !== undefined) throw new ServerError(header.error);
    if (leader === undefined) {
      throw new ServerError("PD has no leader: too few of its members run; start the others");
    }
    const known = members.flatMap(({ urls }) => urls.slice(0, 1).map(endpointOf));
    const leaderEndpoints = leader.urls.map(endpointOf);
    const found = {
      cluster: header.cluster,
      members: [...new Map([endpoint, ...known].map((one) => [endpointText(one), one])).values()],
    };
    const at = endpointText(endpoint);
    if (leaderEndpoints.some((one) => endpointText(one) === at) || members.length === 1) {
      return { ...found, connection };
    }
    const leading = await open(leaderEndpoints[0]!, target, patienceMs);
    connection.close();
    return { ...found, connection: leading };
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function membersOf(
  connection: RpcConnection,
  endpoint: Endpoint,
  { tls }: TikvTarget,
  patienceMs: number,
) {
  let answer: ReturnType<typeof readMembers> | undefined;
  const at = endpointText(endpoint);
  try {
    const asked = connection.call(METHOD.members, new Uint8Array(0), (reader) => {
      answer = readMembers(reader);
    });
    await within(asked, patienceMs, at);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    // TLS 1.3 has the server's word on a client's certificate only after the handshake.
    const alert = tls && alertWords(error.message, at, tls);
    if (alert !== undefined) throw new ServerError(alert, true);
    throw error.code === RPC_CODE.unimplemented
      ? new ServerError(`${at} is no PD: ${error.message}`)
      : new ServerError(`${at}: ${error.message}`);
  }
  if (answer === undefined) throw new ServerError(`${at} is no PD: it answers nothing`);
  return answer;
}

/**
 * An address that a server tells.
 *
 * @throws {ServerError} Where it is none.
 */
export function endpointOf(text: string): Endpoint {
  try {
    return parseEndpoints(text).endpoints[0]!;
  } catch {
    throw new ServerError(
      `PD tells an address that is none: ${JSON.stringify(text.slice(0, 100))}`,
    );
  }
}

/**
 * Opens a connection, and says in words why it cannot.
 *
 * @throws {ServerError} Where it cannot.
 */
export async function open(
  endpoint: Endpoint,
  target: TikvTarget,
  patienceMs: number,
  what = "PD",
): Promise<RpcConnection> {
  try {
    return await dial(endpoint, target, patienceMs);
  } catch (error) {
    const at = endpointText(endpoint);
    if (error instanceof Deno.errors.NotCapable) {
      throw new ServerError(
        `it tells of ${what} at ${at}, which a run may not reach; name the machine ` +
          `(stores=${endpoint.host})`,
        true,
      );
    }
    if (error instanceof ServerError || !(error instanceof Error)) throw error;
    throw connectionWords(error, at, {
      tls: target.tls,
      mend: what === "PD" ? "start PD there, or name its client port" : `start ${what} there`,
    });
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
