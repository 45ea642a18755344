/** The reflected polynomial of CRC-32C (Castagnoli), RFC 3720 appendix B.4. */
const POLYNOMIAL = 0x82f63b78;

const table = new Uint32Array(256);
for (let byte = 0; byte < 256; byte++) {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
  table[byte] = crc;
}

/**
 * Goes on with a CRC-32C.
 *
 * @param crc The checksum of what came before; 0 at the start.
 * @param bytes What follows.
 * @returns The checksum of both, as an unsigned 32-bit integer.
 */
export function crc32c(crc: number, bytes: Uint8Array): number {
  let rest = ~crc;
  for (let i = 0; i < bytes.length; i++) rest = table[(rest ^ bytes[i]!) & 0xff]! ^ rest >>> 8;
  return ~rest >>> 0;
}
