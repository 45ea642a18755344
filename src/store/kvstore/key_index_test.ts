import assert from "node:assert/strict";
import fc from "fast-check";
import { KeptRevisions } from "./kept_revisions.ts";
import { KeyIndex } from "./key_index.ts";
import { compareBytes } from "../bytes.ts";
import { visitRange } from "./key_range.ts";

const text = (s: string) => new TextEncoder().encode(s);

/** The state of a key at a revision, for comparing. */
function stateAt(index: KeyIndex, key: Uint8Array, main: number) {
  const id = index.find(key, key.length);
  const node = id < 0 ? 0 : index.nodeAt(id, main);
  if (node === 0) return undefined;
  const { chains } = index;
  return {
    main: chains.main(node),
    sub: chains.sub(node),
    created: chains.created(node),
    version: chains.version(node),
  };
}

/** Puts as a store does: the create revision and the version follow from the newest state. */
function put(index: KeyIndex, key: Uint8Array, main: number, sub = 0): void {
  const now = stateAt(index, key, Infinity);
  const id = index.find(key, key.length);
  index.put(id, key, key.length, main, sub, now?.created ?? main, (now?.version ?? 0) + 1, 0);
}

function remove(index: KeyIndex, key: Uint8Array, main: number, sub = 0): void {
  index.tombstone(index.find(key, key.length), main, sub);
}

/** The chain of a key, newest first, as the example of {@linkcode KeyIndex} writes it. */
function chainOf(index: KeyIndex, key: Uint8Array): string {
  const { chains } = index;
  const id = index.find(key, key.length);
  const parts: string[] = [];
  for (let node = id < 0 ? 0 : index.head(id); node !== 0; node = chains.previous(node)) {
    parts.push(`${chains.main(node)}.${chains.sub(node)}${chains.isTombstone(node) ? "(t)" : ""}`);
  }
  return parts.join(" → ");
}

Deno.test("compact() leaves what the example of KeyIndex says", () => {
  const key = text("foo");
  const expected = {
    3: "6.0(t) → 5.0 → 4.0(t) → 3.0",
    4: "6.0(t) → 5.0 → 4.0(t)",
    5: "6.0(t) → 5.0",
    6: "6.0(t)",
    7: "",
  };
  for (const [main, chain] of Object.entries(expected)) {
    const index = new KeyIndex();
    put(index, key, 2);
    put(index, key, 3);
    remove(index, key, 4);
    put(index, key, 5);
    remove(index, key, 6);
    index.compact(Number(main), new KeptRevisions());
    assert.equal(chainOf(index, key), chain, `compact(${main})`);
    assert.equal(index.count, chain === "" ? 0 : 1);
  }
});

/**
 * etcd's own data structure, in the plainest form: the generations of each key
 * (`server/storage/mvcc/key_index.go`), with its searches and its compaction written out.
 */
class Generations {
  readonly keys = new Map<string, Generation[]>();

  #of(key: string): Generation[] {
    let generations = this.keys.get(key);
    if (generations === undefined) {
      this.keys.set(key, generations = [{ created: 0, version: 0, revisions: [] }]);
    }
    return generations;
  }

  put(key: string, main: number, sub: number): void {
    const g = this.#of(key).at(-1)!;
    if (g.revisions.length === 0) g.created = main;
    g.revisions.push({ main, sub });
    g.version++;
  }

  tombstone(key: string, main: number, sub: number): void {
    this.put(key, main, sub);
    this.#of(key).push({ created: 0, version: 0, revisions: [] });
  }

  get(key: string, at: number) {
    const generations = this.keys.get(key) ?? [];
    for (let i = generations.length - 1; i >= 0; i--) {
      const g = generations[i]!;
      if (g.revisions.length === 0) continue;
      if (i !== generations.length - 1 && g.revisions.at(-1)!.main <= at) return undefined;
      if (g.revisions[0]!.main > at) continue;
      const n = g.revisions.findLastIndex(({ main }) => main <= at);
      const { main, sub } = g.revisions[n]!;
      const version = g.version - (g.revisions.length - n - 1);
      return { main, sub, created: g.created, version };
    }
    return undefined;
  }

  compact(at: number): Set<string> {
    const available = new Set<string>();
    for (const [key, generations] of this.keys) {
      let i = 0;
      while (i < generations.length - 1 && generations[i]!.revisions.at(-1)!.main < at) i++;
      const g = generations[i]!;
      const n = g.revisions.findLastIndex(({ main }) => main <= at);
      if (n >= 0) {
        available.add(`${g.revisions[n]!.main}.${g.revisions[n]!.sub}`);
        g.revisions.splice(0, n);
      }
      generations.splice(0, i);
      if (generations.length === 1 && generations[0]!.revisions.length === 0) {
        this.keys.delete(key);
      }
    }
    return available;
  }
}

interface Generation {
  created: number;
  version: number;
  revisions: { main: number; sub: number }[];
}

const operation = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constant("put" as const), key: fc.nat(40) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("delete" as const), key: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("compact" as const), key: fc.nat(40) }) },
);

