import assert from "node:assert/strict";
import plugin from "./import_table.ts";

const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);

/** What the rule says of a source. */
function lint(source: string, file = "src/stats/a.ts"): string[] {
  return Deno.lint.runPlugin(plugin, ROOT + file, source)
    .filter((diagnostic) => diagnostic.id === "tidemark/docstring")
    .map((diagnostic) => diagnostic.message);
}

const declarations: [name: string, source: string][] = [
  ["f", "export function f() {}"],
  ["f", "export async function* f() {}"],
  ["C", "export class C {}"],
  ["C", "export abstract class C {}"],
  ["I", "export interface I {}"],
  ["T", "export type T = 1;"],
  ["E", "export enum E { A }"],
  ["a", "export const a = 1;"],
  ["a", "export let a = 1, b = 2;"],
  ["g", "export declare function g(): void;"],
];
Deno.test.each(declarations)("docstring asks for one of %s in %s", (name, source) => {
  assert.deepEqual(lint(source), [`The export ${name} has no docstring`]);
  assert.deepEqual(lint(`/** What. */\n${source}`), []);
  assert.deepEqual(lint(`/** What. */\n// deno-lint-ignore x\n${source}`), []);
  assert.deepEqual(lint(`/** What. */ ${source}`), []);
});

const undocumented: string[] = [
  "/* What. */\nexport const a = 1;",
  "// What.\nexport const a = 1;",
  "/** Of b. */\nconst b = 1;\nexport const a = b;",
  "export const a = 1; /** After. */",
  "export const a = () => {\n  /** Inside. */\n};",
];
Deno.test.each(undocumented)("docstring does not take another comment for one: %j", (source) => {
  assert.deepEqual(lint(source), ["The export a has no docstring"]);
});

const fine: string[] = [
  "/** What. */\nexport const T = 1;\nexport type T = typeof T;",
  "/** What. */\nexport function f(a: 1): 1;\nexport function f(a: 2): 2;\nexport function f(a: 1 | 2) { return a; }",
  "function f() {}\nexport { f };",
  `export * from "./b.ts";`,
  "const a = 1;\nexport default a;",
];
Deno.test.each(fine)("docstring asks for no more in %j", (source) => {
  assert.deepEqual(lint(source), []);
});

Deno.test("docstring leaves tests, benches and declaration files alone", () => {
  assert.deepEqual(lint("export const a = 1;", "src/stats/a_test.ts"), []);
  assert.deepEqual(lint("export const a = 1;", "src/stats/a_test.tsx"), []);
  assert.deepEqual(lint("export const a = 1;", "src/stats/a_bench.ts"), []);
  assert.deepEqual(lint("export const a: 1;", "src/deps/a.d.ts"), []);
});
