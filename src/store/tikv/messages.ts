/** Messages of PD and of TiKV's raw interface, as far as the store has use for them. */
import { ProtoReader, ProtoWriter } from "../grpc/mod.ts";
import type { Entry } from "../page_cursor.ts";

/** The calls by their names. */
export const METHOD = {
  members: "/pdpb.PD/GetMembers",
  region: "/pdpb.PD/GetRegion",
  previousRegion: "/pdpb.PD/GetPrevRegion",
  regions: "/pdpb.PD/ScanRegions",
  store: "/pdpb.PD/GetStore",
  stores: "/pdpb.PD/GetAllStores",
  keyspace: "/keyspacepb.Keyspace/LoadKeyspace",
  get: "/tikvpb.Tikv/RawGet",
  put: "/tikvpb.Tikv/RawPut",
  delete: "/tikvpb.Tikv/RawDelete",
  batchPut: "/tikvpb.Tikv/RawBatchPut",
  batchDelete: "/tikvpb.Tikv/RawBatchDelete",
  scan: "/tikvpb.Tikv/RawScan",
  deleteRange: "/tikvpb.Tikv/RawDeleteRange",
} as const;

/** The stream that many commands go over together. */
export const COMMANDS_METHOD = "/tikvpb.Tikv/BatchCommands";

/** The numbers that commands have in it, by their calls. */
export const NUMBER: Readonly<Record<string, number>> = {
  [METHOD.get]: 13,
  [METHOD.put]: 15,
  [METHOD.batchPut]: 16,
  [METHOD.delete]: 17,
  [METHOD.batchDelete]: 18,
  [METHOD.scan]: 19,
};

const EMPTY = new Uint8Array(0);

/** What every answer of PD begins with. */
export interface PdHeader {
  cluster: bigint;
  /** Why it did nothing; none where it did. */
  error: string | undefined;
}

/** Reads it. */
export function readHeader(message: ProtoReader): PdHeader {
  const header: PdHeader = { cluster: 0n, error: undefined };
  for (let field = message.next(); field !== 0; field = message.next()) {
    if (field === 1) header.cluster = message.id();
    else if (field === 2) header.error = readPdError(message.message());
    else message.skip();
  }
  return header;
}

function readPdError(message: ProtoReader): string | undefined {
  let [type, text] = [0, ""];
  for (let field = message.next(); field !== 0; field = message.next()) {
    if (field === 1) type = message.number();
    else if (field === 2) text = message.text();
    else message.skip();
  }
  if (type === 0) return undefined;
  return text === "" ? `PD answers with error ${type}` : text;
}

/** A member of PD. */
export interface PdMember {
  id: bigint;
  /** Where its clients reach it, e.g. `http://10.0.0.1:2379`. */
  urls: string[];
}

function readMember(message: ProtoReader): PdMember {
  const member: PdMember = { id: 0n, urls: [] };
  for (let field = message.next(); field !== 0; field = message.next()) {
    if (field === 2) member.id = message.id();
    else if (field === 4) member.urls.push(message.text());
    else message.skip();
  }
  return member;
}

/** Reads who the members are, and who leads. */
export function readMembers(answer: ProtoReader): {
  header: PdHeader;
  members: PdMember[];
  leader: PdMember | undefined;
} {
  let header: PdHeader = { cluster: 0n, error: undefined };
  let leader: PdMember | undefined;
  const members: PdMember[] = [];
  for (let field = answer.next(); field !== 0; field = answer.next()) {
    if (field === 1) header = readHeader(answer.message());
    else if (field === 2) members.push(readMember(answer.message()));
    else if (field === 3) leader = readMember(answer.message());
    else answer.skip();
  }
  return { header, members, leader: leader?.urls.length ? leader : undefined };
}

/** A replica of a region. */
export interface Peer {
  id: number;
  store: number;
  /** Whether it may lead. */
  votes: boolean;
}

function readPeer(message: ProtoReader): Peer {
  const peer = { id: 0, store: 0, votes: true };
  for (let field = message.next(); field !== 0; field = message.next()) {
    if (field === 1) peer.id = message.number();
    else if (field === 2) peer.store = message.number();
    else if (field === 3) peer.votes = message.number() !== 1;
    else message.skip();
  }
  return peer;
}

/** Writes one. */
export function writePeer(message: ProtoWriter, { id, store, votes }: Peer): ProtoWriter {
  return message.number(1, id).number(2, store).number(3, votes ? 0 : 1);
}

