/** To what a value compresses where nothing else is said: its half, as db_bench's. */
export const COMPRESSIBILITY = 0.5;

/** What of a value repeats itself. */
interface Repetition {
  /** Share of random bytes, above 0 and up to 1; the rest repeats them. @default 0.5 */
  compressibility?: number;
  /**
   * Bytes after which fresh ones come again. Values of several lengths are cut from longer ones, and a
   * short one would else have all the random bytes and none of the repeated. @default all of the value
   */
  every?: number;
}

/**
 * Values that compress to about a share of their length, as db_bench's do: random printable bytes,
 * then the same bytes again.
 *
 * @param count Values to make.
 * @param bytes Length of each.
 * @param random Uniform 32-bit integers; a seeded source makes the values reproducible.
 * @returns The values, each in memory of its own.
 */
export function makeValues(
  count: number,
  bytes: number,
  random: () => number,
  { compressibility = COMPRESSIBILITY, every = bytes }: Repetition = {},
): Uint8Array[] {
  return Array.from({ length: count }, () => {
    const value = new Uint8Array(bytes);
    for (let start = 0; start < bytes; start += every) {
      const end = Math.min(start + every, bytes);
      const fresh = Math.max(1, Math.ceil((end - start) * compressibility));
      // Printable, from space to tilde.
      for (let i = start; i < Math.min(start + fresh, end); i++) value[i] = 32 + random() % 95;
      for (let i = start + fresh; i < end; i++) value[i] = value[i - fresh]!;
    }
    return value;
  });
}
