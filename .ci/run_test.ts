import assert from "node:assert/strict";
import { run as runChild } from "../src/_testing/child.ts";

const SCRIPT = decodeURIComponent(new URL("./run", import.meta.url).pathname);

interface Output {
  code: number;
  lastLine: string;
  stdout: string;
  stderr: string;
}

async function run(command: string, args: string[], env: Record<string, string>): Promise<Output> {
  const { code, out, err } = await runChild(command, args, { env });
  return { code, stdout: out, stderr: err, lastLine: out.trimEnd().split("\n").at(-1)! };
}

/** Lets the script count a log that ended with a status. */
async function count(log: string, status: number): Promise<Output> {
  const file = Deno.makeTempFileSync();
  Deno.writeTextFileSync(file, log);
  try {
    const commands = 'source "$1"; count_tests "$2" "$3"; finish';
    return await run("bash", ["-c", commands, "bash", SCRIPT, file, String(status)], {});
  } finally {
    Deno.removeSync(file);
  }
}

const logs: [name: string, log: string, status: number, lastLine: string, code: number][] = [
  ["a plain line", "ok | 12 passed | 0 failed (3s)\n", 0, "12 passed, 0 failed", 0],
  ["a line without an end", "ok | 12 passed | 0 failed (3s)", 0, "12 passed, 0 failed", 0],
  [
    "all parts",
    "running 3 tests\n\nFAILED | 7 passed (1 step) | 2 failed (4 steps) | 3 ignored (2 steps) | " +
    "5 measured | 2 filtered out (1m2s)\n\nerror: Test failed\n",
    1,
    "7 passed, 2 failed, 3 skipped",
    1,
  ],
  [
    "colours",
    "\x1b[0m\x1b[32mok\x1b[0m | 1 passed | 0 failed | 2 ignored \x1b[0m\x1b[38;5;245m(12ms)\x1b[0m\r\n",
    0,
    "1 passed, 0 failed, 2 skipped",
    0,
  ],
  [
    "several runs",
    "ok | 10 passed | 0 failed | 1 ignored (1s)\nok | 5 passed | 0 failed | 2 ignored (1s)\n",
    0,
    "15 passed, 0 failed, 3 skipped",
    0,
  ],
  [
    "a line that a test printed",
    "----- output\n    ok | 99 passed | 99 failed (1s)\n+ ok | 9 passed | 9 failed (1s)\n" +
    "ok | 1 passed | 0 failed (1s)\n",
    0,
    "1 passed, 0 failed",
    0,
  ],
  ["a failure beside the tests", "ok | 3 passed | 0 failed (1s)\n", 1, "3 passed, 1 failed", 1],
  ["tests that did not run", "error: Type checking failed.\n", 1, "0 passed, 1 failed", 1],
  ["nothing, and no error", "", 0, "0 passed, 1 failed", 1],
  ["no test at all", "ok | 0 passed | 0 failed (0ms)\n", 0, "0 passed, 0 failed", 1],
];
Deno.test.each(logs)(
  ".ci/run counts %s",
  { timeout: 300_000 },
  async (_name, log, status, lastLine, code) => {
    const output = await count(log, status);
    assert.deepEqual([output.lastLine, output.code], [lastLine, code]);
  },
);

