/**
 * A client of TiKV's raw keys: it knows the regions, asks their leaders, and asks again where those
 * changed. What it takes until an operation is done is that operation's own time, and is counted.
 */
import {
  endpointText,
  type ProtoReader,
  ProtoWriter,
  RPC_CODE,
  RpcError,
  ServerError,
  within,
} from "../grpc/mod.ts";
import type { Write } from "../kept_batch.ts";
import { type Entry, keyAfter } from "../page_cursor.ts";
import { compareBytes } from "../bytes.ts";
import { CommandConnection } from "./commands.ts";
import { keyPrefix, plainKey } from "./keys.ts";
import {
  keyOf,
  METHOD,
  readEntry,
  readRegionError,
  type RegionError,
  writeEntry,
} from "./messages.ts";
import { connectPd, endpointOf, open, type PdClient, type TikvTarget } from "./pd.ts";
import { Region, RegionTable } from "./regions.ts";
import { remedyOf, type Trouble, Waits } from "./trouble.ts";

/** The connections to a server of TiKV. */
interface Link {
  at: string;
  connections: CommandConnection[];
}

/** Takes an answer's field, which it reads or skips. */
type TakeField = (field: number, answer: ProtoReader) => void;

/** A request, and the region that it is for. */
interface Request {
  method: string;
  /** A key of the region. */
  key: Uint8Array;
  /** Whether the region is meant that ends there, or has the key and others before it. */
  before?: boolean;
  /** Writes all but what says of which region it is. */
  write(message: ProtoWriter, region: Region): void;
  take: TakeField;
}

/** Fields of answers. */
const REGION_ERROR_FIELD = 1;
const ERROR_FIELD = 2;

/** A client with a connection to PD. Made by {@linkcode connectTikv}. */
export class TikvClient {
  readonly #target: TikvTarget;
  readonly #pd: PdClient;
  readonly #regions = new RegionTable();
  readonly #links = new Map<number, Link>();
  /** Connections that are being made, by the server. */
  readonly #dialling = new Map<number, Promise<Link>>();
  readonly #message = new ProtoWriter();
  /** What keys begin with: what says of which keyspace they are. */
  readonly prefix: Uint8Array;
  /** The servers' versions, each once. */
  readonly versions: readonly string[];
  #turn = 0;
  #retries = 0;
  #closed = false;

  constructor(target: TikvTarget, pd: PdClient, prefix: Uint8Array, versions: readonly string[]) {
    this.#target = target;
    this.#pd = pd;
    this.prefix = prefix;
    this.versions = versions;
  }

  /** Attempts beyond the first, of all operations so far. */
  get retries(): number {
    return this.#retries;
  }

  /** Questions to PD for regions, so far. */
  get lookups(): number {
    return this.#pd.lookups;
  }

  /** Regions that are known. */
  get regions(): number {
    return this.#regions.size;
  }

