/**
 * Mutations of real inputs, seeded: the same generator in the same state makes the same input. They
 * know lines and JSON, so that what they make is often read far into before it is refused.
 */
import type { Random } from "../stats/mod.ts";
import { PIECES } from "../importers/_testing/pieces.ts";
import { HOSTILE_NUMBERS, HOSTILE_TEXTS } from "./hostile.ts";

/** One of several. */
export function pick<T>(random: Random, all: readonly T[]): T {
  return all[random.below(all.length)]!;
}

/** Whether something is to be, with a probability. */
export function chance(random: Random, probability: number): boolean {
  return random.uniform() < probability;
}

type Mutation = (text: string, random: Random, foreign: readonly string[]) => string;

/** How many mutations an input has: with few it is read far into, with many as nothing foresees. */
const TIMES = [1, 1, 1, 2, 2, 3, 5];

/** The largest input that is made, letters: mutations that double must not grow it for ever. */
const MOST_LETTERS = 4_000_000;

/**
 * Mutates a text.
 *
 * @param foreign Texts of other inputs, from which lines and pieces are taken.
 * @returns Its bytes, which need not be UTF-8 any more.
 */
export function mutate(text: string, random: Random, foreign: readonly string[]): Uint8Array {
  let mutated = text;
  for (let times = pick(random, TIMES); times > 0; times--) {
    mutated = pick(random, MUTATIONS)(mutated, random, foreign).slice(0, MOST_LETTERS);
  }
  const bytes = new TextEncoder().encode(mutated);
  if (bytes.length > 0 && chance(random, 0.1)) flipBits(bytes, random);
  return bytes;
}

/** Flips some bits, in one place more often than everywhere. */
export function flipBits(bytes: Uint8Array, random: Random): void {
  for (let flips = 1 + random.below(chance(random, 0.2) ? 20 : 2); flips > 0; flips--) {
    bytes[random.below(bytes.length)]! ^= 1 << random.below(8);
  }
}

/** A place in a text, more often than not where something begins. */
function place(text: string, random: Random): number {
  return random.below(text.length + 1);
}

const putPiece: Mutation = (text, random) => {
  const start = place(text, random);
  const count = chance(random, 0.5) ? 0 : random.below(40);
  return text.slice(0, start) + pick(random, PIECES) + text.slice(start + count);
};

const putNumber: Mutation = (text, random) => {
  const start = place(text, random);
  const put = chance(random, 0.5) ? pick(random, HOSTILE_NUMBERS) : pick(random, PIECES);
  return text.slice(0, start) + text.slice(start).replace(/-?\d[\d.e+-]*/, () => put);
};

/** A figure becomes another one that could be: a digit more, less, or other. */
const changeDigit: Mutation = (text, random) => {
  const start = place(text, random);
  const digit = String(random.below(10));
  const put = pick(random, [digit, "", digit + digit, `.${digit}`, `-${digit}`]);
  return text.slice(0, start) + text.slice(start).replace(/\d/, () => put);
};

const cut: Mutation = (text, random) => text.slice(0, place(text, random));
const cutHead: Mutation = (text, random) => text.slice(place(text, random));

const cutMiddle: Mutation = (text, random) => {
  const start = place(text, random);
  return text.slice(0, start) + text.slice(start + random.below(200));
};

/** Lines doubled, taken out, put elsewhere, or from another file. */
const moveLines: Mutation = (text, random, foreign) => {
  const lines = text.split("\n");
  const from = random.below(lines.length);
  const count = 1 + random.below(3);
  const to = random.below(lines.length + 1);
  switch (random.below(6)) {
    case 0:
      return lines.toSpliced(to, 0, ...lines.slice(from, from + count)).join("\n");
    case 1:
      return lines.toSpliced(from, count).join("\n");
    case 2: {
      const taken = lines.splice(from, count);
      return lines.toSpliced(to, 0, ...taken).join("\n");
    }
    case 3: {
      const other = pick(random, foreign).split("\n");
      const at = random.below(other.length);
      return lines.toSpliced(to, 0, ...other.slice(at, at + count)).join("\n");
    }
    case 4:
      return random.shuffle(lines).join("\n");
    default:
      return lines.map((line) => [line, line]).flat().join("\n");
  }
};

const doubled: Mutation = (text, random, foreign) =>
  text + (chance(random, 0.5) ? text : pick(random, foreign));

const lineEnds: Mutation = (text, random) =>
  text.replaceAll("\n", pick(random, ["\r\n", "\r", "\n\n", " \n", "\0\n", ""]));

const repeated: Mutation = (text, random) => {
  const start = place(text, random);
  const piece = text.slice(start, start + 1 + random.below(60));
  return text.slice(0, start) + piece.repeat(1 + random.below(2000)) + text.slice(start);
};

/** Some figures a little off: what is read with all checks passed, and must still be right. */
const nearNumbers: Mutation = (text, random) => {
  const share = pick(random, [0.001, 0.01, 0.3]);
  return text.replace(
    /([:,[\s])(\d+(?:\.\d+)?)(?=[,\]}\s])/g,
    (all, before, number) =>
      chance(random, share)
        ? `${before}${Number((Number(number) * (0.5 + random.uniform())).toPrecision(6))}`
        : all,
  );
};

