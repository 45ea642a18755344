import { grownCapacity, resized } from "./grow.ts";

/** The link of the oldest revision of a chain, and the chain of a key without revisions. */
export const NO_NODE = 0;

/** What is known of a revision besides its numbers; added up. */
export const FLAGS = {
  /** It is a delete. */
  tombstone: 0x8000_0000,
  /** Its record names a lease. */
  leased: 0x4000_0000,
  /** It is the last change of its transaction. */
  last: 0x2000_0000,
} as const;

const SUB = 0x1fff_ffff;

/**
 * The revisions of all keys. Each key has a chain, linked from its newest revision to its oldest;
 * a revision is a node of 32 bytes in five parallel arrays, and nodes are numbered from 1. Adding a
 * revision costs the same however long the chain is. Nodes that are freed are used again.
 *
 * etcd keeps a key's revisions in generations, each from a create to a tombstone. A chain is its
 * generations one after the other: a tombstone node ends one, and each node carries the create
 * revision and the version that etcd derives from its place in the generation.
 */
export class RevisionChains {
  #mains: Float64Array<ArrayBuffer>;
  #created: Float64Array<ArrayBuffer>;
  #versions: Float64Array<ArrayBuffer>;
  /** The sub revision in 29 bits, and the {@linkcode FLAGS}. */
  #subs: Uint32Array<ArrayBuffer>;
  #previous: Uint32Array<ArrayBuffer>;
  /** Nodes that were ever used, with 0, which never is. */
  #used = 1;
  #free = NO_NODE;
  #freeCount = 0;

  /** @param nodes Revisions that there is to be room for at first. */
  constructor(nodes = 64) {
    this.#mains = new Float64Array(nodes + 1);
    this.#created = new Float64Array(nodes + 1);
    this.#versions = new Float64Array(nodes + 1);
    this.#subs = new Uint32Array(nodes + 1);
    this.#previous = new Uint32Array(nodes + 1);
  }

  /** Revisions in all chains. */
  get count(): number {
    return this.#used - 1 - this.#freeCount;
  }

  /** Revisions that there is room for. */
  get capacity(): number {
    return this.#mains.length - 1;
  }

  /** Bytes of memory in use, spare room included. */
  get memoryBytes(): number {
    return this.#mains.byteLength * 4;
  }

  /** Adds a revision in front of a chain; returns its node, the chain's new head. */
  add(
    previous: number,
    main: number,
    sub: number,
    flags: number,
    created: number,
    version: number,
  ): number {
    let node = this.#free;
    if (node !== NO_NODE) {
      this.#free = this.#previous[node]!;
      this.#freeCount--;
    } else {
      node = this.#used++;
      if (node === this.#mains.length) this.#grow(node + 1);
    }
    this.#mains[node] = main;
    this.#created[node] = created;
    this.#versions[node] = version;
    this.#subs[node] = sub | flags;
    this.#previous[node] = previous;
    return node;
  }

  #grow(needed: number): void {
    const capacity = grownCapacity(this.#mains.length, needed);
    this.#mains = resized(this.#mains, capacity);
    this.#created = resized(this.#created, capacity);
    this.#versions = resized(this.#versions, capacity);
    this.#subs = resized(this.#subs, capacity);
    this.#previous = resized(this.#previous, capacity);
  }

  /** Takes the head off a chain; returns the node that is the head then. */
  pop(head: number): number {
    const previous = this.#previous[head]!;
    this.#release(head);
    return previous;
  }

  #release(node: number): void {
    this.#previous[node] = this.#free;
    this.#free = node;
    this.#freeCount++;
  }

  /** Frees all that is behind a node. */
  cutBehind(node: number): void {
    this.freeChain(this.#previous[node]!);
    this.#previous[node] = NO_NODE;
  }

  /** Frees a whole chain. */
  freeChain(head: number): void {
    for (let node = head; node !== NO_NODE; node = this.pop(node));
  }

  /** Copies a chain into others; returns its head there. */
  copyTo(other: RevisionChains, head: number): number {
    const nodes: number[] = [];
    for (let node = head; node !== NO_NODE; node = this.#previous[node]!) nodes.push(node);
    let copy = NO_NODE;
    for (let i = nodes.length - 1; i >= 0; i--) {
      const n = nodes[i]!;
      copy = other.add(
        copy,
        this.main(n),
        this.sub(n),
        this.#subs[n]! & ~SUB,
        this.created(n),
        this.version(n),
      );
    }
    return copy;
  }

  /** The newest node of a chain whose main revision is at most `main`, or 0. */
  atMost(head: number, main: number): number {
    let node = head;
    while (node !== NO_NODE && this.#mains[node]! > main) node = this.#previous[node]!;
    return node;
  }

  /** The main revision of a node. */
  main(node: number): number {
    return this.#mains[node]!;
  }

  /** The sub revision of a node. */
  sub(node: number): number {
    return this.#subs[node]! & SUB;
  }

  /** Whether the record of a node names a lease. */
  isLeased(node: number): boolean {
    return (this.#subs[node]! & FLAGS.leased) !== 0;
  }

  /** Whether a node is known to be the last change of its transaction. */
  isLast(node: number): boolean {
    return (this.#subs[node]! & FLAGS.last) !== 0;
  }

  /** Notes that a node is the last change of its transaction. */
  markLast(node: number): void {
    this.#subs[node]! |= FLAGS.last;
  }

  /** Whether a node is a delete. */
  isTombstone(node: number): boolean {
    return this.#subs[node]! >= FLAGS.tombstone;
  }

  /** The create revision as of a node. */
  created(node: number): number {
    return this.#created[node]!;
  }

  /** The key's version as of a node. */
  version(node: number): number {
    return this.#versions[node]!;
  }

  /** The next older node, or 0. */
  previous(node: number): number {
    return this.#previous[node]!;
  }
}
