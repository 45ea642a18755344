import { joinBytes } from "../bytes.ts";
import type { StoreCall } from "../error.ts";
import type { EtcdApi, KeyChange, KeyVersion } from "../etcd_api.ts";
import { type ProtoReader, ProtoWriter } from "../grpc/mod.ts";
import type { ServerCalls } from "../server_calls.ts";
import type { Slice } from "../slice.ts";
import type { EtcdClient } from "./client.ts";
import { METHOD, readLease, readSwap, readVersion, writeSwap } from "./messages.ts";
import { watchRange } from "./watch.ts";
import { keyAfter } from "../page_cursor.ts";

/** {@linkcode EtcdApi} of a server. */
export class ServerApi implements EtcdApi {
  readonly #client: EtcdClient;
  readonly #calls: ServerCalls;
  readonly #prefix: Uint8Array;
  readonly #saw: (revision: number) => void;
  readonly #newest: () => number;

  /**
   * @param prefix What stands before every key.
   * @param revisions The newest revision that was heard of; told of others.
   */
  constructor(
    client: EtcdClient,
    calls: ServerCalls,
    prefix: Uint8Array,
    revisions: { newest(): number; saw(revision: number): void },
  ) {
    this.#client = client;
    this.#calls = calls;
    this.#prefix = prefix;
    this.#newest = revisions.newest;
    this.#saw = revisions.saw;
  }

  get revision(): number {
    return this.#newest();
  }

  async read(key: Slice, revision: number): Promise<KeyVersion | undefined> {
    const message = new ProtoWriter().bytes(1, this.#bytes(key)).number(4, revision);
    const { found, revision: newest } = await this.#ask("get", METHOD.range, message, readVersion);
    this.#saw(newest);
    return found;
  }

  async swap(key: Slice, modRevision: number, value: Slice): ReturnType<EtcdApi["swap"]> {
    const message = writeSwap(this.#bytes(key), modRevision, value.view());
    const { succeeded, found, revision } = await this.#ask("write", METHOD.txn, message, readSwap);
    this.#saw(revision);
    return { succeeded, modRevision: succeeded ? revision : found?.modRevision ?? 0 };
  }

  async put(key: Slice, value: Slice, lease = 0n): Promise<number> {
    const message = new ProtoWriter().bytes(1, this.#bytes(key)).bytes(2, value.view())
      .number(3, lease);
    const { revision } = await this.#ask("put", METHOD.put, message, readVersion);
    this.#saw(revision);
    return revision;
  }

  grant(seconds: number): ReturnType<EtcdApi["grant"]> {
    return this.#ask("put", METHOD.leaseGrant, new ProtoWriter().number(1, seconds), readLease);
  }

  async watch(
    key: Slice,
    tell: (change: KeyChange) => void,
    failed: (error: Error) => void,
  ): Promise<() => void> {
    const from = this.#bytes(key);
    const watch = await watchRange(
      this.#client,
      { from, to: keyAfter(from) },
      (changes) => {
        for (const { kind, modRevision } of changes) tell({ kind, modRevision });
      },
    );
    let isWanted = true;
    const ended = (error: Error) => {
      if (isWanted) failed(error);
    };
    watch.ended.then(() => ended(new Error("The server ended a watch")), ended);
    return () => {
      isWanted = false;
      watch.cancel();
    };
  }

  async compact(revision: number): Promise<void> {
    // Physical: it is answered when all is dropped.
    const message = new ProtoWriter().number(1, revision).flag(2, true);
    await this.#ask("compact", METHOD.compact, message, () => {});
  }

  #bytes(key: Slice): Uint8Array {
    return joinBytes(this.#prefix, key.view());
  }

  async #ask<T>(
    call: StoreCall,
    method: string,
    message: ProtoWriter,
    read: (answer: ProtoReader) => T,
  ): Promise<T> {
    let answered: T;
    await this.#calls.do(
      call,
      0,
      () =>
        this.#client.call(method, message.view, (answer) => {
          answered = read(answer);
        }),
    );
    return answered!;
  }
}
