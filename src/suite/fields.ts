/** Fields that nobody reads, since their names are slips. */
import type * as v from "valibot";
import { listWithSuggestion } from "../format/mod.ts";

/** A schema of valibot's, as far as its insides are looked at here. */
interface Shape {
  type: string;
  /** Of an object. */
  entries?: Readonly<Record<string, Shape>>;
  /** Of a list. */
  item?: Shape;
  /** Of a record. */
  value?: Shape;
  /** Of what may also be absent or `null`. */
  wrapped?: Shape;
}

/**
 * The first field that a schema does not know, at any depth, with the name that was likely meant.
 *
 * A record that is read again must keep what it does not know; what somebody writes by hand must not,
 * since `element` in the place of `elements` would change what is measured without a word.
 *
 * @param path Names of the value's own place, outermost first.
 * @returns A clause such as `benchmarks.0.sample: there is no such field; did you mean samples?`.
 */
export function unknownField(
  schema: v.GenericSchema,
  value: unknown,
  path: readonly string[] = [],
): string | undefined {
  return unknownIn(schema as unknown as Shape, value, path);
}

function unknownIn(shape: Shape, value: unknown, path: readonly string[]): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (shape.wrapped !== undefined) return unknownIn(shape.wrapped, value, path);
  if (shape.entries !== undefined) {
    const { entries } = shape;
    const names = Object.keys(entries);
    return firstOf(Object.entries(value), ([name, own]) => {
      if (Object.hasOwn(entries, name)) return unknownIn(entries[name]!, own, [...path, name]);
      const where = [...path, name].join(".");
      return `${where}: there is no such field; ${listWithSuggestion(name, names)}`;
    });
  }
  const inner = shape.item ?? (shape.type === "record" ? shape.value : undefined);
  if (inner === undefined) return undefined;
  return firstOf(
    Object.entries(value),
    ([name, own]) => unknownIn(inner, own, [...path, name]),
  );
}

function firstOf<T>(items: readonly T[], find: (item: T) => string | undefined) {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