/** JSON: the whole text where it is some, else one of its lines. */
const mutateJson: Mutation = (text, random) => {
  if (text.length < 2_000_000 && /^\s*[[{]/.test(text)) {
    const whole = mutatedJson(text, random);
    if (whole !== undefined) return whole;
  }
  const lines = text.split("\n");
  for (let tries = 0; tries < 5; tries++) {
    const at = random.below(lines.length);
    const line = mutatedJson(lines[at]!, random);
    if (line !== undefined) return lines.with(at, line).join("\n");
  }
  return putPiece(text, random, []);
};

/** Those that know what the text is are taken more often. */
const MUTATIONS: readonly Mutation[] = [
  ...Array<Mutation>(6).fill(mutateJson),
  ...Array<Mutation>(3).fill(moveLines),
  ...Array<Mutation>(4).fill(nearNumbers),
  ...Array<Mutation>(2).fill(putNumber),
  ...Array<Mutation>(2).fill(changeDigit),
  putPiece,
  putPiece,
  cut,
  cutHead,
  cutMiddle,
  doubled,
  lineEnds,
  repeated,
];

/** A text whose place in JSON is taken by something that JSON.stringify cannot write. */
const RAW = "@raw-6f1d@";

/** A mutated JSON text, or `undefined` where it is no JSON. */
function mutatedJson(text: string, random: Random): string | undefined {
  let raw = "";
  try {
    const changed = mutateValue(JSON.parse(text), random, (put) => {
      raw = put;
      return RAW;
    });
    return JSON.stringify(changed)?.replace(`"${RAW}"`, () => raw);
  } catch {
    // It is none, or so deep already that it cannot be written again.
    return undefined;
  }
}

/**
 * Changes a value somewhere: a number, a text, a key, a piece of a list.
 *
 * @param asRaw Gives what stands for a text that the value cannot hold, such as `1e999`.
 * @returns The value, or what takes its place.
 */
export function mutateValue(
  value: unknown,
  random: Random,
  asRaw: (raw: string) => unknown,
): unknown {
  if (typeof value !== "object" || value === null) return changedScalar(value, random, asRaw);
  const keys = Object.keys(value);
  const holder = value as Record<string, unknown>;
  if (keys.length > 0 && chance(random, 0.85)) {
    const key = pick(random, keys);
    const child = mutateValue(holder[key], random, asRaw);
    Object.defineProperty(holder, key, own(child));
    return value;
  }
  if (Array.isArray(value)) return changedList(value, random, asRaw);
  return changedObject(holder, keys, random, asRaw);
}

/** An own property, whatever its name: `__proto__` too. */
function own(value: unknown): PropertyDescriptor {
  return { value, enumerable: true, configurable: true, writable: true };
}

function changedScalar(
  value: unknown,
  random: Random,
  asRaw: (raw: string) => unknown,
): unknown {
  switch (random.below(typeof value === "number" ? 9 : 7)) {
    case 0:
      return pick(random, HOSTILE_TEXTS);
    case 1:
      return asRaw(pick(random, HOSTILE_NUMBERS));
    case 2:
      return pick(random, [null, true, false, {}, [], [null], { __proto__: null, a: 1 }]);
    case 3:
      return asRaw(nested(random));
    case 4:
      return typeof value === "string" ? changedText(value, random) : String(value);
    case 5:
      return [value];
    case 6:
      return undefined;
    default: {
      const number = value as number;
      return pick(random, [
        number * 10,
        number / 10,
        -number,
        number + 1,
        number + 0.5,
        number * 1e9,
      ]);
    }
  }
}

function changedText(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const put = pick(random, HOSTILE_TEXTS);
  return pick(random, [
    text + put,
    put + text,
    text.slice(0, at) + put + text.slice(at),
    text.slice(0, at),
    text.toUpperCase(),
    text + text,
  ]);
}

/** Lists or objects in one another: a reader that goes down one by one may go too deep. */
function nested(random: Random): string {
  const depth = pick(random, [3, 100, 5_000, 100_000]);
  const [open, close] = pick(random, [["[", "]"], ['{"a":', "}"]] as const);
  return open.repeat(depth) + "0" + close.repeat(depth);
}

function changedList(
  list: unknown[],
  random: Random,
  asRaw: (raw: string) => unknown,
): unknown {
  const at = random.below(list.length + 1);
  switch (random.below(6)) {
    case 0:
      return list.toSpliced(at, 1);
    case 1:
      return list.length === 0 ? [0] : list.toSpliced(at, 0, structuredClone(pick(random, list)));
    case 2:
      return random.shuffle(list);
    case 3:
      return [...list, ...structuredClone(list)];
    case 4:
      return [];
    default:
      return changedScalar(list, random, asRaw);
  }
}

function changedObject(
  object: Record<string, unknown>,
  keys: readonly string[],
  random: Random,
  asRaw: (raw: string) => unknown,
): unknown {
  const key = keys.length === 0 ? "a" : pick(random, keys);
  switch (random.below(5)) {
    case 0:
      delete object[key];
      return object;
    case 1: {
      const value = object[key];
      delete object[key];
      Object.defineProperty(object, pick(random, HOSTILE_TEXTS), own(value));
      return object;
    }
    case 2:
      Object.defineProperty(object, pick(random, HOSTILE_TEXTS), own(object[key]));
      return object;
    case 3: {
      // What two fields hold changes places.
      const other = keys.length === 0 ? "a" : pick(random, keys);
      const [a, b] = [object[key], object[other]];
      Object.defineProperty(object, key, own(b));
      Object.defineProperty(object, other, own(a));
      return object;
    }
    default:
      return changedScalar(object, random, asRaw);
  }
}