/** Runs the whole script with an `npx` of our own, and nothing to install. */
async function runWith(npx: string, others: Record<string, string> = {}): Promise<Output> {
  const folder = Deno.makeTempDirSync();
  const programs = {
    npx,
    dpkg: "exit 0",
    // No kernel is fetched from the network, and nothing of ARM's.
    "apt-cache": "exit 1",
    "apt-get": "exit 1",
    ...others,
  };
  for (const [name, text] of Object.entries(programs)) {
    Deno.writeTextFileSync(`${folder}/${name}`, `#!/bin/bash\n${text}\n`, { mode: 0o755 });
  }
  try {
    return await run(SCRIPT, [], {
      PATH: `${folder}:${Deno.env.get("PATH")}`,
      TIDEMARK_CACHE: folder,
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test(
  ".ci/run runs the checks and the tests with the README's Deno",
  { timeout: 300_000 },
  async () => {
    const output = await runWith(
      'echo "called $*"; [[ $3 != task ]] || echo "ok | 2 passed | 0 failed (1s)"',
    );
    assert.deepEqual(output.stdout.match(/^called .*$/gm), [
      "called -y deno@2.9.6 fmt --check",
      "called -y deno@2.9.6 lint",
      "called -y deno@2.9.6 check",
      "called -y deno@2.9.6 task test",
      "called -y deno@2.9.6 task test:e2e",
    ]);
    assert.deepEqual([output.lastLine, output.code], ["7 passed, 0 failed", 0]);
  },
);

Deno.test(
  ".ci/run fails when a check fails, and still runs the tests",
  { timeout: 300_000 },
  async () => {
    const output = await runWith(
      '[[ $3 != lint ]] || exit 1; [[ $3 != task ]] || echo "ok | 2 passed | 0 failed | 1 ignored (1s)"',
    );
    assert.deepEqual([output.lastLine, output.code], ["6 passed, 1 failed, 2 skipped", 1]);
  },
);

Deno.test(".ci/run fails when only the ordinary tests run", { timeout: 300_000 }, async () => {
  const output = await runWith(
    '[[ $4 != test:e2e ]] || exit 1; [[ $3 != task ]] || echo "ok | 2 passed | 0 failed (1s)"',
  );
  assert.deepEqual([output.lastLine, output.code], ["5 passed, 1 failed", 1]);
});

/** What the test runner prints of a failed test beside one that passed. */
const FAILED_ONE = "echo ' ERRORS '; echo 'a clock stands => ./src/a_test.ts:1:6'; echo why; " +
  "echo ' FAILURES '; echo 'a clock stands ... a step => ./src/a_test.ts:1:6'; " +
  "echo 'FAILED | 1 passed | 1 failed (1s)'; exit 1";

Deno.test(".ci/run tells a test that fails once from one that fails", {
  timeout: 300_000,
}, async () => {
  const once = await runWith(`[[ $3 == task ]] || exit 0
    [[ $5 == --filter ]] && { echo "alone: $6 in $7"; echo "ok | 1 passed | 0 failed (1s)"; exit 0; }
    [[ $4 == test ]] || { echo "ok | 2 passed | 0 failed (1s)"; exit 0; }
    ${FAILED_ONE}`);
  assert.deepEqual([once.lastLine, once.code], ["7 passed, 0 failed", 0]);
  assert.match(once.stdout, /^alone: a clock stands in \.\/src\/a_test\.ts$/m);
  assert.match(
    once.stdout,
    /What failed, once more\n[^]*why[^]*It passed when it ran again: a clock/,
  );

  const always = await runWith(`[[ $3 == task ]] || exit 0
    [[ $4 == test ]] || { echo "ok | 2 passed | 0 failed (1s)"; exit 0; }
    ${FAILED_ONE}`);
  assert.deepEqual([always.lastLine, always.code], ["6 passed, 1 failed", 1]);
});

/** Packages are missing, and an `apt-get` that tells what it is asked for has all but one of them. */
function installing(without: string): Promise<Output> {
  return runWith("exit 0", {
    id: "echo 0",
    dpkg: "[[ $2 != gcc && $2 != jq && $2 != chromium ]]",
    "apt-get": `words="$*"
      [[ $words == *" install --no-install-recommends "* ]] || exit 1
      for package in "$@"; do [[ $package != "${without}" ]] || exit 100; done
      echo "installed \${words##* --no-install-recommends }" >&2`,
  });
}

Deno.test(".ci/run installs what is missing at once, and one by one where a part cannot be had", {
  timeout: 300_000,
}, async () => {
  const told = ({ stderr }: Output) => stderr.match(/^installed .*$/gm);
  const all = await installing("nothing");
  assert.deepEqual(told(all), ["installed gcc chromium jq"]);
  assert.doesNotMatch(all.stdout, /Could not install/);
  const some = await installing("chromium");
  assert.deepEqual(told(some), ["installed gcc", "installed jq"]);
  assert.match(some.stdout, /^== Could not install chromium; tests that need it are skipped$/m);
});

Deno.test(".ci/run fails when Deno cannot be had", { timeout: 300_000 }, async () => {
  const output = await runWith("echo 'npm error network' >&2; exit 1");
  assert.deepEqual([output.lastLine, output.code], ["0 passed, 5 failed", 1]);
});