Deno.test("KeyIndex agrees with etcd's generations in every state of any history", () => {
  fc.assert(
    fc.property(fc.array(operation, { maxLength: 300, size: "max" }), (operations) => {
      const index = new KeyIndex();
      const reference = new Generations();
      let main = 1;
      let compacted = 0;
      for (const { type, key } of operations) {
        // Keys of different lengths, some the beginning of others.
        const name = "k".repeat(1 + key % 3) + key;
        const bytes = text(name);
        if (type === "compact") {
          if (compacted + key > main) continue;
          compacted += key;
          const kept = new KeptRevisions();
          index.compact(compacted, kept);
          const available = reference.compact(compacted);
          assert.equal(kept.size, available.size);
          for (const revision of available) {
            const [m, s] = revision.split(".").map(Number) as [number, number];
            assert.ok(kept.has(m, s), revision);
          }
        } else if (type === "put") {
          put(index, bytes, ++main);
          reference.put(name, main, 0);
        } else if (stateAt(index, bytes, main) !== undefined) {
          remove(index, bytes, ++main);
          reference.tombstone(name, main, 0);
        }
      }
      const names = [...reference.keys.keys()].sort();
      assert.equal(index.count, names.length);
      for (let at = Math.max(compacted, main - 60); at <= main; at++) {
        const seen: string[] = [];
        visitRange(index, text("k"), new Uint8Array(1), at, (id) => {
          seen.push(new TextDecoder().decode(index.keys.view(id)));
          return true;
        });
        const there = names.filter((name) => reference.get(name, at) !== undefined);
        assert.deepEqual(seen, there, `keys at ${at}`);
        for (const name of names) {
          assert.deepEqual(
            stateAt(index, text(name), at),
            reference.get(name, at),
            `${name} ${at}`,
          );
        }
      }
    }),
    { seed: 5, numRuns: 300 },
  );
});

Deno.test("undo() takes back a put and a delete as if they had not been", () => {
  const index = new KeyIndex();
  put(index, text("a"), 2);
  put(index, text("b"), 3);
  index.undo(index.find(text("b"), 1));
  assert.equal(index.count, 1);
  remove(index, text("a"), 3);
  index.undo(index.find(text("a"), 1));
  assert.deepEqual(stateAt(index, text("a"), 3), { main: 2, sub: 0, created: 2, version: 1 });
});

Deno.test("order walks a hundred thousand keys put in any order, forwards, backwards and from the middle", () => {
  const index = new KeyIndex();
  const count = 100_000;
  // 7919 is prime to the count: every key once, in a scattered order.
  for (let i = 0; i < count; i++) put(index, text(String((i * 7919) % count)), i + 2);
  const { order, keys } = index;
  const decoder = new TextDecoder();
  const sorted = Array.from({ length: count }, (_, i) => String(i)).sort();
  let n = 0;
  for (let at = order.first(); at >= 0; at = order.next(at)) {
    if (decoder.decode(keys.view(order.idAt(at))) !== sorted[n]) assert.fail(`forwards at ${n}`);
    n++;
  }
  assert.equal(n, count);
  for (let at = order.last(); at >= 0; at = order.previous(at)) {
    n--;
    if (decoder.decode(keys.view(order.idAt(at))) !== sorted[n]) assert.fail(`backwards at ${n}`);
  }
  for (const bound of ["", "0", "5", "50000", "500001", "99999", "9999999"]) {
    const bytes = text(bound);
    const after = order.atOrAfter(bytes, bytes.length);
    const expected = sorted.find((name) => name >= bound);
    assert.equal(after < 0 ? undefined : decoder.decode(keys.view(order.idAt(after))), expected);
    const before = order.before(bytes, bytes.length);
    const last = sorted.findLast((name) => name < bound);
    assert.equal(before < 0 ? undefined : decoder.decode(keys.view(order.idAt(before))), last);
  }
});

Deno.test("memoryBytes stays below 200 bytes a key above the keys' own, in order and scattered", () => {
  for (const step of [1, 611_953]) {
    const index = new KeyIndex();
    const count = 1_000_000;
    const key = new Uint8Array(16);
    let worst = 0;
    for (let i = 0; i < count; i++) {
      const n = (i * step) % count;
      for (let digit = 0, rest = n; digit < 16; digit++, rest = Math.floor(rest / 10)) {
        key[15 - digit] = 48 + rest % 10;
      }
      index.put(-1, key, 16, i + 2, 0, i + 2, 1, 0);
      if (i > 100_000 && i % 1000 === 0) worst = Math.max(worst, index.memoryBytes / (i + 1) - 16);
    }
    assert.equal(index.count, count);
    assert.ok(worst < 200, `${worst} bytes a key`);
  }
});

Deno.test("compact() gives the memory of dropped revisions and keys back", () => {
  const index = new KeyIndex();
  let main = 1;
  for (let i = 0; i < 200_000; i++) put(index, text(`key${i % 1000}`), ++main);
  const before = index.memoryBytes;
  index.compact(main, new KeptRevisions());
  assert.ok(index.memoryBytes < before / 20, `${before} → ${index.memoryBytes}`);
  for (let i = 0; i < 1000; i++) remove(index, text(`key${i}`), ++main);
  index.compact(++main, new KeptRevisions());
  assert.equal(index.count, 0);
  assert.ok(index.memoryBytes < 20_000, `${index.memoryBytes}`);
});

Deno.test("compareBytes() is bytewise order", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4 }), fc.uint8Array({ maxLength: 4 }), (a, b) => {
      const order = a.toHex() < b.toHex() ? -1 : a.toHex() > b.toHex() ? 1 : 0;
      assert.equal(Math.sign(compareBytes(a, b)), order);
    }),
    { seed: 6 },
  );
});
