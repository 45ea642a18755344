import { KvError } from "./errors.ts";

/** The longest time to live that etcd grants, seconds. */
const MAX_LEASE_TTL = 9_000_000_000;

/**
 * The shortest, seconds: etcd's at its default election settings, ⌈1.5 × 1,000 ms⌉. A shorter one
 * that is asked for becomes this.
 */
const MIN_LEASE_TTL = 2;

/** A lease and the keys that go with it. */
interface Lease {
  readonly id: bigint;
  /** Seconds it was granted. */
  readonly ttl: number;
  /** When it expires, ms on the clock. */
  expiry: number;
  /** The keys attached to it, each byte one character. */
  readonly items: Set<string>;
}

/** A key as text, each byte one character: equal texts are equal keys. */
export function keyText(key: Uint8Array): string {
  let text = "";
  for (let i = 0; i < key.length; i++) text += String.fromCharCode(key[i]!);
  return text;
}

/** The key that a {@linkcode keyText} stands for. */
export function keyOfText(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** The leases of a store (`server/lease/lessor.go`). Knows the time by its clock alone. */
export class Lessor {
  readonly #leases = new Map<bigint, Lease>();
  readonly #leaseOf = new Map<string, bigint>();
  readonly #now: () => number;

  /** @param now The clock, ms; its zero does not matter. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether any key is attached to a lease. */
  get attached(): boolean {
    return this.#leaseOf.size > 0;
  }

  /**
   * What a grant would make.
   *
   * @throws {KvError} LeaseNotFound for id 0, LeaseExists, LeaseTTLTooLarge.
   */
  plan(id: bigint, ttl: number): Lease {
    if (id === 0n) {
      throw new KvError("LeaseNotFound", "leaseGrant", "Cannot grant the lease 0: it means none");
    }
    if (ttl > MAX_LEASE_TTL) {
      throw new KvError(
        "LeaseTTLTooLarge",
        "leaseGrant",
        `Cannot grant a lease for ${ttl} s: the longest is ${MAX_LEASE_TTL} s`,
      );
    }
    if (this.#leases.has(id)) {
      throw new KvError(
        "LeaseExists",
        "leaseGrant",
        `Cannot grant the lease ${id}: there is one of that id; leave the id out to be given one`,
      );
    }
    const granted = Math.max(MIN_LEASE_TTL, ttl);
    return { id, ttl: granted, expiry: this.#now() + 1000 * granted, items: new Set() };
  }

  /** Takes a lease in. */
  add(lease: Lease): void {
    this.#leases.set(lease.id, lease);
  }

  /** Takes a lease in as it was stored; it lives on for the whole of its time, as in etcd. */
  restore(id: bigint, ttl: number): void {
    this.add({ id, ttl, expiry: this.#now() + 1000 * ttl, items: new Set() });
  }

  /** Forgets a lease. */
  remove(id: bigint): void {
    this.#leases.delete(id);
  }

  /** The lease of an id. */
  find(id: bigint): Lease | undefined {
    return this.#leases.get(id);
  }

  /** The lease of an id. @throws {KvError} LeaseNotFound. */
  get(id: bigint, call: string): Lease {
    const lease = this.#leases.get(id);
    if (lease === undefined) {
      throw new KvError(
        "LeaseNotFound",
        call,
        `Cannot ${call} with the lease ${id}: there is none of that id; grant it first`,
      );
    }
    return lease;
  }

  /** The lease that a key is attached to, or 0. */
  leaseOf(key: Uint8Array): bigint {
    return this.#leaseOf.get(keyText(key)) ?? 0n;
  }

  /** Attaches a key to a lease and to no other; 0 only detaches it. */
  attach(key: Uint8Array, lease: bigint): void {
    const text = keyText(key);
    const old = this.#leaseOf.get(text);
    if (old === lease) return;
    if (old !== undefined) {
      this.#leases.get(old)?.items.delete(text);
      this.#leaseOf.delete(text);
    }
    if (lease !== 0n) {
      this.#leaseOf.set(text, lease);
      this.#leases.get(lease)?.items.add(text);
    }
  }

  /** Starts a lease's time anew. */
  renew(lease: Lease): void {
    lease.expiry = this.#now() + 1000 * lease.ttl;
  }

  /** Whether a lease's time is over. */
  isExpired(lease: Lease): boolean {
    return lease.expiry <= this.#now();
  }

  /** Whole seconds that a lease has to live; negative ones towards zero, as etcd cuts them. */
  remaining(lease: Lease): number {
    // + 0 makes −0 a 0.
    return Math.trunc((lease.expiry - this.#now()) / 1000) + 0;
  }

  /** All leases, the one that expires first in front, then by id. */
  list(): Lease[] {
    return [...this.#leases.values()]
      .sort((a, b) => a.expiry - b.expiry || (a.id < b.id ? -1 : 1));
  }
}
