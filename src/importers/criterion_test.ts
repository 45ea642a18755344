import assert from "node:assert/strict";
import { parseCriterion, readCriterionTree } from "./criterion.ts";
import { FIXTURES } from "./_testing/fixtures.ts";

const TREE = `${FIXTURES}/criterion`;
const LATENCY = `${TREE}/write_latency/single_write/new`;
const read = (name: string) => Deno.readTextFileSync(`${LATENCY}/${name}`);
const FILES = {
  path: "new",
  benchmark: read("benchmark.json"),
  sample: read("sample.json"),
  estimates: read("estimates.json"),
};

/** Runs a test in a directory of its own. */
function inDirectory(test: (directory: string) => void) {
  const directory = Deno.makeTempDirSync();
  try {
    test(directory);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

Deno.test("readCriterionTree() reads every benchmark, with the samples as they are", () => {
  const { benchmarks, warnings, modified } = readCriterionTree(TREE);
  assert.deepEqual(
    benchmarks.map(({ name, kind, sampling, elements, samples }) => [
      name,
      kind,
      sampling,
      elements,
      samples.length,
    ]),
    [
      ["copy <b>/../1 KiB", "throughput", "flat", 1, 12],
      ["write_latency/single_write", "latency", "linear", 1, 30],
      ["write_throughput/10000", "throughput", "flat", 10000, 10],
    ],
  );
  const { iters, times } = JSON.parse(FILES.sample);
  assert.deepEqual(benchmarks[1]?.samples.map(({ iterations }) => iterations), iters);
  assert.deepEqual(benchmarks[1]?.samples.map(({ ns }) => ns), times);
  assert.ok(benchmarks[1]?.samples.every(({ atNs }) => atNs === null), "criterion has no starts");
  assert.ok(modified !== null);
  assert.match(warnings[1]!, /is in Bytes, not in elements/);
});

Deno.test("readCriterionTree() reads a saved baseline, and finds the tree in a crate", () => {
  assert.deepEqual(readCriterionTree(TREE, "second").benchmarks.map(({ name }) => name), [
    "write_throughput/10000",
  ]);
  inDirectory((directory) => {
    const to = `${directory}/target/criterion/a/new`;
    Deno.mkdirSync(to, { recursive: true });
    for (const name of ["benchmark.json", "sample.json", "estimates.json"]) {
      Deno.copyFileSync(`${LATENCY}/${name}`, `${to}/${name}`);
    }
    assert.equal(readCriterionTree(directory).benchmarks.length, 1);
  });
});

Deno.test("readCriterionTree() says what is missing when there is no benchmark", () => {
  inDirectory((directory) => {
    assert.throws(() => readCriterionTree(directory), {
      name: "ResultError",
      message: `Cannot import ${directory}: no benchmark in it has the measurement "new"; ` +
        "name the target/criterion that cargo bench wrote",
    });
    assert.throws(() => readCriterionTree(`${directory}/none`), {
      message: /no such file or folder/,
    });
    Deno.mkdirSync(`${directory}/a/new`, { recursive: true });
    Deno.copyFileSync(`${LATENCY}/benchmark.json`, `${directory}/a/new/benchmark.json`);
    assert.throws(() => readCriterionTree(directory), {
      message: /sample\.json: there is no such/,
    });
  });
});

Deno.test("readCriterionTree() does not follow links", () => {
  inDirectory((directory) => {
    Deno.symlinkSync(TREE, `${directory}/link`);
    Deno.symlinkSync(directory, `${directory}/loop`);
    assert.throws(() => readCriterionTree(directory), { message: /no benchmark in it/ });
  });
});

Deno.test("parseCriterion() warns when there are no estimates to hold the samples against", () => {
  const warnings = new Set<string>();
  parseCriterion({ ...FILES, estimates: null }, warnings);
  assert.deepEqual([...warnings], [
    "write_latency/single_write has no estimates.json that its samples could be held against.",
  ]);
});

const sample = (change: (sample: { iters: unknown[]; times: unknown[] }) => void) => {
  const json = JSON.parse(FILES.sample);
  change(json);
  return { ...FILES, sample: JSON.stringify(json) };
};
const BAD: [name: string, files: typeof FILES, message: RegExp][] = [
  [
    "a truncated estimates.json",
    { ...FILES, estimates: FILES.estimates.slice(0, 200) },
    /estimates\.json: it is no whole JSON; run cargo bench again$/,
  ],
  ["an empty sample.json", { ...FILES, sample: "" }, /sample\.json: it is no whole JSON/],
  [
    "NaN, which serde writes as null",
    sample(({ times }) => times[3] = null),
    /"times\.3" is not what criterion/,
  ],
  [
    "a negative time",
    sample(({ times }) => times[3] = -1),
    /sample 3 took -1 ns, and a time must be above zero/,
  ],
  ["an infinite time", {
    ...FILES,
    sample: FILES.sample.replace(/"times":\[[\d.]+/, '"times":[1e999'),
  }, /sample 0 took Infinity ns/],
  ["zero iterations", sample(({ iters }) => iters[0] = 0), /sample 0 has 0 iterations/],
  ["half an iteration", sample(({ iters }) => iters[0] = 0.5), /sample 0 has 0\.5 iterations/],
  [
    "a time without its count",
    sample(({ iters }) => iters.pop()),
    /29 iteration counts and 30 times/,
  ],
  [
    "no sample",
    sample((json) => json.iters.length = json.times.length = 0),
    /0 iteration counts and 0 times/,
  ],
  [
    "estimates of another run",
    sample(({ times }) => times[3] = 1e6),
    /its estimates are not those of the samples/,
  ],
  [
    "another sampling mode",
    { ...FILES, sample: FILES.sample.replace("Linear", "Flat") },
    /its estimates are not those/,
  ],
  [
    "a mode that is none",
    { ...FILES, sample: FILES.sample.replace("Linear", "Auto") },
    /"sampling_mode" is not what/,
  ],
  [
    "an old benchmark.json",
    { ...FILES, benchmark: "{}" },
    /"group_id" is not what criterion 0\.3\.3/,
  ],
  ["a name with an escape", {
    ...FILES,
    benchmark: FILES.benchmark.replaceAll("single", "\\u001b[2J"),
  }, /cannot have the name "write_latency\/\\u001b\[2J_write"/],
  ["zero elements", {
    ...FILES,
    benchmark: FILES.benchmark.replace('"throughput":null', '"throughput":{"Elements":0}'),
  }, /of "0" elements/],
];
Deno.test.each(BAD)(
  "parseCriterion() says what and where when it meets %s",
  (_name, files, message) => {
    assert.throws(() => parseCriterion(files, new Set()), { name: "ResultError", message });
  },
);

Deno.test("readCriterionTree() tells benchmarks of one id apart as criterion does", () => {
  inDirectory((tree) => {
    for (const [directory, title] of [["get", "get"], ["get_2", "get #2"]] as const) {
      Deno.mkdirSync(`${tree}/${directory}/new`, { recursive: true });
      const benchmark = { ...JSON.parse(FILES.benchmark), full_id: "get", title };
      const write = (name: string, text: string) =>
        Deno.writeTextFileSync(`${tree}/${directory}/new/${name}.json`, text);
      write("benchmark", JSON.stringify(benchmark));
      write("sample", FILES.sample);
    }
    assert.deepEqual(readCriterionTree(tree).benchmarks.map(({ name }) => name), ["get", "get #2"]);
  });
});

Deno.test("readCriterionTree() leaves a benchmark out that cannot be read, and has the others", () => {
  inDirectory((tree) => {
    for (const id of ["get", "put"]) {
      Deno.mkdirSync(`${tree}/${id}/new`, { recursive: true });
      const benchmark = { ...JSON.parse(FILES.benchmark), full_id: id, title: id };
      const write = (name: string, text: string) =>
        Deno.writeTextFileSync(`${tree}/${id}/new/${name}.json`, text);
      write("benchmark", JSON.stringify(benchmark));
      write("sample", id === "get" ? FILES.sample : "");
    }
    const { benchmarks, warnings } = readCriterionTree(tree);
    assert.deepEqual(benchmarks.map(({ name }) => name), ["get"]);
    assert.match(warnings.at(-1)!, /^Left out of .*: put\/new: it is no whole JSON\.$/);
    Deno.writeTextFileSync(`${tree}/get/new/sample.json`, "");
    assert.throws(() => readCriterionTree(tree), { name: "ResultError", message: /no whole JSON/ });
  });
});

Deno.test("parseCriterion() takes the elements of a throughput that has bytes beside them", () => {
  const benchmark = FILES.benchmark.replace(
    '"throughput":null',
    '"throughput":{"ElementsAndBytes":{"elements":40,"bytes":4096}}',
  );
  assert.notEqual(benchmark, FILES.benchmark);
  const warnings = new Set<string>();
  const { elements, kind } = parseCriterion({ ...FILES, benchmark }, warnings);
  assert.deepEqual([elements, kind, [...warnings]], [40, "throughput", []]);
});
