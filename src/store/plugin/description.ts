/** What a plug-in says of itself, read from its JSON. */
import * as v from "valibot";

/** Words in results and reports: of one line, not endless, and of bytes that were UTF-8. */
const Words = v.pipe(v.string(), v.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]{1,80}$/u));
const Options = v.record(
  v.string(),
  v.union([v.pipe(v.string(), v.regex(/^[^\p{Cc}]{0,4096}$/u)), v.number(), v.boolean()]),
);

/** What a plug-in is, before a database is open. */
const PluginDescription = v.looseObject({
  /** Of the plug-in: results call the store `plugin@NAME`. */
  name: v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9_-]{0,39}$/)),
  engine: Words,
  version: Words,
  threads: v.picklist(["one", "session"]),
  families: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_536)),
  network: v.boolean(),
  /** What its `open` takes, with the defaults. */
  options: Options,
  /** The longest key that it takes, where there is a bound. */
  mostKeyBytes: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1))),
  /** Whether its cursors see what is written after they began. */
  cursors: v.optional(v.picklist(["live", "snapshot"])),
  /** Whether operations are handed in and end later. */
  api: v.optional(v.picklist(["sync", "async"]), "sync"),
  /** The most of a session that are under way then. */
  inFlight: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_536)), 1),
});
/** What a plug-in is. */
export type PluginDescription = v.InferOutput<typeof PluginDescription>;

/** What is in effect in an open database. */
const OpenDescription = v.looseObject({
  ...PluginDescription.entries,
  durability: v.picklist(["synced", "buffered", "off", "none"]),
  /** What has been done with a write that is acknowledged, in words. */
  acknowledgement: v.optional(
    v.pipe(v.string(), v.regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\ufffd]{1,200}$/u)),
  ),
});
/** What is in effect in an open database. */
export type OpenDescription = v.InferOutput<typeof OpenDescription>;

/**
 * Reads a description.
 *
 * @throws {Error} What is wrong with it, as the end of a sentence.
 */
export function parseDescription(text: string): PluginDescription {
  return parse(PluginDescription, text);
}

/** As {@linkcode parseDescription}, of an open database. */
export function parseOpenDescription(text: string): OpenDescription {
  return parse(OpenDescription, text);
}

function parse<T>(schema: v.GenericSchema<unknown, T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error("its description is no JSON");
  }
  const { success, output, issues } = v.safeParse(schema, value);
  if (success) return output;
  const [issue] = issues;
  const where = v.getDotPath(issue!) ?? "the whole";
  throw new Error(`its description has not what is to be at ${where}: ${issue!.message}`);
}
