import assert from "node:assert/strict";
import plugin from "./import_table.ts";

const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);

/** What the rule says of a source. */
function lint(source: string): string[] {
  return Deno.lint.runPlugin(plugin, `${ROOT}src/stats/a.ts`, source)
    .filter((diagnostic) => diagnostic.id === "tidemark/jsdoc-tags")
    .map(({ message, hint }) => `${message}. ${hint}`);
}

const wrong: [comment: string, hint: RegExp][] = [
  ["/** @param n observations. */", /^@param is not written as elsewhere\. .* capital letter$/],
  ["/**\n * What.\n *\n * @param n observations.\n */", /^@param .* capital letter$/],
  ["/**\n * @param n\n *   observations.\n */", /^@param .* capital letter$/],
  ["/** @param {number} n Observations. */", /the type stands in the code$/],
  ["/** @param n - Observations. */", /the type stands in the code$/],
  ["/** @return Observations. */", /^@return .* Write @returns$/],
  ["/** @returns observations. */", /^@returns .* capital letter$/],
  ["/** @throws {RangeError} on no values. */", /^@throws .* capital letter$/],
  ["/** @throws {RangeError}, {TypeError} on no values. */", /^@throws .* capital letter$/],
  ["/** @throws as Deno does. */", /^@throws .* capital letter$/],
  ["/** How many. @default {3} */", /^@default .* without braces$/],
];
Deno.test.each(wrong)("jsdoc-tags does not let %j pass", (comment, hint) => {
  const said = lint(`${comment}\nexport const a = 1;`);
  assert.equal(said.length, 1);
  assert.match(said[0]!, hint);
});

const fine: string[] = [
  "/** @param n Observations. */",
  "/** @param n `null` where there are none. */",
  "/** @param n 0 is the newest. */",
  "/** @returns What it found. */",
  "/** @throws {RangeError} On no values. */",
  "/** @throws {RangeError}, {TypeError} On no values. */",
  "/** @throws As Deno does. */",
  "/** How many. @default 3 */",
  "/** How many. @default the profile's */",
  "/** Which. @default {@linkcode b} */",
  "// @param n observations.",
  "/* @param n observations. */",
];
Deno.test.each(fine)("jsdoc-tags lets %j pass", (comment) => {
  assert.deepEqual(lint(`${comment}\nexport const a = 1;`), []);
});

Deno.test("jsdoc-tags points at each tag", () => {
  const source = "/** @param a what. @param b what. */\nexport const a = 1;";
  const ranges = Deno.lint.runPlugin(plugin, `${ROOT}src/stats/a.ts`, source)
    .filter(({ id }) => id === "tidemark/jsdoc-tags")
    .map(({ range: [from, to] }) => source.slice(from, to));
  assert.deepEqual(ranges, ["@param", "@param"]);
});
