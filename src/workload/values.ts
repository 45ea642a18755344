/** Share of a value that is random; the rest repeats it, as db_bench's `compression_ratio` 0.5. */
const RANDOM_SHARE = 0.5;

/**
 * Values that compress to about half, as db_bench's do: random printable bytes, then the same bytes again.
 *
 * @param count Values to make.
 * @param bytes Length of each.
 * @param random Uniform 32-bit integers; a seeded source makes the values reproducible.
 * @returns The values, each in memory of its own.
 */
export function makeValues(count: number, bytes: number, random: () => number): Uint8Array[] {
  return Array.from({ length: count }, () => {
    const value = new Uint8Array(bytes);
    const fresh = Math.ceil(bytes * RANDOM_SHARE);
    // Printable, from space to tilde.
    for (let i = 0; i < fresh; i++) value[i] = 32 + random() % 95;
    for (let i = fresh; i < bytes; i++) value[i] = value[i - fresh]!;
    return value;
  });
}