/** A part of the key space, with its keys as PD has them. */
export interface RegionRecord {
  id: number;
  start: Uint8Array;
  /** None: to the end. */
  end: Uint8Array;
  confVer: number;
  version: number;
  peers: Peer[];
}

/** Reads a region. */
export function readRegion(message: ProtoReader): RegionRecord {
  const region = noRegion();
  for (let field = message.next(); field !== 0; field = message.next()) {
    if (field === 1) region.id = message.number();
    else if (field === 2) region.start = message.bytes().slice();
    else if (field === 3) region.end = message.bytes().slice();
    else if (field === 4) readEpoch(message.message(), region);
    else if (field === 5) region.peers.push(readPeer(message.message()));
    else message.skip();
  }
  return region;
}

function readEpoch(message: ProtoReader, region: { confVer: number; version: number }): void {
  for (let field = message.next(); field !== 0; field = message.next()) {
    if (field === 1) region.confVer = message.number();
    else if (field === 2) region.version = message.number();
    else message.skip();
  }
}

/** A region, and the id of the peer that leads it as far as PD knows; 0 where it knows none. */
export interface LedRegion {
  region: RegionRecord;
  leader: number;
}

/** Reads the answer to a question for one region. */
export function readOneRegion(answer: ProtoReader): { header: PdHeader; regions: LedRegion[] } {
  let header: PdHeader = { cluster: 0n, error: undefined };
  const led: LedRegion = { region: noRegion(), leader: 0 };
  for (let field = answer.next(); field !== 0; field = answer.next()) {
    if (field === 1) header = readHeader(answer.message());
    else if (field === 2) led.region = readRegion(answer.message());
    else if (field === 3) led.leader = readPeer(answer.message()).id;
    else answer.skip();
  }
  return { header, regions: led.region.id === 0 ? [] : [led] };
}

/** Reads the answer to a question for several. */
export function readRegions(answer: ProtoReader): { header: PdHeader; regions: LedRegion[] } {
  let header: PdHeader = { cluster: 0n, error: undefined };
  const regions: LedRegion[] = [];
  for (let field = answer.next(); field !== 0; field = answer.next()) {
    if (field === 1) header = readHeader(answer.message());
    else if (field === 4) regions.push(readLed(answer.message()));
    else answer.skip();
  }
  return { header, regions };
}

function readLed(message: ProtoReader): LedRegion {
  const led: LedRegion = { region: noRegion(), leader: 0 };
  for (let field = message.next(); field !== 0; field = message.next()) {
    if (field === 1) led.region = readRegion(message.message());
    else if (field === 2) led.leader = readPeer(message.message()).id;
    else message.skip();
  }
  return led;
}

function noRegion(): RegionRecord {
  return { id: 0, start: EMPTY, end: EMPTY, confVer: 0, version: 0, peers: [] };
}

/** A server of TiKV, as PD knows it. */
export interface TikvServer {
  id: number;
  address: string;
  version: string;
  /** Whether it is one of another kind, that has no raw keys. */
  isOther: boolean;
}

function readServer(message: ProtoReader): TikvServer {
  const server: TikvServer = { id: 0, address: "", version: "", isOther: false };
  for (let field = message.next(); field !== 0; field = message.next()) {
    if (field === 1) server.id = message.number();
    else if (field === 2) server.address = message.text();
    else if (field === 4) server.isOther ||= isOtherEngine(message.message());
    else if (field === 5) server.version = message.text();
    else message.skip();
  }
  return server;
}

/** Whether a label says that it is no TiKV but TiFlash, which keeps copies by column. */
function isOtherEngine(message: ProtoReader): boolean {
  let [key, value] = ["", ""];
  for (let field = message.next(); field !== 0; field = message.next()) {
    if (field === 1) key = message.text();
    else if (field === 2) value = message.text();
    else message.skip();
  }
  return key === "engine" && value.startsWith("tiflash");
}

/** Reads the answer to a question for one server, or for all. */
export function readServers(answer: ProtoReader): { header: PdHeader; servers: TikvServer[] } {
  let header: PdHeader = { cluster: 0n, error: undefined };
  const servers: TikvServer[] = [];
  for (let field = answer.next(); field !== 0; field = answer.next()) {
    if (field === 1) header = readHeader(answer.message());
    else if (field === 2) servers.push(readServer(answer.message()));
    else answer.skip();
  }
  return { header, servers };
}

