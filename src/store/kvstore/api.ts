import type { EtcdApi, KeyChange, KeyVersion } from "../etcd_api.ts";
import type { Slice } from "../slice.ts";
import type { EtcdAsync } from "./async_etcd.ts";

/** How often leases whose time is over are revoked, ms: as often as etcd looks for them. */
const EXPIRE_EVERY_MS = 500;

/** {@linkcode EtcdApi} of a KvStore; from its first lease on it revokes those whose time is over. */
export class KvApi implements EtcdApi {
  readonly #etcd: EtcdAsync;
  readonly #newest: () => number;
  #expiring: ReturnType<typeof setInterval> | undefined;

  /** @param newest The store's revision. */
  constructor(etcd: EtcdAsync, newest: () => number) {
    this.#etcd = etcd;
    this.#newest = newest;
  }

  get revision(): number {
    return this.#newest();
  }

  async read(key: Slice, revision: number): Promise<KeyVersion | undefined> {
    const { kvs: [kv] } = await this.#etcd.range({ key: key.view().slice(), revision });
    return kv && { modRevision: kv.modRevision, bytes: kv.value.length };
  }

  async swap(
    slice: Slice,
    modRevision: number,
    value: Slice,
  ): ReturnType<EtcdApi["swap"]> {
    const key = slice.view().slice();
    const { header, succeeded, responses: [response] } = await this.#etcd.txn({
      compare: [{ target: "MOD", key, modRevision }],
      success: [{ requestPut: { key, value: value.view().slice() } }],
      failure: [{ requestRange: { key } }],
    });
    const found = response !== undefined && "responseRange" in response
      ? response.responseRange.kvs[0]?.modRevision
      : undefined;
    return { succeeded, modRevision: succeeded ? header.revision : found ?? 0 };
  }

  async put(key: Slice, value: Slice, lease = 0n): Promise<number> {
    const request = { key: key.view().slice(), value: value.view().slice(), lease };
    return (await this.#etcd.put(request)).header.revision;
  }

  async grant(seconds: number): ReturnType<EtcdApi["grant"]> {
    this.#expiring ??= setInterval(
      // Who closes the store ends it, and what fails here fails whoever waits for an expiry.
      () => void this.#etcd.expireLeases().catch(() => {}),
      EXPIRE_EVERY_MS,
    );
    const { id, ttl } = await this.#etcd.leaseGrant({ ttl: seconds });
    return { id, seconds: ttl };
  }

  // deno-lint-ignore require-await -- what it throws is to be the promise's
  async watch(
    key: Slice,
    tell: (change: KeyChange) => void,
    failed: (error: Error) => void,
  ): Promise<() => void> {
    const watch = this.#etcd.watch({ key: key.view().slice() });
    let isWanted = true;
    const follow = async () => {
      for (let next = await watch.next(); next !== undefined; next = await watch.next()) {
        for (const { type, kv } of next.events) {
          tell({ kind: type === "PUT" ? "put" : "delete", modRevision: kv.modRevision });
        }
      }
      if (isWanted) failed(new Error("The store ended a watch"));
    };
    void follow().catch((error) => failed(error));
    return () => {
      isWanted = false;
      watch.cancel();
    };
  }

  async compact(revision: number): Promise<void> {
    await this.#etcd.compact({ revision });
  }

  /** Revokes no lease any more. */
  close(): void {
    clearInterval(this.#expiring);
  }
}
