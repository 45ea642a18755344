/** JSON that other tools wrote: found in a text, and held against what is read of it. */
import * as v from "valibot";
import { FIRST_ISSUE } from "../result/mod.ts";
import { eachOutput } from "./each_output.ts";
import { cannotImport, shown } from "./import_error.ts";
import type { Imported } from "./imported.ts";
import type { TextFile } from "./text_file.ts";

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

/** The most objects that a file may have one after the other. */
const MOST_OBJECTS = 10_000;

/** The objects in a text, one after the other, each with the line from 1 that it begins in. */
export function objectsIn(text: string): { text: string; line: number }[] {
  if (parsed(text) !== undefined) return [{ text, line: 1 }];
  const found: { text: string; line: number }[] = [];
  let at = text.search(/^\{/m);
  let [line, seen] = [1, 0];
  while (at >= 0 && found.length < MOST_OBJECTS) {
    const end = at + objectFrom(text.slice(at)).end;
    line += text.slice(seen, at).split("\n").length - 1;
    found.push({ text: text.slice(at, end), line });
    seen = at;
    const next = text.slice(end).search(/^\s*\{/m);
    at = next < 0 ? -1 : end + next + text.slice(end + next).search(/\{/);
  }
  return found;
}

/**
 * The outputs in a file to which several processes may have written one after the other. One that
 * cannot be read costs itself.
 *
 * @throws {ResultError} Where none can be read.
 */
export function eachObject(
  file: TextFile,
  parse: (file: TextFile) => Imported | Imported[],
): Imported[] {
  const objects = objectsIn(file.text);
  if (objects.length < 2) return [parse(file)].flat();
  const outputs = objects.map(({ text, line }) => ({ ...file, text, firstLine: line }));
  return eachOutput(file, outputs, parse);
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
  const second = objectsIn(text)[1];
  if (second !== undefined) {
    throw cannotImport(
      source.path,
      "another output begins here; import each from a file of its own",
      {
        line: second.line,
      },
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
