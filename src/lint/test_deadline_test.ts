// deno-lint-ignore-file tidemark/test-deadline -- what starts processes here is only in texts
import assert from "node:assert/strict";
import plugin from "./import_table.ts";

const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);

/** On which lines the rule misses a deadline. */
function lint(file: string, source: string): number[] {
  return Deno.lint.runPlugin(plugin, ROOT + file, source)
    .filter((diagnostic) => diagnostic.id === "tidemark/test-deadline")
    .map(({ range }) => source.slice(0, range[0]).split("\n").length);
}

const without: string[] = [
  `Deno.test("a", () => {});`,
  `Deno.test("timeout", () => {});`,
  `Deno.test("a", withFolder(async (cwd) => {}));`,
  `Deno.test("a", { ignore: true }, () => {});`,
  `Deno.test({ name: "timeout", fn() {} });`,
  `Deno.test({ name: "a", async fn() { await run({ timeout: 1 }); } });`,
  `Deno.test({ name: "a", fn: () => run({ timeout: 1 }) });`,
  `Deno.test.ignore("a", () => {});`,
  `Deno.test.each([[1]])("a %d", () => {});`,
];
Deno.test.each(without)("test-deadline does not let %j pass in an end-to-end test", (source) => {
  assert.deepEqual(lint("src/cli/e2e/a_e2e_test.ts", source), [1]);
});

const fine: string[] = [
  `Deno.test("a", { timeout: 1 }, () => {});`,
  `Deno.test("a", { timeout }, () => {});`,
  `Deno.test({ name: "a", timeout: 1, fn() {} });`,
  `Deno.test.each([[1]])("a %d", { timeout: 1 }, () => {});`,
  `Deno.bench("a", () => {});`,
  `test("a", () => {});`,
];
Deno.test.each(fine)("test-deadline lets %j pass", (source) => {
  assert.deepEqual(lint("src/cli/e2e/a_e2e_test.ts", source), []);
});

const starts: string[] = [
  `new Deno.Command("true").outputSync();`,
  `new Worker("a.ts", { type: "module" });`,
  `import { run } from "../_testing/child.ts";`,
  `import { localNode } from "./_testing/local_transport.ts";`,
];
Deno.test.each(starts)("test-deadline asks an ordinary test for one that has %s", (source) => {
  assert.deepEqual(lint("src/run/a_test.ts", `${source}\n${without[0]}`), [2]);
  assert.deepEqual(lint("src/run/_testing/a.ts", `${source}\n${without[0]}`), [2]);
});

Deno.test("test-deadline leaves alone what starts no process, and what is no test", () => {
  assert.deepEqual(lint("src/run/a_test.ts", without[0]!), []);
  assert.deepEqual(lint("src/run/a.ts", `${starts[0]}\n${without[0]}`), []);
});
