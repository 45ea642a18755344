import assert from "node:assert/strict";
import plugin from "./import_table.ts";

const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);

/** The values that the rule complains of in a source. */
function lint(source: string, file = "src/stats/a.ts"): string[] {
  return Deno.lint.runPlugin(plugin, ROOT + file, source)
    .filter(({ id }) => id === "tidemark/whole-sentences")
    .map(({ range: [from, to] }) => source.slice(from, to));
}

const torn: [source: string, values: string[]][] = [
  ["const a = `There are ${\n  many(1)\n} of them`;", ["many(1)"]],
  ["const a = `There are ${ \n  many(1)\n} of ${\n  these\n}`;", ["many(1)", "these"]],
  ["const a = html`<b>${\n  name\n}</b>`;", ["name"]],
  ["const a = `${one} and ${\n  many(`of ${two}`)\n}`;", ["many(`of ${two}`)"]],
  ["const a = `all ${f(`of ${\n  them\n}`)}`;", ["them"]],
];
Deno.test.each(torn)("whole-sentences does not let %j pass", (source, values) => {
  assert.deepEqual(lint(source), values);
});

const whole: string[] = [
  "const a = `There are ${many(1)} of them`;",
  "const a = `first\n${second}\nthird`;",
  "const a = `${one} and ` +\n  `${two}`;",
  "const a = `<ul>${items.map((item) =>\n  item.text\n)}</ul>`;",
  "const a = 'no ${\n  template\n}';".replaceAll("\n", " "),
];
Deno.test.each(whole)("whole-sentences lets %j pass", (source) => {
  assert.deepEqual(lint(source), []);
});
