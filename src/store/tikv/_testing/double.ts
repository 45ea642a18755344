/**
 * A double of TiKV: PD's members and the servers in one process, which split, move leadership, are
 * busy, die and answer slowly on command. It keeps keys in memory and says of itself what it is.
 */
import { ProtoWriter } from "../../grpc/mod.ts";
import { compareBytes } from "../../bytes.ts";
import { plainKey, regionKey, type TikvApi } from "../keys.ts";
import { METHOD, type RegionRecord, writePeer } from "../messages.ts";
import { type Fields, readFields, readPacked, writePacked } from "./fields.ts";
import { type GrpcServer, type Handler, serveGrpc, type ServerTls, Status } from "./grpc_server.ts";
import { SortedEntries } from "./sorted_entries.ts";

/** What it says of itself. */
export const DOUBLE_VERSION = "0.0.0-double";

const CLUSTER = 0xfedc_ba98_7654_3210n;
const UNAVAILABLE = 14;
const FAILED_PRECONDITION = 9;
const NOTHING = new Uint8Array(0);

/** How it begins. */
export interface DoubleOptions {
  /** Servers of TiKV. @default 3 */
  stores?: number;
  /** Members of PD, of which the last one leads. @default 2 */
  members?: number;
  /** @default 1 */
  api?: TikvApi;
  /** Keys, with the keyspace, at which it is split into regions. @default none */
  splits?: readonly Uint8Array[];
  /** Whether its servers take many commands over a stream (BatchCommands). @default true */
  batches?: boolean;
  /** @default none */
  tls?: ServerTls;
  /** How long a region has no leader when its server dies, ms. @default 50 */
  electionMs?: number;
}

interface Region extends RegionRecord {
  /** The store that leads; 0 for none. */
  leader: number;
  /** Whether the others say who leads. */
  hints: boolean;
}

interface DoubleStore {
  id: number;
  port: number;
  server: GrpcServer | undefined;
  busy: { times: number; backoffMs: number };
  slowMs: number;
}

/** The raw commands, by their names and their numbers in BatchCommands. */
const COMMANDS: Readonly<Record<string, number>> = {
  RawGet: 13,
  RawBatchGet: 14,
  RawPut: 15,
  RawBatchPut: 16,
  RawDelete: 17,
  RawBatchDelete: 18,
  RawScan: 19,
  RawDeleteRange: 20,
};
/** The answer to another one. */
const NO_COMMAND = 255;
const NAMES = new Map(Object.entries(COMMANDS).map(([name, number]) => [number, name]));

/** A request as it came. */
interface Request extends Fields {
  region: { id: number; confVer: number; version: number };
  store: number;
  api: number;
}

/** Starts one. */
export async function startDouble(options: DoubleOptions = {}): Promise<TikvDouble> {
  const double = new TikvDouble(options);
  await double.start();
  return double;
}

/** A cluster that runs. Made by {@linkcode startDouble}. */
export class TikvDouble implements AsyncDisposable {
  readonly #api: TikvApi;
  readonly #electionMs: number;
  readonly #batches: boolean;
  readonly #tls: ServerTls | undefined;
  readonly #entries = new SortedEntries();
  readonly #stores: DoubleStore[];
  readonly #members: GrpcServer[] = [];
  readonly #memberCount: number;
  #regions: Region[] = [];
  #nextId = 100;
  /** Which member of PD leads; −1 for none. */
  #leading: number;
  /** Requests by their names, and refusals by theirs. */
  readonly counts: Record<string, number> = {};

