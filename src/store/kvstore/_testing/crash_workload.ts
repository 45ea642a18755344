/** What the crash test writes: the n-th write depends on n alone, so it can be done again elsewhere. */
import { Slice } from "../../slice.ts";
import { KvError, type KvStoreSync } from "../mod.ts";

const text = (s: string): Uint8Array => new TextEncoder().encode(s);

/** Keys of one batch; with a few batches a compaction takes several steps. */
const BATCH = 300;

/** Whether write n grants a lease, which write n + 4 revokes. */
export function grantsLease(n: number): boolean {
  return n % 10 === 3;
}

/** Does the write that makes revision n of a store at revision n − 1. */
export function writeRevisionOf(store: KvStoreSync, n: number): void {
  const { etcd } = store;
  const value = text(`${n}`.padEnd(n * 37 % 600, "."));
  if (grantsLease(n)) {
    grant(store, BigInt(n));
    const key = text(`lease${n}`);
    etcd.put({ key, value, lease: BigInt(n) });
  } else if (grantsLease(n - 4) && n > 4) {
    etcd.leaseRevoke(BigInt(n - 4));
  } else if (n % 5 === 0) {
    const batch = store.batch();
    const slice = Slice.from(value);
    for (let i = 0; i < BATCH; i++) {
      batch.put(Slice.fromText(`batch${(n * BATCH + i) % 1000}`), slice);
    }
    store.write(batch);
  } else if (n % 4 === 0) {
    etcd.txn({
      compare: [{ target: "VERSION", key: text("txn1"), result: "GREATER", version: 0 }],
      success: [
        { requestDeleteRange: { key: text("txn"), rangeEnd: text("txo") } },
        { requestPut: { key: text("after"), value } },
      ],
      failure: ["txn1", "txn2", "txn3"].map((key) => ({ requestPut: { key: text(key), value } })),
    });
  } else {
    store.put(Slice.fromText(`key${n % 13}`), Slice.from(value));
  }
}

/** Grants a lease that a write before a crash may have granted already. */
function grant({ etcd }: KvStoreSync, id: bigint): void {
  try {
    etcd.leaseGrant({ id, ttl: 3600 });
  } catch (error) {
    if (!(error instanceof KvError) || error.reason !== "LeaseExists") throw error;
  }
}

/** The revision to compact to after write n, where there is one. */
export function compactsTo(n: number): number | undefined {
  return n % 40 === 0 ? n - 5 : undefined;
}

/** Compacts where the store's newest write asks for it; a kill may have come between the two. */
export function compactIfDue({ etcd, revision }: KvStoreSync): void {
  const due = compactsTo(revision);
  if (due === undefined) return;
  try {
    etcd.compact({ revision: due });
  } catch (error) {
    if (!(error instanceof KvError) || error.reason !== "Compacted") throw error;
  }
}
