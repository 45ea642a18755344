/** Nodes are given what they measure with: releases of the engine, each for the node's own kind. */
import type { Parcel } from "../engine/mod.ts";
import type { Link } from "./link.ts";
import type { Places } from "./places.ts";
import { sendEngine, type SendOptions } from "./send_engine.ts";

/** What a node has of librocksdb, as its doctor says. */
export interface NodeEngine {
  /** The kind of machine that a library has to be for; `null` where none is made for it. */
  machine: string | null;
  /** The release that is measured with where none is asked for and nothing is installed. */
  default: string;
  /** Its installed libraries. */
  installed: readonly string[];
  /** The releases in its cache. */
  kept: readonly string[];
}

/** What a node is to be given. */
export interface Supplies {
  parcels: readonly Parcel[];
  /** What it needs and cannot be had, and is measured without; `null`: nothing. */
  note: string | null;
}

/** Finds what a node needs. */
export interface EngineSupply {
  /**
   * @throws {ClusterError} Where what was asked for cannot be had for this node.
   */
  suppliesFor(node: NodeEngine): Promise<Supplies>;
}

/** How giving went. */
export interface Supplied {
  /** Releases that were sent. */
  sent: string[];
  /** Releases that it needs, and had. */
  had: string[];
  note: string | null;
}

/**
 * Gives a node what it needs.
 *
 * @throws {ClusterError} Why it has not all of it.
 */
export async function giveEngines(
  link: Link,
  places: Places,
  node: NodeEngine,
  supply: EngineSupply,
  options: SendOptions,
): Promise<Supplied> {
  const { parcels, note } = await supply.suppliesFor(node);
  const supplied: Supplied = { sent: [], had: [], note };
  for (const parcel of parcels) {
    const sent = await sendEngine(link, places, parcel, options);
    (sent ? supplied.sent : supplied.had).push(parcel.head.release);
  }
  return supplied;
}
