/** Store options as they are written on a command line: `wal=synced`, `writeBufferBytes=1048576`. */
import { isFileRelease, isPath, isReleaseName } from "../engine/kept.ts";
import {
  formatBytesExact,
  listWithSuggestion,
  parseBytes,
  parseCount,
  parseShare,
} from "../format/mod.ts";
import { settingsName, type VariantRecord } from "../result/variant.ts";
import { MOST_BLOOM_BITS, type StoreSettings, WRITE_BUFFER_BYTES } from "./contract.ts";
import { StoreError } from "./error.ts";
import { SYSTEM } from "./raw/library.ts";

type Parser = (value: string) => string | number | boolean | undefined;

const oneOf = (...values: string[]): Parser => (value) =>
  values.includes(value) ? value : undefined;
const between =
  (parse: (value: string) => number | undefined, least: number, most: number): Parser =>
  (
    value,
  ) => {
    const number = parse(value);
    return number !== undefined && number >= least && number <= most ? number : undefined;
  };
const fraction = (value: string) => /^\d+(\.\d+)?$/.test(value) ? Number(value) : undefined;

const flag: Parser = (value) => value === "true" ? true : value === "false" ? false : undefined;
const text: Parser = (value) => value.length > 0 ? value : undefined;
const path: Parser = (value) => value.length > 0 && !value.includes("\0") ? value : undefined;

/** More nodes than that no cluster of etcd has. */
const MOST_NODES = 7;
const MOST_CONNECTIONS = 64;
const MOST_DEADLINE_MS = 600_000;
/** A way round the world. A leader that is heard of later than that is none any more. */
const MOST_DELAY_MS = 150;
/** Beyond that, connections do more waiting than sending. */
const MOST_LOSS = 0.2;

/** Each option, how it is read, and what it takes in words. */
const OPTIONS: Record<keyof StoreSettings, { parse: Parser; takes: string }> = {
  release: {
    parse: (value) => isReleaseText(value) ? value : undefined,
    takes: "a version like 10.4.2, flink-8.10.0 or speedb-2.8.0, system, or a file's path with a " +
      "slash (deno task engine list says which there are)",
  },
  defaults: {
    parse: oneOf("fixed", "engine"),
    takes: "fixed (RocksDB 7's, whatever the release) or engine (the release's own)",
  },
  engineOptions: {
    parse: (value) => value.length > 0 && !value.includes("\0") ? value : undefined,
    takes: "options in the engine's own form, name=value;name={name=value}",
  },
  wal: { parse: oneOf("synced", "buffered", "off"), takes: "synced, buffered or off" },
  compression: {
    parse: oneOf("none", "snappy", "zlib", "lz4", "zstd"),
    takes: "none, snappy, zlib, lz4 or zstd",
  },
  // RocksDB raises and cuts others by itself, and would not do what the report says.
  writeBufferBytes: {
    parse: between(parseBytes, WRITE_BUFFER_BYTES.least, WRITE_BUFFER_BYTES.most),
    takes: `bytes like 64MiB or 64MB, ${formatBytesExact(WRITE_BUFFER_BYTES.least)} to ` +
      formatBytesExact(WRITE_BUFFER_BYTES.most),
  },
  blockCacheBytes: { parse: parseBytes, takes: "bytes like 64MiB or 64MB, 0 for none" },
  bloomBits: {
    parse: between(parseCount, 0, MOST_BLOOM_BITS),
    takes: `bits for a key, up to ${MOST_BLOOM_BITS}, 0 for none`,
  },
  directIo: { parse: flag, takes: "true (tables past the page cache, O_DIRECT) or false" },
  statistics: { parse: flag, takes: "true or false" },
  endpoints: {
    parse: text,
    takes: "HOST:PORT of running servers, several with + in between",
  },
  nodes: {
    parse: between(parseCount, 1, MOST_NODES),
    takes: `how many servers are started for each run, 1 to ${MOST_NODES}`,
  },
  delayMs: {
    parse: between(fraction, 0, MOST_DELAY_MS),
    takes: `milliseconds from one node to another, one way, up to ${MOST_DELAY_MS}`,
  },
  jitterMs: {
    parse: between(fraction, 0, MOST_DELAY_MS),
    takes: "milliseconds by which delayMs differs to either side, at most as many as it has",
  },
  loss: {
    parse: between((value) => parseShare(value) ?? fraction(value), 0, MOST_LOSS),
    takes: `the share of frames that are lost, e.g. 1% or 0.01, up to ${100 * MOST_LOSS}%`,
  },
  consistency: {
    parse: oneOf("linearizable", "serializable"),
    takes: "linearizable (the newest) or serializable (as the member that is asked has it)",
  },
  role: { parse: oneOf("leader", "follower"), takes: "leader or follower" },
  connections: {
    parse: between(parseCount, 1, MOST_CONNECTIONS),
    takes: `connections to a server, 1 to ${MOST_CONNECTIONS}`,
  },
  deadlineMs: {
    parse: between(parseCount, 1, MOST_DEADLINE_MS),
    takes: `milliseconds that an operation may take, 1 to ${MOST_DEADLINE_MS}`,
  },
  caFile: { parse: path, takes: "a file of the servers' authority, in PEM" },
  certFile: { parse: path, takes: "a file of the client's certificate, in PEM" },
  keyFile: { parse: path, takes: "a file of that certificate's key, in PEM" },
  pd: { parse: text, takes: "HOST:PORT of TiKV's running PD, several with + in between" },
  stores: {
    parse: text,
    takes:
      "the machines of TiKV's servers where they are no machines of PD, several with + in between",
  },
  api: { parse: between(parseCount, 1, 2), takes: "the version of TiKV's interface, 1 or 2" },
  keyspace: {
    parse: (value) => /^[\w-]{1,64}$/.test(value) ? value : undefined,
    takes: "a keyspace of TiKV's API 2, by its id or its name",
  },
  burn: {
    parse: between((value) => parseShare(value) ?? fraction(value), 0, 10),
    takes: "the share of its own time that an operation wastes, e.g. 10% or 0.1, to test " +
      "comparisons",
  },
};

