import assert from "node:assert/strict";
import { sampleResult, sampleStore } from "../analysis/_testing/sample_result.ts";
import { writeResult } from "../result/mod.ts";
import { fakeStreams } from "./_testing/fake_streams.ts";
import { main } from "./main.ts";

/** Runs a test in a folder with two nights, the second one of which may be slower. */
function withNights(
  factor: number,
  test: (paths: { base: string; candidate: string; folder: string }) => Promise<void>,
): () => Promise<void> {
  return async () => {
    const folder = Deno.makeTempDirSync({ prefix: "tidemark-compare-" });
    try {
      const [base, candidate] = [`${folder}/base.json`, `${folder}/candidate.json`];
      [[base, 1, 1] as const, [candidate, 2, factor] as const].forEach(([path, seed, times]) =>
        writeResult(path, {
          ...sampleResult({
            runs: 5,
            seed,
            stores: [sampleStore("raw", times)],
            observations: 500,
          }),
          id: `night-${seed}`,
        })
      );
      await test({ base, candidate, folder });
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}

Deno.test(
  "main() ends a compare with 1 when something regressed, and writes what was asked for",
  withNights(1.3, async ({ base, candidate, folder }) => {
    const [junit, summary] = [`${folder}/gate.xml`, `${folder}/summary.md`];
    Deno.writeTextFileSync(summary, "# Before\n");
    Deno.writeTextFileSync(junit, "old");
    const streams = fakeStreams();
    const args = ["compare", base, candidate, "--json", "--junit", junit, "--summary", summary];
    assert.equal(await main(args, streams), 1, streams.told);
    const { schema, counts } = JSON.parse(streams.written);
    assert.equal(schema, "tidemark.comparison");
    assert.ok(counts.regressed > 0);
    assert.match(streams.told, /^Failed: \d+ of \d+ rows regressed\.$/m);
    assert.match(Deno.readTextFileSync(junit), /^<\?xml .*failures="[1-9]/s);
    assert.match(Deno.readTextFileSync(summary), /^# Before\n## .*\*\*✗ regressed\*\*/s);
  }),
);

Deno.test(
  "main() ends a compare with 1 when something stays inconclusive and --strict lets nothing by",
  withNights(1, async ({ base, candidate }) => {
    const streams = fakeStreams();
    const args = ["compare", base, candidate, "--threshold", "1%"];
    const calm = await main(args, fakeStreams());
    assert.equal(await main([...args, "--strict"], streams), 1, streams.told);
    assert.ok(calm === 0, "nothing regressed");
    assert.match(streams.told, /^Strict: inconclusive is raw\/.*, .* and \d+ more$/m);
    const same = fakeStreams();
    assert.equal(
      await main(["compare", base, base, "--threshold", "900%", "--strict"], same),
      0,
      same.told,
    );
  }),
);

Deno.test(
  "main() ends a compare with 0 when nothing regressed, or nothing that matters",
  withNights(1, async ({ base, candidate }) => {
    const streams = fakeStreams();
    assert.equal(await main(["compare", base, candidate, "--markdown"], streams), 0, streams.told);
    assert.match(streams.written, /^# .*candidate\.json against /);
  }),
);

Deno.test(
  "main() takes the thresholds of a compare",
  withNights(1.3, async ({ base, candidate }) => {
    const streams = fakeStreams();
    const args = ["compare", base, candidate, "--threshold", "100%", "--threshold", "p50=5%"];
    assert.equal(await main(args, streams), 1);
    assert.equal(streams.told, "", "the comparison is a result, and on stdout");
    assert.match(streams.written, / throughput {2}.*(\n {42}.*)?≈ too small to matter$/m);
    assert.match(streams.written, / p50 {9}.*(\n {42}.*)?✗ regressed$/m);
    assert.doesNotMatch(streams.written, /Performance has regressed/);
    const blocks = fakeStreams();
    assert.equal(await main(["compare", base, candidate, "--verbose"], blocks), 1);
    assert.match(blocks.written, /Performance has regressed\./);
  }),
);

Deno.test(
  "main() ends a compare with 2 when a file cannot be written",
  withNights(1, async ({ base, candidate, folder }) => {
    const streams = fakeStreams();
    const args = ["compare", base, candidate, "--junit", `${folder}/none/gate.xml`];
    assert.equal(await main(args, streams), 2);
    assert.match(streams.told, /Cannot write .*gate\.xml: there is no such file or folder/);
  }),
);

Deno.test(
  "main() ends a compare with 2 when the two have no benchmark in common, and says so in one line",
  withNights(1, async ({ base, candidate, folder }) => {
    Deno.removeSync(candidate);
    writeResult(candidate, {
      ...sampleResult({ runs: 3, stores: [sampleStore("kvstore", 1)], observations: 500 }),
      id: "other",
    });
    const streams = fakeStreams();
    const junit = `${folder}/gate.xml`;
    assert.equal(await main(["compare", base, candidate, "--junit", junit], streams), 2);
    assert.match(
      streams.told,
      /^error: Cannot compare \S+candidate\.json with \S+base\.json: they have no benchmark in common; name two results of one suite and of the same stores\n$/,
    );
    assert.throws(() => Deno.statSync(junit), Deno.errors.NotFound);
  }),
);

Deno.test(
  "main() refuses in one line to hold results without a benchmark against others, beside them too",
  withNights(1, async ({ base, candidate }) => {
    const empty = (path: string) => {
      const result = sampleResult({ runs: 1, stores: [sampleStore("raw", 1)], observations: 500 });
      Deno.removeSync(path);
      writeResult(path, { ...result, benchmarks: [], runs: [] });
    };
    const said = async (command: string) => {
      const streams = fakeStreams();
      assert.equal(await main([command, base, candidate], streams), 2);
      assert.equal(streams.written, "");
      return streams.told;
    };
    const mend = "; name two results of one suite and of the same stores\n";
    empty(candidate);
    for (const command of ["compare", "report"]) {
      assert.equal(
        await said(command),
        `error: Cannot compare ${candidate} with ${base}: ${candidate} has no benchmark${mend}`,
      );
    }
    // Both have the same id.
    empty(base);
    for (const command of ["compare", "report"]) {
      assert.equal(
        await said(command),
        `error: Cannot compare ${candidate} with ${base}: neither has a benchmark${mend}`,
      );
    }
  }),
);

Deno.test(
  "main() ends a compare with 0 when nothing is decided, and says that it is no pass",
  withNights(1, async ({ base, candidate }) => {
    for (const [path, id] of [[base, "a"], [candidate, "b"]] as const) {
      Deno.removeSync(path);
      writeResult(path, {
        ...sampleResult({ runs: 1, stores: [sampleStore("raw", 1)], observations: 500 }),
        id,
      });
    }
    const streams = fakeStreams();
    assert.equal(await main(["compare", base, candidate], streams), 0, streams.told);
    assert.match(streams.written, /^Not decided: of \d+ rows none is known/m);
  }),
);
