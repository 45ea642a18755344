import { ProtoWriter } from "../grpc/mod.ts";
import type { EtcdClient } from "./client.ts";
import { type Change, METHOD, readLease, readWatch } from "./messages.ts";

/** A watch under way. */
export interface EtcdWatch {
  /** Ends when the watch does; rejected where the server ends it. */
  ended: Promise<void>;
  /** Ends it. */
  cancel(): void;
}

/**
 * Watches the keys from one to another, the last one excluded.
 *
 * @param onChanges Told what changed, in the order of the server.
 * @returns Once the server has the watch: what is put from then on is seen.
 * @throws {RpcError} Where the server refuses it.
 */
export async function watchRange(
  client: EtcdClient,
  { from, to }: { from: Uint8Array; to: Uint8Array },
  onChanges: (changes: readonly Change[]) => void,
): Promise<EtcdWatch> {
  const created = Promise.withResolvers<void>();
  const stream = client.stream(METHOD.watch, (answer) => {
    const said = readWatch(answer);
    if (said.cancelled !== undefined) created.reject(new Error(`Cannot watch: ${said.cancelled}`));
    else if (said.created) created.resolve();
    if (said.changes.length > 0) onChanges(said.changes);
  });
  stream.ended.catch((error) => created.reject(error));
  const request = new ProtoWriter().bytes(1, from).bytes(2, to);
  stream.send(new ProtoWriter().message(1, request).view);
  await created.promise;
  return stream;
}

/**
 * Grants a lease: keys that are put with it go when it ends.
 *
 * @param seconds How long it lasts.
 * @returns Its id.
 */
export async function grantLease(client: EtcdClient, seconds: number): Promise<bigint> {
  let id = 0n;
  await client.call(METHOD.leaseGrant, new ProtoWriter().number(1, seconds).view, (answer) => {
    ({ id } = readLease(answer));
  });
  return id;
}

/** Ends a lease, and its keys with it. */
export async function revokeLease(client: EtcdClient, id: bigint): Promise<void> {
  await client.call(METHOD.leaseRevoke, new ProtoWriter().number(1, id).view, () => {});
}
