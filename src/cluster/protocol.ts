/**
 * What the controller and a node's agent say to each other: one JSON object a line, requests and
 * signs of life on the agent's stdin, replies on its stdout. Arguments travel as data, so no shell
 * ever sees them.
 */
import * as v from "valibot";
import { FIRST_ISSUE } from "../result/mod.ts";

const Text = v.string();
const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** What is asked of an agent, in its first line. */
export const Request = v.variant("kind", [
  /** Bench; every line after this one is a sign of life, `stop` apart. */
  v.looseObject({
    kind: v.literal("bench"),
    /** Arguments of `deno task bench`. */
    args: v.array(Text),
    /** Where the result lies, on the node. */
    directory: Text,
    /** A file on the node that is held while a bench is under way: two would measure each other. */
    lock: Text,
    /** Bytes of the journal that the controller has already. */
    offset: Count,
    /** How long the controller may be silent before the bench is ended, s. */
    leaseSeconds: v.number(),
  }),
  /** Send what the journal has from here on. */
  v.looseObject({ kind: v.literal("fetch"), directory: Text, offset: Count }),
]);
/** What is asked of an agent. */
export type Request = v.InferOutput<typeof Request>;

/** What the controller says after its request. */
export type Sign = { kind: "alive" } | { kind: "stop" };

/** What an agent says. */
export const Reply = v.variant("kind", [
  v.looseObject({ kind: v.literal("alive") }),
  /** A line that the bench printed for people. */
  v.looseObject({ kind: v.literal("output"), text: Text }),
  /** Whole lines of the journal, from this byte on. */
  v.looseObject({ kind: v.literal("journal"), offset: Count, text: Text }),
  /** Nothing was done. `busy`: for now only. */
  v.looseObject({ kind: v.literal("refused"), message: Text, busy: v.boolean() }),
  /** All is said. A fetch ends with 0. */
  v.looseObject({
    kind: v.literal("ended"),
    code: v.number(),
    signal: v.nullable(Text),
    /** Whether the agent ended it, and why. */
    stopped: v.nullable(Text),
  }),
]);
/** What an agent says. */
export type Reply = v.InferOutput<typeof Reply>;

/** The reply in a line, or `undefined` of a line that is none, such as a shell's greeting. */
export function parseReply(line: string): Reply | undefined {
  if (!line.startsWith('{"kind":')) return undefined;
  try {
    const parsed = v.safeParse(Reply, JSON.parse(line), FIRST_ISSUE);
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
