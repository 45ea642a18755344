import assert from "node:assert/strict";
import plugin from "./import_table.ts";

const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);

/** What the rule says of a file of the project. */
function lint(file: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, ROOT + file, source)
    .filter((diagnostic) => diagnostic.id === "tidemark/import-table")
    .map((diagnostic) => `${diagnostic.message}. ${diagnostic.hint}`);
}

const fine: [file: string, specifier: string][] = [
  ["main.ts", "./src/cli/main.ts"],
  ["src/cli/report.ts", "../report/mod.ts"],
  ["src/cli/program.ts", "./commands/bench/command.ts"],
  ["src/cli/commands/bench/command.ts", "./action.ts"],
  ["src/cli/commands/bench/action.ts", "../../gate.ts"],
  ["src/cli/commands/bench/action.ts", "../../../run/mod.ts"],
  ["src/cli/bench.ts", "../../suites/baseline.ts"],
  ["src/cli/program.ts", "../../deno.json"],
  ["src/cli/bench_test.ts", "../stats/mod.ts"],
  ["suites/baseline.ts", "../src/mod.ts"],
  ["suites/baseline.ts", "./published_figures.json"],
  ["src/mod.ts", "./suite/mod.ts"],
  ["src/mod.ts", "./result/mod.ts"],
  ["src/report/plots/axis.ts", "../../analysis/mod.ts"],
  ["src/report/plots/axis.ts", "../document.ts"],
  ["src/report/plots/axis.ts", "../../report/document.ts"],
  ["src/run/child.ts", "../measure/mod.ts"],
  ["src/result/read.ts", "./schema.ts"],
  ["src/store/catalog.ts", "../result/variant.ts"],
  ["src/report/history/site.ts", "../plots/mod.ts"],
  ["src/stats/estimate_test.ts", "../result/schema.ts"],
  ["src/report/html/page_test.tsx", "../../result/schema.ts"],
  ["src/measure/tax_bench.ts", "../store/raw/mod.ts"],
  ["src/run/run_test.ts", "../measure/_testing/fake_clock.ts"],
  ["src/run/run_bench.ts", "../measure/_testing/fake_clock.ts"],
  ["src/run/_testing/sample.ts", "../../measure/_testing/fake_clock.ts"],
  ["src/stats/_testing/sample.ts", "../../result/mod.ts"],
  ["src/stats/estimate_test.ts", "../_testing/environment.ts"],
  ["nix/tests/_testing/tools.ts", "../../../src/_testing/environment.ts"],
  ["src/stats/estimate.ts", "simple-statistics"],
  ["src/stats/estimate.ts", "node:assert/strict"],
  ["src/stats/estimate.ts", "@std/fmt/bytes"],
  ["src/deps/std.ts", "npm:deno-std@1.4.0/fmt/bytes"],
];
Deno.test.each(fine)("import-table lets %s import %s", (file, specifier) => {
  assert.deepEqual(lint(file, `import x from "${specifier}";`), []);
});

