import { compareBytes } from "../bytes.ts";

import { type LedRegion, type Peer, type RegionRecord, writeContext } from "./messages.ts";
import { ProtoWriter } from "../grpc/mod.ts";

/** A region as it is known here. Its keys are as stores have them. */
export class Region {
  readonly id: number;
  readonly start: Uint8Array;
  /** None: to the end. */
  readonly end: Uint8Array;
  readonly version: number;
  readonly confVer: number;
  readonly #peers: readonly Peer[];
  #leader: number;
  /** Peers that did not answer since one did. */
  #lost = 0;
  #context: Uint8Array | undefined;

  /** @param leader The leading peer's id, or 0 where it is unknown. */
  constructor({ region, leader }: LedRegion) {
    ({
      id: this.id,
      start: this.start,
      end: this.end,
      version: this.version,
      confVer: this.confVer,
    } = region);
    this.#peers = region.peers.filter(({ votes }) => votes);
    this.#leader = Math.max(0, this.#peers.findIndex(({ id }) => id === leader));
  }

  /** Who is asked: the leader as far as is known; `undefined` of a region without replicas. */
  get peer(): Peer | undefined {
    return this.#peers[this.#leader];
  }

  /** What a request says of the region. */
  context(options: { api: 1 | 2; deadlineMs: number }): Uint8Array {
    return this.#context ??= writeContext(new ProtoWriter(), this, this.peer!, options).view;
  }

  /** Somebody else leads. @returns False where it is none of the peers that are known. */
  lead(peer: Peer): boolean {
    const at = this.#peers.findIndex(({ id, store }) => id === peer.id && store === peer.store);
    if (at < 0) return false;
    this.#leader = at;
    this.#context = undefined;
    return true;
  }

  /** The peer did not answer: the next one is asked. @returns False where all were. */
  next(): boolean {
    this.#leader = (this.#leader + 1) % Math.max(1, this.#peers.length);
    this.#context = undefined;
    return ++this.#lost < this.#peers.length;
  }

  /** The peer answered. */
  answered(): void {
    this.#lost = 0;
  }

  /** The id of the peer on a store; 0 where there is none. */
  peerOn(store: number): number {
    return this.#peers.find((peer) => peer.store === store)?.id ?? 0;
  }

  /** Whether a key is in it. */
  has(key: Uint8Array): boolean {
    return compareBytes(key, this.start) >= 0 &&
      (this.end.length === 0 || compareBytes(key, this.end) < 0);
  }
}

/** The regions that are known, none of which meets another. */
export class RegionTable {
  /** By their starts. */
  #regions: Region[] = [];

  /** How many are known. */
  get size(): number {
    return this.#regions.length;
  }

  /** The region of a key; `undefined` where none is known. */
  at(key: Uint8Array): Region | undefined {
    const region = this.#regions[this.#last(key)];
    return region?.has(key) ? region : undefined;
  }

  /** The region of the keys just before one; `undefined` where none is known. */
  before(key: Uint8Array): Region | undefined {
    let i = this.#last(key);
    if (i >= 0 && compareBytes(this.#regions[i]!.start, key) === 0) i--;
    const region = this.#regions[i];
    if (region === undefined) return undefined;
    return region.end.length === 0 || compareBytes(key, region.end) <= 0 ? region : undefined;
  }

  /** Adds one in the place of all that it meets, unless one of those is newer. */
  add(region: Region): void {
    const kept: Region[] = [];
    for (const other of this.#regions) {
      if (!meet(other, region)) kept.push(other);
      else if (other.version > region.version) return;
    }
    kept.push(region);
    this.#regions = kept.sort((a, b) => compareBytes(a.start, b.start));
  }

  /** Forgets one. */
  drop(region: Region): void {
    const at = this.#regions.indexOf(region);
    if (at >= 0) this.#regions.splice(at, 1);
  }

  /** The last one that starts at a key or before it; −1 where there is none. */
  #last(key: Uint8Array): number {
    let [low, high] = [0, this.#regions.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareBytes(this.#regions[middle]!.start, key) <= 0) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function meet(a: Pick<RegionRecord, "start" | "end">, b: typeof a): boolean {
  const isBefore = (end: Uint8Array, start: Uint8Array) =>
    end.length > 0 && compareBytes(end, start) <= 0;
  return !isBefore(a.end, b.start) && !isBefore(b.end, a.start);
}
