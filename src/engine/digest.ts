/** Digests of files. */
import defer * as crypto from "node:crypto";
import { EngineError } from "./error.ts";

/** How much is read at a time. */
const STEP = 1024 * 1024;

/** A way to make a digest, as repositories publish them. */
export type Algorithm = "sha256" | "sha1";

/**
 * The digest of bytes, in hexadecimal.
 *
 * @param algorithm Which one. @default "sha256"
 */
export function digestOf(bytes: Uint8Array, algorithm: Algorithm = "sha256"): string {
  return crypto.createHash(algorithm).update(bytes).digest("hex");
}

/**
 * The digest of a file's content, in hexadecimal.
 *
 * @param algorithm Which one. @default "sha256"
 * @throws As Deno does, where it cannot be read.
 */
export function digestOfFile(path: string, algorithm: Algorithm = "sha256"): string {
  using file = Deno.openSync(path);
  const hash = crypto.createHash(algorithm);
  const buffer = new Uint8Array(STEP);
  for (let read = file.readSync(buffer); read !== null; read = file.readSync(buffer)) {
    hash.update(buffer.subarray(0, read));
  }
  return hash.digest("hex");
}

/** An algorithm as people write it. */
const WRITTEN = { sha256: "SHA-256", sha1: "SHA-1" } as const;

/**
 * Holds a digest against the one that it must be.
 *
 * @param called What errors call the content.
 * @throws {EngineError} Where it is another one.
 */
export function requireDigest(
  called: string,
  digest: string,
  wanted: string,
  algorithm: Algorithm = "sha256",
): void {
  if (digest === wanted) return;
  throw new EngineError(
    `Cannot use ${called}: its ${WRITTEN[algorithm]} is ${digest.slice(0, 16)}…, not ` +
      `${wanted.slice(0, 16)}…; nothing of it is kept`,
    "content",
  );
}
