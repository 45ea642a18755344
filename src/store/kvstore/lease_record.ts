/** A lease on disk: the id as a big-endian u64 → protobuf Lease {1 ID, 2 TTL}, as in etcd. */

/** A lease as it is stored. */
interface LeaseRecord {
  readonly id: bigint;
  /** Seconds granted. */
  readonly ttl: bigint;
}

function pushVarint(bytes: number[], value: bigint): void {
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest));
}

/** The key of a lease. */
export function leaseKey(id: bigint): Uint8Array {
  const key = new Uint8Array(8);
  new DataView(key.buffer).setBigInt64(0, id);
  return key;
}

/** The record of a lease. */
export function encodeLease(lease: LeaseRecord): Uint8Array {
  const bytes = [0x08];
  pushVarint(bytes, lease.id);
  bytes.push(0x10);
  pushVarint(bytes, lease.ttl);
  return Uint8Array.from(bytes);
}

/** The lease of a record, or `undefined` where the record is none. Other fields are passed over. */
export function decodeLease(bytes: Uint8Array): LeaseRecord | undefined {
  let id = 0n;
  let ttl = 0n;
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at++]!;
    let value = 0n;
    let shift = 0n;
    let byte = 128;
    while (byte > 127) {
      if (at >= bytes.length || shift > 63n) return undefined;
      byte = bytes[at++]!;
      value |= BigInt(byte & 127) << shift;
      shift += 7n;
    }
    if (tag === 0x08) id = BigInt.asIntN(64, value);
    else if (tag === 0x10) ttl = BigInt.asIntN(64, value);
    else if (tag !== 0x18) return undefined;
  }
  return id === 0n ? undefined : { id, ttl };
}
