/** Leases as requests (`server/lease/lessor.go`, `server/etcdserver/v3_server.go`). */
import { checkLeaseGrantFields, refuseNoId } from "./check_fields.ts";
import { LEASE_FAMILY } from "./families.ts";
import { encodeLease, leaseKey } from "./lease_record.ts";
import { keyOfText } from "./lessor.ts";
import type {
  LeaseGrantRequest,
  LeaseGrantResponse,
  LeaseKeepAliveResponse,
  LeaseLeasesResponse,
  LeaseRevokeResponse,
  LeaseTimeToLiveRequest,
  LeaseTimeToLiveResponse,
} from "./messages.ts";
import type { KvState } from "./state.ts";
import { type Program, write } from "./steps.ts";
import { inTransaction } from "./write_transaction.ts";

/** A positive id of 63 random bits that no lease has. */
function freeId(state: KvState): bigint {
  while (true) {
    const [bits] = crypto.getRandomValues(new BigUint64Array(1));
    const id = BigInt.asUintN(63, bits!);
    if (id !== 0n && state.lessor.find(id) === undefined) return id;
  }
}

/**
 * Grants a lease.
 *
 * @throws {KvError} InvalidArgument, LeaseExists, LeaseTTLTooLarge.
 */
export function* leaseGrant(
  state: KvState,
  request: LeaseGrantRequest,
): Program<LeaseGrantResponse> {
  checkLeaseGrantFields(request);
  const lease = state.lessor.plan(request.id || freeId(state), request.ttl);
  const { id, ttl } = lease;
  const value = encodeLease({ id, ttl: BigInt(ttl) });
  yield* write([{ family: LEASE_FAMILY, key: leaseKey(id), value }]);
  state.lessor.add(lease);
  return { header: state.header(), id, ttl };
}

/**
 * Revokes a lease: its keys, in their order, and its record go in one transaction.
 *
 * @throws {KvError} InvalidArgument, LeaseNotFound.
 */
export function* leaseRevoke(state: KvState, id: bigint): Program<LeaseRevokeResponse> {
  refuseNoId(id, "id", "leaseRevoke");
  const lease = state.lessor.get(id, "leaseRevoke");
  yield* inTransaction(state, function* (transaction): Program<void> {
    for (const text of [...lease.items].sort()) {
      const key = keyOfText(text);
      transaction.delete(state.index.find(key, key.length));
    }
    transaction.revoke(id);
  });
  return { header: state.header() };
}

/** Revokes every lease whose time is over; returns their ids. */
export function* expireLeases(state: KvState): Program<bigint[]> {
  const expired = state.lessor.list().filter((lease) => state.lessor.isExpired(lease));
  for (const { id } of expired) yield* leaseRevoke(state, id);
  return expired.map(({ id }) => id);
}

/** Starts a lease's time anew. One whose time is over is as good as revoked. */
export function leaseKeepAlive(state: KvState, id: bigint): LeaseKeepAliveResponse {
  refuseNoId(id, "id", "leaseKeepAlive");
  const header = state.header();
  const lease = state.lessor.find(id);
  if (lease === undefined || state.lessor.isExpired(lease)) return { header, id, ttl: 0 };
  state.lessor.renew(lease);
  return { header, id, ttl: lease.ttl };
}

/** How long a lease has to live. */
export function leaseTimeToLive(
  state: KvState,
  { id, keys = false }: LeaseTimeToLiveRequest,
): LeaseTimeToLiveResponse {
  refuseNoId(id, "id", "leaseTimeToLive");
  const header = state.header();
  const lease = state.lessor.find(id);
  if (lease === undefined) return { header, id, ttl: -1, grantedTtl: 0, keys: [] };
  return {
    header,
    id,
    ttl: state.lessor.remaining(lease),
    grantedTtl: lease.ttl,
    keys: keys ? [...lease.items].sort().map(keyOfText) : [],
  };
}

/** All leases. */
export function leaseLeases(state: KvState): LeaseLeasesResponse {
  return { header: state.header(), leases: state.lessor.list().map(({ id }) => id) };
}