  constructor(
    { stores = 3, members = 2, api = 1, splits = [], batches = true, tls, electionMs = 50 }:
      DoubleOptions,
  ) {
    this.#api = api;
    this.#electionMs = electionMs;
    this.#batches = batches;
    this.#tls = tls;
    this.#memberCount = members;
    this.#leading = members - 1;
    this.#stores = Array.from({ length: stores }, (_, i) => ({
      id: i + 1,
      port: 0,
      server: undefined,
      busy: { times: 0, backoffMs: 0 },
      slowMs: 0,
    }));
    this.#regions = [{
      id: this.#nextId++,
      start: NOTHING,
      end: NOTHING,
      confVer: 1,
      version: 1,
      peers: this.#newPeers(),
      leader: 1,
      hints: true,
    }];
    splits.forEach((key, i) => {
      this.split(key);
      this.moveLeader(key, i % stores + 1);
    });
  }

  /** Listens. */
  async start(): Promise<void> {
    for (const store of this.#stores) await this.revive(store.id);
    for (let i = 0; i < this.#memberCount; i++) {
      this.#members.push(await serveGrpc((path) => this.#pdHandler(path, i), 0, this.#tls));
    }
  }

  /** PD's members, as the option `pd` has them. */
  get pd(): string {
    return this.#members.map(({ port }) => `127.0.0.1:${port}`).join("+");
  }

  /** Splits the region of a key there; the left part has a new id, as TiKV does it. */
  split(key: Uint8Array): void {
    const region = this.#regionOf(key);
    if (compareBytes(region.start, key) === 0) return;
    const left: Region = {
      ...region,
      id: this.#nextId++,
      end: key.slice(),
      peers: this.#newPeers(),
      version: region.version + 1,
    };
    region.start = left.end;
    region.version++;
    this.#regions.push(left);
    this.#regions.sort((a, b) => compareBytes(a.start, b.start));
  }

  /** Another store leads the region of a key. @param hints Whether the others say so. */
  moveLeader(key: Uint8Array, store: number, hints = true): void {
    const region = this.#regionOf(key);
    region.leader = store;
    region.hints = hints;
  }

  /** The store that leads the region of a key; 0 for none. */
  leaderOf(key: Uint8Array): number {
    return this.#regionOf(key).leader;
  }

  /** Another store than one, which lives. */
  otherThan(store: number): number {
    const others = this.#stores.filter(({ id, server }) => id !== store && server !== undefined);
    return (others.find(({ id }) => id > store) ?? others[0])!.id;
  }

  /** How many keys it has. */
  get size(): number {
    return this.#entries.keys.length;
  }

  /** A store refuses so many requests, and says how long it wants to be left alone. */
  busy(store: number, times: number, backoffMs: number): void {
    this.#store(store).busy = { times, backoffMs };
  }

  /** A store answers so much later. */
  slow(store: number, ms: number): void {
    this.#store(store).slowMs = ms;
  }

  /** A store dies. What it led is led by another one a little later. */
  async kill(id: number): Promise<void> {
    const store = this.#store(id);
    const { server } = store;
    store.server = undefined;
    const led = this.#regions.filter(({ leader }) => leader === id);
    for (const region of led) region.leader = 0;
    const others = this.#stores.filter(({ server }) => server !== undefined);
    setTimeout(() => {
      led.forEach((region, i) => region.leader ||= others[i % others.length]?.id ?? 0);
    }, this.#electionMs);
    await server?.stop();
  }

  /** It lives again, where it was. */
  async revive(id: number): Promise<void> {
    const store = this.#store(id);
    const handlerOf = (path: string) => this.#storeHandler(path, store);
    store.server ??= await serveGrpc(handlerOf, store.port, this.#tls);
    store.port = store.server.port;
  }

  /** Another member of PD leads; −1 for none. */
  leadPd(member: number): void {
    this.#leading = member;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { server } of this.#stores) await server?.stop();
    for (const member of this.#members) await member.stop();
  }

  #count(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  #store(id: number): DoubleStore {
    return this.#stores[id - 1]!;
  }

  #newPeers() {
    return this.#stores.map(({ id: store }) => ({ id: this.#nextId++, store, votes: true }));
  }

  #regionOf(key: Uint8Array): Region {
    return this.#regions.findLast(({ start }) => compareBytes(start, key) <= 0)!;
  }

  #pdHandler(path: string, member: number): Handler | undefined {
    const handle = this.#pdMethod(path);
    if (handle === undefined) return undefined;
    // deno-lint-ignore require-await -- it throws by the promise
    return async (message) => {
      this.#count(path.split("/").at(-1)!);
      const fields = readFields(message);
      if (path !== METHOD.members) {
        if (member !== this.#leading) throw new Status(UNAVAILABLE, "not leader");
        const cluster = clusterIn(fields.bytes.get(1)?.[0]);
        if (cluster !== CLUSTER) {
          throw new Status(FAILED_PRECONDITION, `mismatch cluster id, need ${CLUSTER}`);
        }
      }
      return handle(fields, member).view;
    };
  }

  #pdMethod(path: string): ((fields: Fields, member: number) => ProtoWriter) | undefined {
    const key = (fields: Fields) => plainKey(this.#api, fields.bytes.get(2)?.[0] ?? NOTHING);
    switch (path) {
      case METHOD.members:
        return () => this.#membersAnswer();
      case METHOD.region:
        return (fields) => this.#regionAnswer(this.#regionOf(key(fields)));
      case METHOD.previousRegion:
        return (fields) => {
          const at = this.#regions.indexOf(this.#regionOf(key(fields)));
          return this.#regionAnswer(this.#regions[at - 1]);
        };
      case "/pdpb.PD/GetRegionByID":
        return (fields) => {
          const id = Number(fields.numbers.get(2));
          return this.#regionAnswer(this.#regions.find((region) => region.id === id));
        };
      case METHOD.regions:
        return (fields) => this.#regionsAnswer(key(fields), Number(fields.numbers.get(3) ?? 0));
      case METHOD.store:
        return (fields) => {
          const asked = Number(fields.numbers.get(2));
          const store = this.#stores.find(({ id }) => id === asked);
          return this.#storesAnswer(store === undefined ? [] : [store]);
        };
      case METHOD.stores:
        return () => this.#storesAnswer(this.#stores);
      case METHOD.keyspace:
        return (fields) => {
          const name = new TextDecoder().decode(fields.bytes.get(2)?.[0]);
          const id = name === "DEFAULT" ? 0 : name === "double" ? 7 : undefined;
          if (id === undefined) return pdHeader(9, `keyspace ${name} does not exist`);
          return pdHeader().message(2, new ProtoWriter().number(1, id).text(2, name));
        };
      case "/pdpb.PD/Tso":
        return (fields) =>
          pdHeader().number(2, fields.numbers.get(2) ?? 1)
            .message(3, new ProtoWriter().number(1, Date.now()).number(2, this.#nextId++));
      default:
        return undefined;
    }
  }

  #membersAnswer(): ProtoWriter {
    const answer = pdHeader();
    const scheme = this.#tls === undefined ? "http" : "https";
    const member = (i: number) =>
      new ProtoWriter().text(1, `pd${i}`).number(2, i + 1)
        .text(3, `${scheme}://127.0.0.1:${this.#members[i]!.port}`)
        .text(4, `${scheme}://127.0.0.1:${this.#members[i]!.port}`);
    for (let i = 0; i < this.#memberCount; i++) answer.message(2, member(i));
    if (this.#leading >= 0) {
      answer.message(3, member(this.#leading)).message(4, member(this.#leading));
    }
    return answer;
  }

  #regionAnswer(region: Region | undefined): ProtoWriter {
    const answer = pdHeader();
    if (region === undefined) return answer;
    answer.message(2, this.#regionMessage(region));
    const leader = region.peers.find(({ store }) => store === region.leader);
    return leader === undefined ? answer : answer.message(3, writePeer(new ProtoWriter(), leader));
  }

  #regionsAnswer(key: Uint8Array, limit: number): ProtoWriter {
    const answer = pdHeader();
    const first = this.#regions.indexOf(this.#regionOf(key));
    for (const region of this.#regions.slice(first, limit > 0 ? first + limit : undefined)) {
      const leader = region.peers.find(({ store }) => store === region.leader);
      const led = new ProtoWriter().message(1, this.#regionMessage(region));
      if (leader !== undefined) led.message(2, writePeer(new ProtoWriter(), leader));
      answer.message(2, this.#regionMessage(region));
      answer.message(3, writePeer(new ProtoWriter(), leader ?? { id: 0, store: 0, votes: true }));
      answer.message(4, led);
    }
    return answer;
  }

  #regionMessage({ id, start, end, confVer, version, peers }: Region): ProtoWriter {
    const key = (key: Uint8Array) => key.length === 0 ? key : regionKey(this.#api, key);
    const message = new ProtoWriter().number(1, id).bytes(2, key(start)).bytes(3, key(end))
      .message(4, new ProtoWriter().number(1, confVer).number(2, version));
    for (const peer of peers) message.message(5, writePeer(new ProtoWriter(), peer));
    return message;
  }

  #storesAnswer(stores: readonly DoubleStore[]): ProtoWriter {
    const answer = pdHeader();
    for (const { id, port } of stores) {
      answer.message(
        2,
        new ProtoWriter().number(1, id).text(2, `127.0.0.1:${port}`)
          .message(4, new ProtoWriter().text(1, "double").text(2, "of Tidemark's tests"))
          .text(5, DOUBLE_VERSION),
      );
    }
    return answer;
  }

  #storeHandler(path: string, store: DoubleStore): Handler | undefined {
    const name = path.split("/").at(-1)!;
    if (path === "/grpc.health.v1.Health/Check") {
      return () => Promise.resolve(new ProtoWriter().number(1, 1).view);
    }
    if (!path.startsWith("/tikvpb.Tikv/")) return undefined;
    const handle: Handler | undefined = name === "BatchCommands" && this.#batches
      ? (message) => Promise.resolve(this.#batchCommands(store, message))
      : Object.hasOwn(COMMANDS, name)
      ? (message) => Promise.resolve(this.#command(store, name, message))
      : undefined;
    if (handle === undefined) return undefined;
    return async (message) => {
      if (store.slowMs > 0) await new Promise((resolve) => setTimeout(resolve, store.slowMs));
      // It may have died meanwhile.
      return store.server === undefined ? undefined : await handle(message);
    };
  }

  /** Many commands in a message, each with its number; the answers go in one too. */
  #batchCommands(store: DoubleStore, message: Uint8Array): Uint8Array {
    const answer = new ProtoWriter();
    const { bytes } = readFields(message);
    this.#count("BatchCommands");
    for (const request of bytes.get(1) ?? []) {
      const [[number, [body]]] = [...readFields(request).bytes] as [[number, [Uint8Array]]];
      const name = NAMES.get(number);
      const done = name === undefined
        ? new ProtoWriter().message(NO_COMMAND, new ProtoWriter())
        : new ProtoWriter().bytes(number, this.#command(store, name, body));
      answer.message(1, done);
    }
    const ids = (bytes.get(2) ?? []).flatMap(readPacked);
    return answer.bytes(2, writePacked(ids)).view;
  }

  #command(store: DoubleStore, name: string, message: Uint8Array): Uint8Array {
    this.#count(name);
    const request = readRequest(message);
    const refused = this.#refusal(store, name, request);
    if (refused !== undefined) return new ProtoWriter().message(1, refused).view;
    if (request.api !== (this.#api === 2 ? 2 : 0)) {
      return new ProtoWriter().text(2, "Api version in request does not match with TiKV storage")
        .view;
    }
    return this.#done(name, request).view;
  }

  #refusal(store: DoubleStore, name: string, request: Request): ProtoWriter | undefined {
    const refuse = (field: number, kind: string, detail: ProtoWriter) => {
      this.#count(kind);
      return new ProtoWriter().text(1, kind).message(field, detail);
    };
    if (store.busy.times > 0) {
      store.busy.times--;
      const detail = new ProtoWriter().text(1, "the double was told to be").number(
        2,
        store.busy.backoffMs,
      );
      return refuse(6, "ServerIsBusy", detail);
    }
    if (request.store !== store.id) {
      const detail = new ProtoWriter().number(1, request.store).number(2, store.id);
      return refuse(8, "StoreNotMatch", detail);
    }
    const region = this.#regions.find(({ id }) => id === request.region.id);
    const asked = new ProtoWriter().number(1, request.region.id);
    if (region === undefined) return refuse(3, "RegionNotFound", asked);
    if (region.leader !== store.id) {
      const leader = region.peers.find((peer) => peer.store === region.leader);
      if (leader !== undefined && region.hints) {
        asked.message(2, writePeer(new ProtoWriter(), leader));
        return refuse(2, "NotLeader", asked);
      }
      return refuse(2, "NotLeader without a hint", asked);
    }
    const { confVer, version } = request.region;
    if (region.version !== version || region.confVer !== confVer) {
      const at = this.#regions.indexOf(region);
      const detail = new ProtoWriter();
      // Itself, and what was split off on its left.
      for (const one of [this.#regions[at - 1], region]) {
        if (one !== undefined) detail.message(1, this.#regionMessage(one));
      }
      return refuse(5, "EpochNotMatch", detail);
    }
    const outside = keysOf(name, request).find((key) => this.#regionOf(key) !== region);
    if (outside === undefined) return undefined;
    return refuse(4, "KeyNotInRegion", new ProtoWriter().bytes(1, outside));
  }

  #done(name: string, { bytes, numbers, region: { id } }: Request): ProtoWriter {
    const answer = new ProtoWriter();
    const [key, value] = [bytes.get(2)?.[0] ?? NOTHING, bytes.get(3)?.[0] ?? NOTHING];
    switch (name) {
      case "RawGet": {
        const found = this.#entries.get(key);
        return found === undefined ? answer.flag(4, true) : answer.bytes(3, found);
      }
      case "RawPut":
        this.#entries.put(key, value);
        return answer;
      case "RawDelete":
        this.#entries.delete(key);
        return answer;
      case "RawBatchGet":
        for (const key of bytes.get(2) ?? []) {
          const found = this.#entries.get(key);
          if (found !== undefined) {
            answer.message(2, new ProtoWriter().bytes(2, key).bytes(3, found));
          }
        }
        return answer;
      case "RawBatchPut":
        for (const pair of bytes.get(2) ?? []) {
          const { bytes } = readFields(pair);
          this.#entries.put(bytes.get(2)?.[0] ?? NOTHING, bytes.get(3)?.[0] ?? NOTHING);
        }
        return answer;
      case "RawBatchDelete":
        for (const key of bytes.get(2) ?? []) this.#entries.delete(key);
        return answer;
      case "RawDeleteRange":
        this.#entries.deleteRange(key, value);
        return answer;
      default: {
        const region = this.#regions.find((one) => one.id === id)!;
        const reverse = numbers.get(6) === 1n;
        const end = bytes.get(7)?.[0] ?? NOTHING;
        const [first, last] = reverse ? [end, key] : [key, end];
        const found = this.#entries.range(
          compareBytes(region.start, first) > 0 ? region.start : first,
          nearer(region.end, last),
          Number(numbers.get(3) ?? 0),
          reverse,
        );
        for (const [key, value] of found) {
          answer.message(2, new ProtoWriter().bytes(2, key).bytes(3, value));
        }
        return answer;
      }
    }
  }
}

/** The nearer of two ends, of which an empty one is none. */
function nearer(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b;
  return b.length > 0 && compareBytes(b, a) < 0 ? b : a;
}

/** The keys that have to be in a request's region. */
function keysOf(name: string, { bytes, numbers }: Request): Uint8Array[] {
  const keys = bytes.get(2) ?? [];
  if (name === "RawBatchPut") {
    return keys.map((pair) => readFields(pair).bytes.get(2)?.[0] ?? NOTHING);
  }
  // Backwards it is a bound that is excluded.
  return name === "RawScan" && numbers.get(6) === 1n ? [] : keys;
}

function readRequest(message: Uint8Array): Request {
  const { bytes, numbers } = readFields(message);
  const context = readFields(bytes.get(1)?.[0] ?? NOTHING);
  const epoch = readFields(context.bytes.get(2)?.[0] ?? NOTHING).numbers;
  const peer = readFields(context.bytes.get(3)?.[0] ?? NOTHING).numbers;
  return {
    region: {
      id: Number(context.numbers.get(1) ?? 0),
      confVer: Number(epoch.get(1) ?? 0),
      version: Number(epoch.get(2) ?? 0),
    },
    store: Number(peer.get(2) ?? 0),
    api: Number(context.numbers.get(21) ?? 0),
    bytes,
    numbers,
  };
}

function clusterIn(header: Uint8Array = NOTHING): bigint {
  return readFields(header).numbers.get(1) ?? 0n;
}

/** An answer of PD's that begins. @param error Its kind, where it does nothing. */
function pdHeader(error = 0, text = ""): ProtoWriter {
  const header = new ProtoWriter().number(1, CLUSTER);
  if (error !== 0) header.message(2, new ProtoWriter().number(1, error).text(2, text));
  return new ProtoWriter().message(1, header);
}