const wrong: [file: string, specifier: string, message: RegExp][] = [
  [
    "main.ts",
    "./src/report/mod.ts",
    /^main\.ts may not import src\/report\. It may import src\/cli;/,
  ],
  [
    "suites/baseline.ts",
    "../src/suite/mod.ts",
    /^suites may not import src\/suite\. .* src\/mod\.ts;/,
  ],
  ["src/mod.ts", "./run/mod.ts", /^src\/mod\.ts may not import src\/run\./],
  [
    "src/stats/a.ts",
    "../result/mod.ts",
    /^src\/stats may .* It may import nothing else of the proj/,
  ],
  ["src/stats/a.ts", "./../result/mod.ts", /^src\/stats may not import src\/result/],
  ["src/stats/a_bench.ts", "../result/mod.ts", /^src\/stats may not import src\/result/],
  [
    "src/stats/a_test.ts",
    "../workload/mod.ts",
    /^src\/stats may .* It may import src\/result, src\/_testing;/,
  ],
  ["src/report/plots/a.ts", "../../run/mod.ts", /^src\/report may not import src\/run/],
  ["src/analysis/a.ts", "../report/mod.ts", /^src\/analysis may not import src\/report/],
  ["src/result/a.ts", "../mod.ts", /^src\/result may not import src\/mod\.ts/],
  [
    "src/cli/commands/nightly/action.ts",
    "../bench/action.ts",
    /^src\/cli\/commands\/nightly\/action\.ts may not import what is the command bench's own/,
  ],
  ["src/cli/gate.ts", "./commands/compare/command.ts", /what is the command compare's own/],
  ["src/cli/a.ts", "../../main.ts", /^src\/cli may not import main\.ts/],
  [
    "src/measure/a.ts",
    "./_testing/fake_clock.ts",
    /^src\/measure\/a\.ts may not import what only tests use\. Move/,
  ],
  ["src/cli/a.ts", "../measure/_testing/fake_clock.ts", /may not import what only tests use/],
  [
    "src/report/a.ts",
    "../result/schema.ts",
    /^src\/report\/a\.ts may not import src\/result\/schema\.ts\. Import src\/result\/mod\.ts,/,
  ],
  ["src/cli/a.ts", "../report/history/mod.ts", /\. Import src\/report\/mod\.ts,/],
  ["main.ts", "./src/cli/program.ts", /^main\.ts may not import src\/cli\/program\.ts/],
  ["src/run/a.ts", "../cli/a.ts", /^src\/run may not import src\/cli/],
  ["src/run/a.ts", "../../suites/baseline.ts", /^src\/run may not import suites/],
  ["src/report/a.ts", "../../deno.json", /^src\/report may not import deno\.json/],
  ["src/lint/a.ts", "../deps/std.ts", /^src\/lint may not import src\/deps/],
  ["nix/tests/a.ts", "../../src/result/mod.ts", /^nix may not import src\/result/],
  ["src/stats/a.ts", "npm:valibot@1", /^A third-party module is imported by its address\. Give it/],
  ["src/stats/a_test.ts", "jsr:@std/assert", /^A third-party module is imported by its address/],
  ["suites/a.ts", "https://example.org/x.ts", /^A third-party module is imported by its address/],
  ["src/stats/a.ts", "/src/result/mod.ts", /^A module is imported by an absolute path\. Write/],
  ["src/stats/a.ts", "file:///src/result/mod.ts", /^A module is imported by an absolute path/],
];
Deno.test.each(wrong)("import-table does not let %s import %s", (file, specifier, message) => {
  const said = lint(file, `import x from "${specifier}";`);
  assert.equal(said.length, 1);
  assert.match(said[0]!, message);
});

const forms: string[] = [
  `import "../result/mod.ts";`,
  `import type { Result } from "../result/mod.ts";`,
  `import type { Result } from '../result/mod.ts';`,
  `export * from "../result/mod.ts";`,
  `export * as result from "../result/mod.ts";`,
  `export { Result } from "../result/mod.ts";`,
  `export type { Result } from "../result/mod.ts";`,
  `await import("../result/mod.ts");`,
  "const load = () => import(`../result/mod.ts`);",
  `type Result = import("../result/mod.ts").Result;`,
];
Deno.test.each(forms)("import-table sees %s", (source) => {
  assert.equal(lint("src/stats/a.ts", source).length, 1);
});

Deno.test("import-table leaves alone what is only known when it runs, and exports without a source", () => {
  assert.deepEqual(
    lint(
      "src/stats/a.ts",
      "await import(path); await import(`../${name}.ts`); export const a = 1;",
    ),
    [],
  );
});

Deno.test("import-table says where to add a folder that is new", () => {
  assert.deepEqual(lint("src/magic/a.ts", "export const a = 1;"), [
    "src/magic is not in the import table. " +
    "Add it, with what it may import, to TABLE in src/lint/import_table.ts",
  ]);
  assert.equal(lint("src/toString/a.ts", "").length, 1);
  assert.equal(lint("src/loose.ts", "").length, 1);
});

Deno.test("import-table leaves alone files outside the project", () => {
  assert.deepEqual(
    Deno.lint.runPlugin(plugin, "/elsewhere/src/stats/a.ts", `import "../result/mod.ts";`),
    [],
  );
});
