/** Memory of ours as native code knows it: by its address. */

/**
 * The address of bytes, which must have a buffer of their own: small typed arrays move on V8's heap.
 */
export function addressOf(bytes: ArrayBufferView): bigint {
  return Deno.UnsafePointer.value(Deno.UnsafePointer.of(bytes as Uint8Array<ArrayBuffer>));
}

let kept: unknown[] = [];

/**
 * Native code knows memory by its address alone, which the collector does not see. Naming the
 * memory here after the call that used it keeps it from being collected before.
 */
export function keepAlive(...memory: unknown[]): void {
  kept = memory;
  kept.length = 0;
}
