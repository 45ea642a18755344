/** The record of one bench over nodes: a row a node, in a file beside the nodes' results. */
import * as v from "valibot";
import { fileReason, readRegularText, replaceFile } from "../disk/mod.ts";
import { FIRST_ISSUE, isNodeName, issueText } from "../result/mod.ts";
import { ClusterError } from "./error.ts";

/** A session's file in its directory. */
export const SESSION_FILE = "nodes.json";
/** The largest one that is read; a row a node has some hundred bytes. */
const MOST_SESSION_BYTES = 4 * 1024 * 1024;

/** How it went on a node. */
export const NodeRow = v.looseObject({
  /** Also the name of its folder in the session's directory. */
  node: v.pipe(v.string(), v.check(isNodeName, "it cannot be the name of a node")),
  /**
   * `waiting`: not begun. `measuring`: under way, or the controller was killed. `measured`: complete.
   * `incomplete`: its bench ended before all was measured. `lost`: it was being measured and does not
   * answer any more. `unreachable`: it never answered. `refused`: it did not begin.
   */
  state: v.picklist([
    "waiting",
    "measuring",
    "measured",
    "incomplete",
    "lost",
    "unreachable",
    "refused",
  ]),
  /** Why, in one line; empty where there is nothing to say. */
  message: v.string(),
  /** Runs that ended, and that were planned; `null` where nothing came. */
  runs: v.nullable(v.looseObject({ ended: v.number(), planned: v.number() })),
  /** How often it was cut off and came back. */
  reconnects: v.number(),
  /** How far its clock is ahead of the controller's, s, and how sure that is; `null`: not known. */
  clock: v.nullable(v.looseObject({ aheadSeconds: v.number(), uncertaintySeconds: v.number() })),
});
/** How it went on a node. */
export type NodeRow = v.InferOutput<typeof NodeRow>;

/** One bench over nodes. */
export const NodesSession = v.looseObject({
  schema: v.literal("tidemark.nodes"),
  version: v.literal(1),
  /** Start time and suite; the name of the session's folder on every node. */
  id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)),
  startedAt: v.string(),
  endedAt: v.nullable(v.string()),
  /** Arguments of the bench on every node. */
  args: v.array(v.string()),
  rows: v.array(NodeRow),
});
/** One bench over nodes. */
export type NodesSession = v.InferOutput<typeof NodesSession>;

/** Writes a session: a reader sees the old one or the new one. */
export function writeSession(directory: string, session: NodesSession): void {
  const path = `${directory}/${SESSION_FILE}`;
  try {
    replaceFile(path, JSON.stringify(session, null, 2) + "\n");
  } catch (error) {
    throw new ClusterError(`Cannot write ${path}: ${fileReason(error)}`, "node");
  }
}

/**
 * Reads a session.
 *
 * @throws {ClusterError} Where there is none, or it cannot be read.
 */
export function readSession(directory: string): NodesSession {
  const path = `${directory}/${SESSION_FILE}`;
  const wrong = (why: string) => new ClusterError(`Cannot read ${path}: ${why}`, "usage");
  let text: string;
  try {
    text = readRegularText(path, MOST_SESSION_BYTES);
  } catch (error) {
    throw wrong(fileReason(error));
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw wrong("it is not JSON; name the directory of a bench over nodes");
  }
  const parsed = v.safeParse(NodesSession, json, FIRST_ISSUE);
  if (parsed.success) return parsed.output;
  throw wrong(issueText(parsed.issues, "the file"));
}