/** Whether a text can name a release. */
function isReleaseText(text: string): boolean {
  return text === SYSTEM || isPath(text) || isFileRelease(text) || isReleaseName(text);
}

/** The options' names. */
export const STORE_OPTION_NAMES: readonly string[] = Object.keys(OPTIONS);

/**
 * Reads `name=value` settings.
 *
 * @param names Options that are named where one is asked for that there is not. @default all
 * @throws {StoreError} Where a setting has no such form, name or value.
 */
export function parseStoreOptions(
  settings: readonly string[],
  names: readonly string[] = STORE_OPTION_NAMES,
): StoreSettings {
  const options: Record<string, string | number | boolean> = {};
  for (const setting of settings) {
    const [name, value] = split(setting);
    if (!Object.hasOwn(OPTIONS, name)) {
      throw usage(
        setting,
        `there is no option ${JSON.stringify(name)}; ${listWithSuggestion(name, names)}`,
      );
    }
    const { parse, takes } = OPTIONS[name as keyof StoreSettings];
    const parsed = parse(value);
    if (parsed === undefined) throw usage(setting, `${name} takes ${takes}`);
    options[name] = parsed;
  }
  return options as StoreSettings;
}

/**
 * Reads settings that may have several values each, as `release=7.10.2`, `8.11.4` of the one text
 * `release=7.10.2,8.11.4`: what has no name of its own belongs to the one before it.
 *
 * @returns The options with one value, and every combination of those with several; none where no
 * option has several. A combination that is there twice is another each time, as what is compared
 * with itself.
 * @param names As of {@linkcode parseStoreOptions}.
 * @param isWanted Whether an option is looked at, by its name. @default all are
 * @throws {StoreError} As {@linkcode parseStoreOptions}.
 */
export function parseSweep(
  settings: readonly string[],
  names: readonly string[] = STORE_OPTION_NAMES,
  isWanted: (name: string) => boolean = () => true,
): { options: StoreSettings; variants: { name: string; options: VariantRecord }[] } {
  const byName = new Map<string, string[]>();
  let name: string | undefined;
  for (const setting of settings) {
    if (setting.includes("=") || name === undefined) {
      [name] = split(setting);
      byName.set(name, [setting]);
    } else {
      byName.get(name)!.push(`${name}=${setting}`);
    }
  }
  const wanted = [...byName].filter(([name]) => isWanted(name)).map(([, values]) => values);
  const options = parseStoreOptions(wanted.filter(isOne).flat(), names);
  let variants: StoreSettings[] = [];
  for (const values of wanted) {
    if (isOne(values)) continue;
    const parsed = values.map((setting) => parseStoreOptions([setting], names));
    variants = variants.length === 0
      ? parsed
      : variants.flatMap((variant) => parsed.map((one) => ({ ...variant, ...one })));
  }
  return { options, variants: named(variants) };
}

/** Variants with their names, those that are there again with a number. */
function named(variants: readonly StoreSettings[]) {
  const times = new Map<string, number>();
  return variants.map((variant) => {
    const options: VariantRecord = { ...variant };
    const name = settingsName(options);
    const time = (times.get(name) ?? 0) + 1;
    times.set(name, time);
    return { name: time === 1 ? name : `${name}#${time}`, options };
  });
}

function isOne(values: readonly string[]): boolean {
  return values.length === 1;
}

function split(setting: string): [string, string] {
  const equals = setting.indexOf("=");
  if (equals < 1) throw usage(setting, "write it as name=value, e.g. wal=synced");
  return [setting.slice(0, equals), setting.slice(equals + 1)];
}

function usage(setting: string, reason: string): StoreError {
  return new StoreError(`Cannot set ${JSON.stringify(setting)}: ${reason}`, "open", "usage");
}