  /**
   * Makes a request for one key, which is the request's field 2.
   *
   * @param key With the keyspace; may change as soon as this returns.
   * @param write Writes the request's fields; called before this returns.
   * @throws {ServerError} Where it does not end well, or not in time.
   */
  call(
    method: string,
    key: Uint8Array,
    write: (message: ProtoWriter) => void,
    take: TakeField,
  ): Promise<void> {
    const startedAt = performance.now();
    const message = this.#message.clear();
    const region = this.#regions.at(key);
    const link = this.#linkOf(region);
    if (region !== undefined && link !== undefined) message.bytes(1, region.context(this.#target));
    const from = message.view.length;
    write(message);
    const kept = message.view.slice();
    const again = (trouble?: Trouble) => {
      const body = kept.subarray(from);
      const request: Request = {
        method,
        key: keyOf(body),
        write: (message) => message.append(body),
        take,
      };
      return this.#again(request, startedAt, trouble, region);
    };
    if (region === undefined || link === undefined) return again().then(() => {});
    return this.#attempt(region, link, method, kept, take).then((trouble) =>
      trouble === undefined ? undefined : again(trouble).then(() => {})
    );
  }

  /**
   * Reads entries of a range, from the first or from the last on.
   *
   * @param from The first key. @param to The end, which is no end where it is empty.
   * @returns The entries, in the walk's order, and from where it goes on; absent where all was seen.
   */
  async scan(
    from: Uint8Array,
    to: Uint8Array,
    limit: number,
    reverse: boolean,
  ): Promise<{ entries: Entry[]; rest: { from: Uint8Array; to: Uint8Array } | undefined }> {
    const entries: Entry[] = [];
    const region = await this.#again({
      method: METHOD.scan,
      key: reverse ? to : from,
      before: reverse,
      write: (message, region) => {
        const [first, end] = clip(region, from, to);
        // Backwards the start is the upper bound, excluded.
        message.bytes(2, reverse ? end : first).number(3, limit).flag(6, reverse)
          .bytes(7, reverse ? first : end);
      },
      take: (field, answer) => {
        if (field === 2) entries.push(readEntry(answer.message()));
        else answer.skip();
      },
    }, performance.now());
    const last = entries.at(-1);
    if (entries.length >= limit && last !== undefined) {
      return { entries, rest: reverse ? { from, to: last.key } : { from: keyAfter(last.key), to } };
    }
    const [first, end] = clip(region, from, to);
    const isAll = reverse ? compareBytes(first, from) <= 0 : compareBytes(end, to) === 0;
    return { entries, rest: isAll ? undefined : reverse ? { from, to: first } : { from: end, to } };
  }

  /** Removes all keys of a range that has an end. */
  async deleteRange(from: Uint8Array, to: Uint8Array): Promise<void> {
    for (let key = from; compareBytes(key, to) < 0;) {
      const region = await this.#again({
        method: METHOD.deleteRange,
        key,
        write: (message, region) => message.bytes(2, key).bytes(3, clip(region, key, to)[1]),
        take: takeError,
      }, performance.now());
      key = clip(region, key, to)[1];
    }
  }

  /**
   * Writes several entries, each key once; `null` removes one. Those of a region go together, puts
   * and deletes apart: there is nothing that would do them all or none.
   */
  async write(writes: readonly Write[]): Promise<void> {
    const startedAt = performance.now();
    const waits = new Waits(startedAt, this.#target.deadlineMs);
    let isFirst = true;
    let rest = writes;
    while (rest.length > 0) {
      const groups = Map.groupBy(rest, ({ value }) => value === null);
      const attempts: {
        writes: typeof rest;
        region: Region;
        done: Promise<Trouble | undefined>;
      }[] = [];
      for (const [isDelete, some] of groups) {
        for (const [region, own] of await this.#byRegion(some, waits)) {
          attempts.push({ writes: own, region, done: this.#writeSome(region, own, isDelete) });
        }
      }
      if (!isFirst) this.#retries += attempts.length;
      const left: Write[] = [];
      let worst: Trouble | undefined;
      for (const { writes: own, region, done } of attempts) {
        const trouble = await done;
        if (trouble === undefined) continue;
        left.push(...own);
        worst = trouble;
        await this.#mend(trouble, region, waits, isFirst);
      }
      if (worst !== undefined && waits.leftMs <= 0) throw waits.late(worst);
      rest = left;
      isFirst = false;
    }
  }

  /** Closes. What is in flight fails. */
  close(): void {
    this.#closed = true;
    this.#pd.close();
    for (const link of this.#links.values()) leave(link);
    this.#links.clear();
  }

  async #byRegion<T extends { key: Uint8Array }>(
    writes: readonly T[],
    waits: Waits,
  ): Promise<Map<Region, T[]>> {
    const groups = new Map<Region, T[]>();
    for (const write of writes) {
      const { region } = await this.#place(write.key, false, waits);
      const group = groups.get(region);
      if (group === undefined) groups.set(region, [write]);
      else group.push(write);
    }
    return groups;
  }

  #writeSome(
    region: Region,
    writes: readonly Write[],
    isDelete: boolean,
  ): Promise<Trouble | undefined> {
    const link = this.#linkOf(region);
    if (link === undefined) return Promise.resolve({ lost: "a server was lost" });
    const message = this.#message.clear().bytes(1, region.context(this.#target));
    const entry = new ProtoWriter();
    for (const { key, value } of writes) {
      if (value === null) message.bytes(2, key);
      else message.message(2, writeEntry(entry, { key, value }));
    }
    const method = isDelete ? METHOD.batchDelete : METHOD.batchPut;
    return this.#attempt(region, link, method, message.view, takeError);
  }

  /**
   * Attempts until one ends well.
   *
   * @param trouble Of the attempt that was made already, of that region.
   * @returns The region that it was.
   */
  async #again(
    request: Request,
    startedAt: number,
    trouble?: Trouble,
    region?: Region,
  ): Promise<Region> {
    const waits = new Waits(startedAt, this.#target.deadlineMs);
    let isFirst = true;
    for (;;) {
      if (trouble !== undefined) {
        await this.#mend(trouble, region, waits, isFirst);
        this.#retries++;
        isFirst = false;
      }
      const place = await this.#place(request.key, request.before === true, waits);
      region = place.region;
      const message = new ProtoWriter().bytes(1, region.context(this.#target));
      request.write(message, region);
      const { method, take } = request;
      const left = waits.leftMs;
      if (left <= 0) throw waits.late(trouble ?? { lost: "its server does not answer" });
      const attempt = this.#attempt(region, place.link, method, message.view, take);
      trouble = await within(attempt, left);
      if (trouble === undefined) return region;
    }
  }

  /** Asks a region once. @param message Copied. */
  #attempt(
    region: Region,
    link: Link,
    method: string,
    message: Uint8Array,
    take: TakeField,
  ): Promise<Trouble | undefined> {
    const { connections } = link;
    const connection = connections[this.#turn++ % connections.length]!;
    const store = region.peer!.store;
    let refused: RegionError | undefined;
    return connection.call(method, message, (answer) => {
      for (let field = answer.next(); field !== 0; field = answer.next()) {
        if (field === REGION_ERROR_FIELD) refused = readRegionError(answer.message());
        else take(field, answer);
      }
    }).then(() => {
      region.answered();
      return refused === undefined ? undefined : { region: refused };
    }, (error) => {
      if (!(error instanceof RpcError)) throw error;
      if (!isPassing(error) || this.#closed) throw new ServerError(rpcWords(error, link.at));
      this.#lose(store, link);
      return { lost: `${link.at}: ${error.message}` };
    });
  }

  /** Does what is to be done before another attempt, and waits as long as that needs. */
  async #mend(
    trouble: Trouble,
    region: Region | undefined,
    waits: Waits,
    isFirst: boolean,
  ): Promise<void> {
    if (this.#closed) throw new ServerError("the connection was closed");
    if ("lost" in trouble) {
      // The others of the region know soonest who leads it now.
      if (region !== undefined && !region.next()) this.#regions.drop(region);
      return await waits.wait("little", trouble);
    }
    const { region: error } = trouble;
    const remedy = remedyOf(error, isFirst);
    if (region !== undefined) {
      const isLed = remedy.region === "lead" && region.lead(error.leader!);
      if (remedy.region === "drop" || remedy.region === "lead" && !isLed) {
        this.#regions.drop(region);
      }
      if (remedy.region === "replace") this.#replace(region, error);
    }
    if (remedy.wait !== "none") await waits.wait(remedy.wait, trouble, error.backoffMs);
  }

  /** Takes the regions that there are instead, led by the store that told of them. */
  #replace(region: Region, error: RegionError): void {
    const { store } = region.peer!;
    this.#regions.drop(region);
    for (const record of error.regions!) {
      const start = plainKey(this.#target.api, record.start);
      const end = plainKey(this.#target.api, record.end);
      const next = new Region({ region: { ...record, start, end }, leader: 0 });
      if (next.peer === undefined) continue;
      next.lead({ id: next.peerOn(store), store, votes: true });
      this.#regions.add(next);
    }
  }

  /** Where a key is asked for: waits until PD and the server can be spoken to. */
  async #place(
    key: Uint8Array,
    before: boolean,
    waits: Waits,
  ): Promise<{ region: Region; link: Link }> {
    for (;;) {
      const region = before ? this.#regions.before(key) : this.#regions.at(key);
      const link = this.#linkOf(region);
      if (region !== undefined && link !== undefined) return { region, link };
      let trouble: Trouble | undefined;
      try {
        if (region === undefined) trouble = await within(this.#lookUp(key, before), waits.leftMs);
        else await this.#dial(region, waits);
      } catch (error) {
        trouble = this.#passing(error);
        if (region !== undefined && !region.next()) this.#regions.drop(region);
      }
      if (trouble === undefined) continue;
      this.#retries++;
      await waits.wait("little", trouble);
    }
  }

  /** Asks PD for a key's region. @returns Why it is not known afterwards. */
  async #lookUp(key: Uint8Array, before: boolean): Promise<Trouble | undefined> {
    try {
      const found = before ? await this.#pd.regionBefore(key) : await this.#pd.regionsFrom(key);
      for (const led of found) {
        const region = new Region(led);
        if (region.peer !== undefined) this.#regions.add(region);
      }
      const known = before ? this.#regions.before(key) : this.#regions.at(key);
      return known === undefined ? { lost: "PD does not know the region of a key yet" } : undefined;
    } catch (error) {
      const trouble = this.#passing(error);
      await this.#pd.find().catch((error) => this.#passing(error));
      return trouble;
    }
  }

  /** What another attempt may mend. @throws Everything else. */
  #passing(error: unknown): Trouble {
    if (this.#closed) throw new ServerError("the connection was closed");
    if (error instanceof ServerError && !error.usage) return { lost: error.message };
    if (error instanceof RpcError) {
      if (isPassing(error)) return { lost: `PD: ${error.message}` };
      throw new ServerError(rpcWords(error, "PD"));
    }
    throw error;
  }

  #linkOf(region: Region | undefined): Link | undefined {
    const store = region?.peer?.store;
    if (store === undefined) return undefined;
    const link = this.#links.get(store);
    if (link === undefined || link.connections.every(({ error }) => error === undefined)) {
      return link;
    }
    this.#lose(store, link);
    return undefined;
  }

  #lose(store: number, link: Link): void {
    if (this.#links.get(store) !== link) return;
    this.#links.delete(store);
    leave(link);
  }

  /** Connects to the server of a region's peer. */
  async #dial(region: Region, waits: Waits): Promise<void> {
    const { store } = region.peer!;
    const dialling = this.#dialling.get(store) ??
      this.#connect(store).finally(() => this.#dialling.delete(store));
    this.#dialling.set(store, dialling);
    await within(dialling, waits.leftMs);
  }

  async #connect(store: number): Promise<Link> {
    const server = await this.#pd.server(store);
    if (server === undefined) throw new ServerError(`PD knows no server ${store}`);
    const endpoint = endpointOf(server.address);
    const connections: CommandConnection[] = [];
    try {
      for (let i = 0; i < this.#target.connections; i++) {
        const { deadlineMs } = this.#target;
        const rpc = await open(endpoint, this.#target, deadlineMs, "TiKV");
        connections.push(new CommandConnection(rpc, deadlineMs));
      }
    } catch (error) {
      for (const connection of connections) connection.close();
      throw error;
    }
    const link = { at: endpointText(endpoint), connections };
    if (this.#closed) {
      leave(link);
      throw new ServerError("the connection was closed");
    }
    this.#links.set(store, link);
    return link;
  }
}

/**
 * Connects to a cluster.
 *
 * @throws {ServerError} Where it cannot be used.
 */
export async function connectTikv(target: TikvTarget): Promise<TikvClient> {
  const pd = await connectPd(target);
  try {
    const servers = await pd.servers();
    if (servers.length === 0) {
      throw new ServerError("PD knows no server of TiKV; start one that names this PD");
    }
    const { api, keyspace } = target;
    const id = typeof keyspace === "number" ? keyspace : await pd.keyspace(keyspace);
    const versions = [...new Set(servers.map(({ version }) => version || "unknown"))].sort();
    return new TikvClient(target, pd, keyPrefix(api, id), versions);
  } catch (error) {
    pd.close();
    if (error instanceof RpcError) throw new ServerError(rpcWords(error, "PD"));
    throw error;
  }
}

/** Whether another attempt may end otherwise: the server went away, or ends. */
function isPassing({ code }: RpcError): boolean {
  return code === RPC_CODE.unavailable || code === RPC_CODE.cancelled;
}

function rpcWords({ code, message }: RpcError, at: string): string {
  if (code === RPC_CODE.unimplemented) return `${at} is no TiKV: ${message}`;
  return message === "" ? `${at} answers with code ${code}` : `${at}: ${message}`;
}

function leave({ connections }: Link): void {
  for (const connection of connections) connection.close();
}

/** Takes an answer of which only the server's error is of interest. */
function takeError(field: number, answer: ProtoReader): void {
  if (field === ERROR_FIELD) throw new ServerError(answer.text());
  answer.skip();
}

/** The part of a range that is in a region. An end that is empty is none. */
function clip(region: Region, from: Uint8Array, to: Uint8Array): [Uint8Array, Uint8Array] {
  const first = compareBytes(region.start, from) > 0 ? region.start : from;
  const isNearer = region.end.length > 0 && (to.length === 0 || compareBytes(region.end, to) < 0);
  return [first, isNearer ? region.end : to];
}
