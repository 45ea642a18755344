import assert from "node:assert/strict";
import * as v from "valibot";
import { FIRST_ISSUE, issueText } from "./issue.ts";

const Schema = v.strictObject({
  text: v.string(),
  count: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(9)),
  share: v.pipe(v.number(), v.finite(), v.gtValue(0)),
  list: v.pipe(v.array(v.nullable(v.boolean())), v.maxLength(2)),
  either: v.union([v.string(), v.number()]),
  choice: v.picklist(["smoke", "quick", "baseline"]),
  name: v.pipe(v.string(), v.regex(/^[a-z]+$/)),
  own: v.pipe(v.string(), v.regex(/^[a-z]+$/, "Write small letters")),
  deep: v.optional(v.record(v.string(), v.looseObject({ at: v.number() }))),
});
const SOUND = {
  text: "",
  count: 1,
  share: 0.5,
  list: [true],
  either: 1,
  choice: "quick",
  name: "a",
  own: "a",
};

const CASES: [change: object, text: string][] = [
  [{ text: 1 }, "text: it is 1, and has to be a text"],
  [{ text: undefined }, "text: it is missing"],
  [{ text: null }, "text: it is null, and has to be a text"],
  [{ text: {} }, "text: it is an object, and has to be a text"],
  [{ count: "1" }, 'count: it is "1", and has to be a number'],
  [{ count: 1.5 }, "count: it is 1.5, and has to be a whole number"],
  [{ count: -1 }, "count: it is -1, and has to be 0 or more"],
  [{ count: 10 }, "count: it is 10, and has to be 9 or less"],
  [{ share: Infinity }, "share: it is Infinity, and has to be a finite number"],
  [{ share: 0 }, "share: it is 0, and has to be above 0"],
  [{ list: {} }, "list: it is an object, and has to be a list"],
  [{ list: [1] }, "list.0: it is 1, and has to be true or false"],
  [{ list: [null, null, null] }, "list: it is 3, and has to be 2 long or shorter"],
  [{ either: [] }, "either: it is a list, and has to be a text or a number"],
  [{ choice: "nightly" }, 'choice: it is "nightly", and has to be "smoke", "quick" or "baseline"'],
  [{ name: "A" }, 'name: it is "A", and has to be of another form'],
  [{ own: "A" }, "own: write small letters"],
  [{ deep: { a: { at: "x" } } }, 'deep.a.at: it is "x", and has to be a number'],
  [{ other: 1 }, "other: it is not known here"],
  [{ text: "x".repeat(9), name: "B".repeat(100_000) }, `name: it is "${"B".repeat(79)}…, and has`],
];

for (const [change, text] of CASES) {
  Deno.test(`issueText() says in words of its own: ${text}`, () => {
    const parsed = v.safeParse(Schema, { ...SOUND, ...change }, FIRST_ISSUE);
    assert.ok(!parsed.success);
    const said = issueText(parsed.issues);
    assert.ok(said.startsWith(text), said);
    if (!text.endsWith("has")) assert.equal(said, text);
    assert.doesNotMatch(said, /Invalid|Expected|received|\^\[/);
  });
}

Deno.test("issueText() calls the whole what it is told to", () => {
  const parsed = v.safeParse(Schema, null, FIRST_ISSUE);
  assert.ok(!parsed.success);
  assert.equal(issueText(parsed.issues), "it is null, and has to be an object");
  assert.equal(
    issueText(parsed.issues, "the file"),
    "the file: it is null, and has to be an object",
  );
});
