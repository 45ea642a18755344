/** The short core of the fuzzers: a few hundred inputs of each; `deno task test:fuzz` has the rest. */
import assert from "node:assert/strict";
import { inFolder } from "../_testing/folder.ts";
import { type Finding, fuzz, inputOf } from "./fuzz_loop.ts";
import { TARGETS } from "./targets/all.ts";
import { Random } from "../stats/mod.ts";

/** How long each may take, ms; the inputs come first. */
const MOST_MS = 1500;
const INPUTS = 150;

for (const target of TARGETS) {
  Deno.test(`fuzz() finds nothing in ${target.name} in a second`, async () => {
    await inFolder(async (folder) => {
      const findings: Finding[] = [];
      const start = performance.now();
      const counts = await fuzz(target, {
        seed: 1,
        folder,
        goOn: ({ inputs }) => inputs < INPUTS && performance.now() - start < MOST_MS,
        onFinding: (finding) => findings.push(finding),
      });
      assert.deepEqual(findings, []);
      const { inputs, accepted, refused } = counts;
      assert.equal(accepted + refused, inputs);
      assert.ok(
        inputs < 50 || accepted > 0 && refused > 0,
        `${accepted} and ${refused} say little`,
      );
    });
  });

  Deno.test(`every seed of the fuzzer of ${target.name} is accepted as it is`, async () => {
    await inFolder(async (folder) => {
      for (const seed of target.seeds()) {
        const inside = Deno.makeTempDirSync({ dir: folder });
        try {
          await target.read(new TextEncoder().encode(seed), inside, new Random(1));
        } catch (error) {
          // What a node says may be that it refuses; it is read all the same.
          assert.match(String(error), /ResultError: node01 is (refused|incomplete)/);
        }
      }
    });
  });
}

Deno.test("inputOf() makes the same input again from target, seed and number", () => {
  for (const target of TARGETS) {
    const [a, b] = [inputOf(target, 7, 3), inputOf(target, 7, 3)];
    assert.deepEqual(a, b);
    assert.notDeepEqual(
      Array.from({ length: 9 }, (_, i) => inputOf(target, 7, i)),
      Array(9).fill(a),
    );
  }
});
