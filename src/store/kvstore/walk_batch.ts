/** Keys that a walk looks at in advance at most. */
export const BATCH = 256;

/** What a walk knows of the next keys, in parallel arrays. */
export class WalkBatch {
  readonly ids = new Uint32Array(BATCH);
  readonly keyLengths = new Uint32Array(BATCH);
  readonly mains = new Float64Array(BATCH);
  readonly subs = new Uint32Array(BATCH);
  readonly overheads = new Int32Array(BATCH);
  readonly follows = new Uint8Array(BATCH);
}
