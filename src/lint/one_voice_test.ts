import assert from "node:assert/strict";
import plugin from "./import_table.ts";

/** What the rule says of a file's source. */
function lint(file: string, source: string): string[] {
  return Deno.lint.runPlugin(plugin, `/project/${file}`, source)
    .filter(({ id }) => id === "tidemark/one-voice").map(({ message }) => message);
}

const PRINTS = ["console.log(x)", "console.error(x)", "Deno.stdout.writeSync(x)", "f(Deno.stderr)"];

Deno.test("one-voice finds what production prints by itself", () => {
  for (const source of PRINTS) {
    for (const file of ["src/cli/bench.ts", "src/report/a/b.ts", "suites/baseline.ts"]) {
      assert.equal(lint(file, source).length, 1, `${file}: ${source}`);
    }
  }
  assert.match(lint("src/a/b.ts", PRINTS[0]!)[0]!, /^console\.log prints past the one function/);
});

Deno.test("one-voice lets tests, benches, protocols and the streams themselves print", () => {
  for (
    const file of ["a_test.ts", "b_bench.ts", "_testing/c.ts"].map((name) => `src/x/${name}`)
      .concat("src/cli/streams.ts", "src/run/child.ts")
  ) {
    for (const source of PRINTS) assert.deepEqual(lint(file, source), [], file);
  }
  assert.deepEqual(lint("src/a/b.ts", "streams.error(x); console.assert(x)"), []);
});
