/** JSON that other tools wrote: found in a text, and held against what is read of it. */
import * as v from "valibot";
import { FIRST_ISSUE } from "../result/mod.ts";
import { cannotImport, shown } from "./import_error.ts";

/** An object of JSON, of which nothing is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value of JSON is an object, and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a text is to be JSON, whole or not: its first letter, or a line's, opens an object. */
export function looksLikeJson(text: string): boolean {
  return /^\s*\{/.test(text) || /^\{/m.test(text);
}

/**
 * The object in a text that is JSON, or has some: fio prints errors before it and figures for people
 * after it, and a benchmark may print to the same place. Numbers that Python, C++ and C have and JSON
 * has not (`NaN`, `-Infinity`, `nan`) come as texts, and so are no number to any reader.
 *
 * @returns `null` where there is none, or it is cut off.
 */
export function jsonObjectIn(text: string): JsonObject | null {
  const whole = parsed(text);
  if (whole !== undefined) return isObject(whole) ? whole : null;
  const start = text.search(/^\{/m);
  if (start < 0) return null;
  const object = parsed(objectFrom(text.slice(start)).text);
  return isObject(object) ? object : null;
}

/** Where in a text a second object begins after its first one, as a line from 1; `null` for none. */
export function secondObjectIn(text: string): number | null {
  if (parsed(text) !== undefined) return null;
  const start = text.search(/^\{/m);
  if (start < 0) return null;
  const end = start + objectFrom(text.slice(start)).end;
  const next = text.slice(end).search(/^\s*\{/m);
  if (next < 0) return null;
  const at = end + next + text.slice(end + next).search(/\{/);
  return text.slice(0, at).split("\n").length;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A string (or what is left of one), a brace, or a number that JSON does not have. */
const TOKEN = /"[^"\\]*(?:\\[^][^"\\]*)*(?:"|\\?$)|[{}]|-?\b(?:NaN|nan|Infinity|inf)\b/g;

/** The object that a text begins with, its foreign numbers as strings, and where it ends. */
function objectFrom(text: string): { text: string; end: number } {
  const parts: string[] = [];
  let depth = 0;
  let copied = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token === "{") depth++;
    else if (token === "}") depth--;
    else if (!token.startsWith('"')) {
      parts.push(text.slice(copied, index), `"${token}"`);
      copied = index + token.length;
    }
    if (depth === 0) {
      parts.push(text.slice(copied, index + 1));
      return { text: parts.join(""), end: index + 1 };
    }
  }
  return { text: "", end: text.length };
}

/** What is said of JSON that is not of its tool's form. */
export interface Source {
  path: string;
  /** Who wrote it, and since when so, e.g. `criterion 0.3.3 or later`. */
  writer: string;
  /** How to mend it, e.g. `run cargo bench again`. */
  mend: string;
}

/**
 * The JSON of a file, of the form that its tool gives it.
 *
 * @throws {ResultError} Where it is no whole JSON, several ones, or of another form; with the place in
 * it.
 */
export function parseJson<T extends v.GenericSchema>(
  schema: T,
  text: string,
  source: Source,
): v.InferOutput<T> {
  const json = jsonObjectIn(text);
  if (json === null) {
    throw cannotImport(source.path, `it is no whole JSON; ${source.mend}`);
  }
  const second = secondObjectIn(text);
  if (second !== null) {
    throw cannotImport(
      source.path,
      "another output begins here; import each from a file of its own, or of totals that grow the " +
        "last alone",
      { line: second },
    );
  }
  const result = v.safeParse(schema, json, FIRST_ISSUE);
  if (result.success) return result.output;
  const where = v.getDotPath(result.issues[0]);
  throw cannotImport(
    source.path,
    `${where === null ? "its content" : shown(where)} is not what ${source.writer} writes; ` +
      source.mend,
  );
}

/**
 * A part of a file's JSON, of the form that its tool gives it.
 *
 * @param where Its place in the file, e.g. `jobs.0.read`.
 * @throws {ResultError} Where it is of another form; with the place in it.
 */
export function holdPart<T extends v.GenericSchema>(
  schema: T,
  part: unknown,
  where: string,
  { path, writer, mend }: Source,
): v.InferOutput<T> {
  const parsed = v.safeParse(schema, part, FIRST_ISSUE);
  if (parsed.success) return parsed.output;
  const inside = v.getDotPath(parsed.issues[0]);
  const place = shown(inside === null ? where : `${where}.${inside}`);
  throw cannotImport(path, `${place} is not what ${writer} writes; ${mend}`);
}
