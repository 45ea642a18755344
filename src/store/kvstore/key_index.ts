import { KeyTree } from "./key_tree.ts";
import { KeyTable } from "./key_table.ts";
import { grownCapacity, resized } from "./grow.ts";
import type { KeptRevisions } from "./kept_revisions.ts";
import { FLAGS, NO_NODE, RevisionChains } from "./revision_chains.ts";

/**
 * What etcd calls the tree index (`server/storage/mvcc/index.go`, `key_index.go`): in memory,
 * from user keys to their revisions, in the keys' order.
 *
 * For example put(2.0); put(3.0); delete(4.0); put(5.0); delete(6.0) on the key `foo` makes the
 * chain
 *
 *     6.0(t) → 5.0 → 4.0(t) → 3.0 → 2.0
 *
 * compact(3) leaves 6.0(t) → 5.0 → 4.0(t) → 3.0; compact(4) leaves 6.0(t) → 5.0 → 4.0(t), since a
 * tombstone exactly at the compacted revision stays; compact(5) leaves 6.0(t) → 5.0; compact(6)
 * leaves 6.0(t), and compact(7) nothing: then the key itself goes.
 *
 * A key is known by its id, a revision by its node. Ids, nodes and places are good until the next
 * put or compaction.
 */
export class KeyIndex {
  #keys = new KeyTable();
  #order = new KeyTree(this.#keys);
  #chains = new RevisionChains();
  /** The newest node of each key; 0 for a key that was compacted away or whose put was undone. */
  #heads = new Uint32Array(64);
  #emptyKeys = 0;
  #version = 0;

  /** The revisions' chains, to read a node's fields from. */
  get chains(): RevisionChains {
    return this.#chains;
  }

  /** The keys in order, to walk over. */
  get order(): KeyTree {
    return this.#order;
  }

  /** The keys, to read an id's bytes from. */
  get keys(): KeyTable {
    return this.#keys;
  }

  /** Changes whenever ids and places do. */
  get version(): number {
    return this.#version;
  }

  /** Keys that have a revision, deleted ones included. */
  get count(): number {
    return this.#keys.count - this.#emptyKeys;
  }

  /** Bytes of memory in use, spare room included. */
  get memoryBytes(): number {
    return this.#keys.memoryBytes + this.#order.memoryBytes + this.#chains.memoryBytes +
      this.#heads.byteLength;
  }

  /** The id of a key that was ever put, or −1. */
  find(key: Uint8Array, length: number): number {
    return this.#keys.find(key, length);
  }

  /** The node that is a key's state at a main revision, or 0 where the key is absent then. */
  nodeAt(id: number, main: number): number {
    const node = this.#chains.atMost(this.#heads[id]!, main);
    return node !== NO_NODE && this.#chains.isTombstone(node) ? NO_NODE : node;
  }

  /** The newest node of a key, a delete included; 0 where the key has none. */
  head(id: number): number {
    return this.#heads[id]!;
  }

  /** The node that is a key's newest state, or 0 where the key is absent. */
  newest(id: number): number {
    const node = this.#heads[id]!;
    return node !== NO_NODE && this.#chains.isTombstone(node) ? NO_NODE : node;
  }

  /**
   * Adds a put.
   *
   * @param id The key's id, or −1 where it has none yet.
   * @param key The buffer with the key at its start.
   * @param length Bytes of the key.
   * @param main Main revision, not below any that the index has.
   * @param sub Sub revision.
   * @param created The key's create revision.
   * @param version The key's version.
   * @param flags What else is known of it, {@linkcode FLAGS} added up.
   * @returns The key's id.
   */
  put(
    id: number,
    key: Uint8Array,
    length: number,
    main: number,
    sub: number,
    created: number,
    version: number,
    flags: number,
  ): number {
    const known = id < 0 ? this.#add(key, length) : id;
    const head = this.#heads[known]!;
    if (head === NO_NODE) this.#emptyKeys--;
    this.#heads[known] = this.#chains.add(head, main, sub, flags, created, version);
    return known;
  }

