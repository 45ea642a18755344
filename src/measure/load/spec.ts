/** What the threads of a load tell each other, beside the memory that they share. */
import type { StoreOptions } from "../../store/mod.ts";
import type { LoadSpec } from "../../workload/mod.ts";

/**
 * What runs a closed loop: JavaScript, or machine code of ours where the store's operations can be done by
 * it.
 */
export type LoopKind = "native" | "javascript";

/** A client, as its thread is told of it. */
export interface ClientSpec {
  /** The store's name. */
  store: string;
  /** What the open store's `share` gave. */
  shared: unknown;
  options: StoreOptions;
  load: LoadSpec;
  /** Its place among all clients. */
  number: number;
  /** Determines what it draws. */
  seed: number;
  /** What a closed loop is to be of, where it can be of machine code. */
  loop: LoopKind;
  /** The clock's 0, s. */
  origin: number;
  /** Phases that it goes through. */
  phases: number;
  memory: SharedArrayBuffer;
}

/** What a client's thread says. */
export type ClientMessage =
  /** It is ready for a phase. */
  | { kind: "waiting"; phase: number }
  /** It has let go of the database. */
  | { kind: "stopped" }
  | { kind: "failed"; message: string };
