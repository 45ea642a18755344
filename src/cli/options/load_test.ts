import assert from "node:assert/strict";
import { Command } from "commander";
import { loadSuite } from "../suites.ts";
import { type LoadFlags, loadOptions, withLoadFlags } from "./load.ts";
import { addOptions } from "./values.ts";

function flagsOf(...args: string[]): LoadFlags {
  const command = addOptions(new Command("bench").exitOverride(), loadOptions());
  return command.parse(args, { from: "user" }).opts();
}

Deno.test("loads are changed by counts, sizes and rates with their units, and say so in their names", async () => {
  const flags = flagsOf("--keys", "1M", "--value", "4KiB", "--clients", "4", "--rate", "20k");
  assert.deepEqual(flags, { keys: [1_000_000], value: [4096], clients: [4], rate: [20_000] });
  const { loads } = withLoadFlags(await loadSuite("tails"), flags);
  const [{ name, load }] = loads as [NonNullable<typeof loads>[number]];
  assert.equal(name, "tails/get/keys-1000000/value-4096/clients-4/rate-20000");
  assert.deepEqual([load.keys, load.valueSize], [1_000_000, { kind: "fixed", size: 4096 }]);
  assert.deepEqual([load.groups[0]!.clients, load.groups[0]!.pace], [
    4,
    { loop: "open", arrivals: "poisson", rate: 20_000 },
  ]);
});

Deno.test("an exponent is changed where keys have one", async () => {
  const { loads } = withLoadFlags(await loadSuite("mixed"), flagsOf("--theta", "0.5"));
  for (const { name, load } of loads!) {
    const { keyDistribution } = load.groups[0]!;
    assert.equal(name.endsWith("/theta-0.5"), keyDistribution.kind === "zipfian", name);
    if ("theta" in keyDistribution) assert.equal(keyDistribution.theta, 0.5);
  }
});

Deno.test("several values make as many loads, each with each of the others", async () => {
  const flags = flagsOf("--clients", "1,2", "--clients", "4,2", "--value", "100,1KiB");
  assert.deepEqual(flags, { clients: [1, 2, 4], value: [100, 1024] });
  const { loads } = withLoadFlags(await loadSuite("tails"), flags);
  const gets = loads!.filter(({ name }) => name.startsWith("tails/get/"));
  assert.equal(loads!.length, 3 * gets.length, "of each of the three loads");
  assert.deepEqual(gets.map(({ name }) => name), [
    ...[100, 1024].flatMap((value) =>
      [1, 2, 4].map((clients) => `tails/get/value-${value}/clients-${clients}`)
    ),
  ]);
  assert.deepEqual(
    gets.map(({ load }) => [load.valueSize, load.groups[0]!.clients]),
    [100, 1024].flatMap((size) => [1, 2, 4].map((clients) => [{ kind: "fixed", size }, clients])),
  );
});

Deno.test("what the suite says of its loads is followed by what is another in them", async () => {
  const suite = await loadSuite("large");
  const { summary } = withLoadFlags(suite, flagsOf("--keys", "5k,20k", "--for", "90s"));
  assert.match(suite.summary, /^A million keys, /);
  assert.equal(
    summary,
    `${suite.summary} That is the suite's own; in this bench its loads begin with 5,000 or 20,000 ` +
      "keys and are measured for 1m 30s.",
  );
  const mixed = withLoadFlags(
    await loadSuite("mixed"),
    flagsOf("--value", "4KiB", "--clients", "3", "--rate", "20k", "--theta", "0.5"),
  ).summary;
  assert.match(
    mixed,
    / its loads have values of 4 ?KiB, have clients: 3, have a rate of 20,000 operations a second and have, where their keys are zipfian, a θ of 0\.5\.$/,
  );
});

Deno.test("loads that differ in nothing but what is changed are measured once", async () => {
  const namesOf = async (suite: string, ...args: string[]) =>
    withLoadFlags(await loadSuite(suite), flagsOf(...args)).loads!.map(({ name }) => name);
  assert.deepEqual(await namesOf("rate", "--rate", "15k"), ["rate/5k/rate-15000"]);
  assert.deepEqual(await namesOf("clients", "--clients", "1,2"), [
    ...["get", "90-10", "update"].flatMap((mix) =>
      [1, 2].map((clients) => `clients/${mix}/1/clients-${clients}`)
    ),
  ]);
  // These differ in how long they are measured, and in what is read beside.
  assert.equal((await namesOf("large", "--clients", "2")).length, 4);
});

Deno.test("--for changes how long loads are measured, and not what they are", async () => {
  const suite = await loadSuite("mixed");
  const { loads } = withLoadFlags(suite, flagsOf("--for", "2min"));
  assert.deepEqual(loads, suite.loads!.map((spec) => ({ ...spec, seconds: 120 })));
});

Deno.test("without the options a suite stays as it is", async () => {
  const suite = await loadSuite("mixed");
  assert.equal(withLoadFlags(suite, {}), suite);
});

const WRONG: [suite: string, args: string[], message: RegExp][] = [
  [
    "mixed",
    ["--keys", "many"],
    /^Cannot take "many" for --keys: give a count such as 20000 or 1M$/,
  ],
  ["mixed", ["--clients", "1,,2"], /^Cannot take "" for --clients: give a count such as 4$/],
  ["mixed", ["--value", "5ms"], /^Cannot take "5ms" for --value: give a size such as 100 or 4KiB$/],
  ["mixed", ["--for", "0.5s"], /^Cannot take "0.5s" for --for: give a time from a second to/],
  ["mixed", ["--theta", "-1"], /^Cannot take "-1" for --theta: give a number such as 0\.99$/],
  [
    "mixed",
    ["--clients", "0"],
    /^Cannot change mixed\/70-30\/uniform\/1 of .*: clients: it is 0; give/,
  ],
  ["mixed", ["--theta", "9"], /: keyDistribution\.theta: it is 9; give a θ above 0, up to 5/],
  ["ycsb", ["--keys", "100G"], /: keyDistribution: it hashes to at most \d+ keys; take zipfian$/],
  [
    "large",
    ["--theta", "0.9"],
    /^Cannot take --theta for the suite large: no keys of its loads are/,
  ],
  [
    "engines",
    ["--keys", "5"],
    /^Cannot take --keys for the suite engines: it has no loads by clients;/,
  ],
];

for (const [suite, args, message] of WRONG) {
  Deno.test(`${suite} ${args.join(" ")} is refused`, async () => {
    const loaded = await loadSuite(suite);
    assert.throws(() => withLoadFlags(loaded, flagsOf(...args)), { name: "UsageError", message });
  });
}