/** Reads the id of a keyspace that was asked for by name; absent where there is none. */
export function readKeyspace(answer: ProtoReader): { header: PdHeader; id: number | undefined } {
  let header: PdHeader = { cluster: 0n, error: undefined };
  let id: number | undefined;
  for (let field = answer.next(); field !== 0; field = answer.next()) {
    if (field === 1) header = readHeader(answer.message());
    else if (field === 2) {
      const meta = answer.message();
      id = 0;
      for (let inner = meta.next(); inner !== 0; inner = meta.next()) {
        if (inner === 1) id = meta.number();
        else meta.skip();
      }
    } else answer.skip();
  }
  return { header, id };
}

/** What a request says of the region that it is for. */
export function writeContext(
  message: ProtoWriter,
  { id, confVer, version }: Pick<RegionRecord, "id" | "confVer" | "version">,
  peer: Peer,
  { api, deadlineMs }: { api: 1 | 2; deadlineMs: number },
): ProtoWriter {
  return message.clear().number(1, id)
    .message(2, new ProtoWriter().number(1, confVer).number(2, version))
    .message(3, writePeer(new ProtoWriter(), peer))
    .number(14, deadlineMs)
    .number(21, api === 2 ? 2 : 0);
}

/** Why a region did not do what it was asked for, by the number of the field that says so. */
export const REGION_ERROR = {
  notLeader: 2,
  regionNotFound: 3,
  keyNotInRegion: 4,
  epochNotMatch: 5,
  serverIsBusy: 6,
  staleCommand: 7,
  storeNotMatch: 8,
  raftEntryTooLarge: 9,
  readIndexNotReady: 11,
  proposalInMergingMode: 12,
  regionNotInitialized: 14,
  diskFull: 15,
  isWitness: 19,
  mismatchPeerId: 20,
  undeterminedResult: 22,
} as const;

/** A region's refusal. */
export interface RegionError {
  /** One of {@linkcode REGION_ERROR}, or another that is not told apart; 0 where only text came. */
  kind: number;
  text: string;
  /** Of `notLeader`: who leads; absent where it does not know. */
  leader?: Peer;
  /** Of `epochNotMatch`: what there is instead. */
  regions?: RegionRecord[];
  /** Of `serverIsBusy`: how long it wants to be left alone, ms; 0 where it does not say. */
  backoffMs?: number;
}

/** Reads one. */
export function readRegionError(message: ProtoReader): RegionError {
  const error: RegionError = { kind: 0, text: "" };
  for (let field = message.next(); field !== 0; field = message.next()) {
    if (field === 1) error.text = message.text();
    else if (field === REGION_ERROR.notLeader) readNotLeader(message.message(), error);
    else if (field === REGION_ERROR.epochNotMatch) readEpochNotMatch(message.message(), error);
    else if (field === REGION_ERROR.serverIsBusy) readBusy(message.message(), error);
    else {
      error.kind = field;
      message.skip();
    }
  }
  return error;
}

function readNotLeader(message: ProtoReader, error: RegionError): void {
  error.kind = REGION_ERROR.notLeader;
  for (let field = message.next(); field !== 0; field = message.next()) {
    if (field === 2) error.leader = readPeer(message.message());
    else message.skip();
  }
}

function readEpochNotMatch(message: ProtoReader, error: RegionError): void {
  error.kind = REGION_ERROR.epochNotMatch;
  error.regions = [];
  for (let field = message.next(); field !== 0; field = message.next()) {
    if (field === 1) error.regions.push(readRegion(message.message()));
    else message.skip();
  }
}

function readBusy(message: ProtoReader, error: RegionError): void {
  error.kind = REGION_ERROR.serverIsBusy;
  error.backoffMs = 0;
  for (let field = message.next(); field !== 0; field = message.next()) {
    if (field === 1) error.text = message.text();
    else if (field === 2) error.backoffMs = message.number();
    else message.skip();
  }
}

/** Reads an entry, copied. */
export function readEntry(message: ProtoReader): Entry {
  const entry = { key: EMPTY, value: EMPTY };
  for (let field = message.next(); field !== 0; field = message.next()) {
    if (field === 2) entry.key = message.bytes().slice();
    else if (field === 3) entry.value = message.bytes().slice();
    else message.skip();
  }
  return entry;
}

/** Writes an entry. */
export function writeEntry(message: ProtoWriter, { key, value }: Entry): ProtoWriter {
  return message.clear().bytes(2, key).bytes(3, value);
}

/** The key of a request for one, which is its field 2. */
export function keyOf(request: Uint8Array): Uint8Array {
  const reader = new ProtoReader(request);
  for (let field = reader.next(); field !== 0; field = reader.next()) {
    if (field === 2) return reader.bytes();
    reader.skip();
  }
  return EMPTY;
}
