/** A library on its way to another machine's cache: what is said of it before its bytes come. */
import type { EngineLibrary, EngineRecord } from "./cache.ts";
import { type Machine, MACHINE_NAMES } from "./machine.ts";

/** The first line of what is sent, as JSON; the library's bytes follow it. */
export interface ParcelHead extends Omit<EngineRecord, "compressions" | "checked"> {
  /** The kind of machine that it is for. */
  machine: Machine;
  /** How many bytes follow. */
  bytes: number;
}

/** What the receiving side says, a line each: `have` ends it at once, `send` asks for the bytes. */
export type ParcelReply =
  | { kind: "have" | "send" | "kept" }
  | { kind: "refused"; message: string };

/** A library that can be sent. */
export interface Parcel {
  head: ParcelHead;
  /** Its file here. */
  path: string;
}

/**
 * A library of this machine's cache as it is sent.
 *
 * @param machine The kind of machine that it was obtained for.
 * @throws As Deno does, where its file cannot be read any more.
 */
export function parcelOf(library: EngineLibrary, machine: Machine): Parcel {
  const { release, file, sha256, path, source } = library;
  const { size } = Deno.statSync(path);
  return { head: { release, machine, entry: file, sha256, bytes: size, source }, path };
}

/**
 * Reads a head.
 *
 * @returns `undefined` where the line is none.
 */
export function parseHead(line: string): ParcelHead | undefined {
  let head: Partial<ParcelHead> | null;
  try {
    head = JSON.parse(line);
  } catch {
    return undefined;
  }
  const { release, machine, entry, sha256, bytes, source } = head ?? {};
  // Names become parts of paths; the release's is read where it does.
  const whole = typeof release === "string" && MACHINE_NAMES.some((name) => name === machine) &&
    typeof entry === "string" && /^\w[\w.+-]{0,254}$/.test(entry) &&
    typeof sha256 === "string" && /^[0-9a-f]{64}$/.test(sha256) &&
    typeof bytes === "number" && Number.isSafeInteger(bytes) && bytes > 0 &&
    typeof source === "string" && source.length <= MOST_SOURCE_LETTERS;
  return whole ? { release, machine: machine!, entry, sha256, bytes, source } : undefined;
}

/** The most that is said of where a library came from, letters. */
const MOST_SOURCE_LETTERS = 500;
