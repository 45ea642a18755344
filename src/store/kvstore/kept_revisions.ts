/** A set of revisions. Nearly all of them have sub revision 0, and are kept by their main alone. */
export class KeptRevisions {
  readonly #mains = new Set<number>();
  readonly #subs = new Map<number, Set<number>>();

  /** Revisions in the set. */
  get size(): number {
    let size = this.#mains.size;
    for (const subs of this.#subs.values()) size += subs.size;
    return size;
  }

  /** Adds a revision. */
  add(main: number, sub: number): void {
    if (sub === 0) {
      this.#mains.add(main);
      return;
    }
    let subs = this.#subs.get(main);
    if (subs === undefined) this.#subs.set(main, subs = new Set());
    subs.add(sub);
  }

  /** Whether a revision is in the set. */
  has(main: number, sub: number): boolean {
    return sub === 0 ? this.#mains.has(main) : this.#subs.get(main)?.has(sub) ?? false;
  }
}
