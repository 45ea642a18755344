import assert from "node:assert/strict";
import { type Remark, type Tell, tellAll, textsOf } from "./mod.ts";

function remark(id: string, numbers: Record<string, number> = {}): Remark {
  return {
    id,
    topic: "numbers",
    severity: "info",
    about: [],
    condition: "the number is there",
    numbers,
    text: `There is ${id}.`,
  };
}

const even: Tell<number> = (value) => value % 2 === 0 ? remark("even", { value }) : null;
const large: Tell<number> = (value) => value > 9 ? [remark("large"), remark("long")] : [];

Deno.test("tellAll() gives what holds, one or several from each, in the tellers' order", () => {
  const ids = (value: number) => tellAll([large, even], value).map(({ id }) => id);
  assert.deepEqual(ids(3), []);
  assert.deepEqual(ids(4), ["even"]);
  assert.deepEqual(ids(12), ["large", "long", "even"]);
  assert.deepEqual(tellAll([even], 12)[0]!.numbers, { value: 12 });
});

Deno.test("textsOf() gives the sentences", () => {
  assert.deepEqual(textsOf(tellAll([large, even], 12)), [
    "There is large.",
    "There is long.",
    "There is even.",
  ]);
});