  #add(key: Uint8Array, length: number): number {
    const id = this.#keys.add(key, length);
    this.#order.insert(id, key, length);
    this.#version++;
    if (id === this.#heads.length) this.#heads = resized(this.#heads, grownCapacity(id, id + 1));
    this.#emptyKeys++;
    return id;
  }

  /** Adds a delete of a key that is there. */
  tombstone(id: number, main: number, sub: number): void {
    this.#heads[id] = this.#chains.add(this.#heads[id]!, main, sub, FLAGS.tombstone, 0, 0);
  }

  /**
   * Adds a delete as it is met when a store is opened: what it deletes may have been compacted.
   *
   * @returns The key's id.
   */
  restoreTombstone(
    id: number,
    key: Uint8Array,
    length: number,
    main: number,
    sub: number,
  ): number {
    const known = id < 0 ? this.#add(key, length) : id;
    if (this.#heads[known] === NO_NODE) this.#emptyKeys--;
    this.tombstone(known, main, sub);
    return known;
  }

  /** Notes that the newest revision of a key is the last change of its transaction. */
  markLast(id: number): void {
    this.#chains.markLast(this.#heads[id]!);
  }

  /** Takes back the newest put or delete of a key, whose transaction could not be written. */
  undo(id: number): void {
    const head = this.#chains.pop(this.#heads[id]!);
    this.#heads[id] = head;
    if (head === NO_NODE) this.#emptyKeys++;
  }

  /**
   * Drops, of each key, the revisions at or below `main` but the newest of them; that one too where
   * it is a tombstone below `main`. Keys without revisions go.
   *
   * @param kept Is told the revisions at or below `main` that stay.
   */
  compact(main: number, kept: KeptRevisions): void {
    const chains = this.#chains;
    for (let id = 0; id < this.#keys.count; id++) {
      const head = this.#heads[id]!;
      if (head === NO_NODE) continue;
      const node = chains.atMost(head, main);
      if (node === NO_NODE) continue;
      if (!chains.isTombstone(node) || chains.main(node) === main) {
        chains.cutBehind(node);
        kept.add(chains.main(node), chains.sub(node));
      } else if (node === head) {
        chains.freeChain(head);
        this.#heads[id] = NO_NODE;
        this.#emptyKeys++;
      } else {
        let newer = head;
        while (chains.previous(newer) !== node) newer = chains.previous(newer);
        chains.cutBehind(newer);
      }
    }
    this.#shrink();
  }

  /** Tells which revisions at or below `main` a hash at `main` covers: those of live keys. */
  keep(main: number, kept: KeptRevisions): void {
    const chains = this.#chains;
    for (let id = 0; id < this.#keys.count; id++) {
      const node = this.nodeAt(id, main);
      if (node !== NO_NODE) kept.add(chains.main(node), chains.sub(node));
    }
  }

  /** Gives memory back: makes everything anew where a quarter of the keys, or half the nodes, are gone. */
  #shrink(): void {
    const tooManyKeys = this.#emptyKeys * 4 > this.#keys.count;
    const tooManyNodes = this.#chains.capacity > 1024 &&
      this.#chains.count * 4 < this.#chains.capacity;
    if (!tooManyKeys && !tooManyNodes) return;
    const old = { keys: this.#keys, order: this.#order, chains: this.#chains, heads: this.#heads };
    const count = this.count;
    let bytes = 0;
    for (let id = 0; id < old.keys.count; id++) {
      if (old.heads[id] !== NO_NODE) bytes += old.keys.lengthOf(id);
    }
    this.#keys = new KeyTable(Math.max(64, count), Math.max(1024, bytes));
    this.#order = new KeyTree(this.#keys);
    this.#chains = new RevisionChains(Math.max(64, old.chains.count));
    this.#heads = new Uint32Array(Math.max(64, count));
    this.#emptyKeys = 0;
    this.#version++;
    for (let place = old.order.first(); place >= 0; place = old.order.next(place)) {
      const from = old.order.idAt(place);
      const head = old.heads[from]!;
      if (head === NO_NODE) continue;
      const key = old.keys.view(from);
      const id = this.#keys.add(key, key.length);
      this.#order.append(id);
      this.#heads[id] = old.chains.copyTo(this.#chains, head);
    }
  }
}
