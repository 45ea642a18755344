/**
 * `deno task test:releases [--counts FILE] [RELEASE…]`: holds the raw store and the KvStore against every pinned
 * release, or those that are named. Each is obtained; then its library runs the tests of the contract,
 * of the raw store, of the allocations and of the KvStore's model, and is attacked: uses after close,
 * sizes, damaged files, a full disk. All of it is done by children with a limit each. What hangs by
 * RocksDB's own fault (a full disk, a damaged MANIFEST) is ended and counted.
 */
import { TextLineStream } from "@std/streams/text-line-stream";
import { Command } from "commander";
import { hasEnded, kill, lastText, outputWithin, Silence } from "../../child/mod.ts";
import { replaceFile } from "../../disk/mod.ts";
import { EngineError, obtainRelease, pinnedNames } from "../../engine/mod.ts";
import { toTerminal } from "../../format/mod.ts";
import type { AttackLine } from "./attack.ts";

/** The files of tests that any library has to pass. */
const TESTS = [
  "src/store/contract_test.ts",
  "src/store/raw/errors_test.ts",
  "src/store/raw/store_test.ts",
  "src/store/raw/fused_check_test.ts",
  "src/store/raw/listings_test.ts",
  "src/measure/allocation_test.ts",
  "src/store/kvstore/history_test.ts",
];
/** Of those, the tests that are of the library; a full disk is the attack's, with limits of its own. */
const OF_THE_LIBRARY = "/^([^klnopwK]|openRaw.. [^l]|kvstore over raw|KvStoreSync|property|wal=)/";
/** How long the tests of a release may take, s. */
const TESTS_SECONDS = 1200;
/** How long a step of the attack may take, ms. */
const STEP_MS = 20_000;
/** How long filling a small disk may take, s. */
const FULL_SECONDS = 20;

const ROOT = new URL("../../../", import.meta.url).pathname;
const RIGHTS = ["--no-prompt", "--allow-ffi", "--allow-read", "--allow-write", "--allow-env"];

/** What was found of a release. */
interface Found {
  release: string;
  /** Why nothing was tried. */
  skipped?: string;
  passed: number;
  /** Names of tests that failed. */
  failed: string[];
  /** How often each kind of step went which way: `damaged SST: refused` → 9. */
  attack: Map<string, number>;
  /** Steps that went as they must not. */
  wrong: string[];
}

/** Runs a program over a library, which is all that it is told of the engine. */
function overLibrary(library: string, args: readonly string[], seconds: number) {
  const program = ["TIDEMARK_LIBROCKSDB=" + library, "TIDEMARK_LONG=1"];
  const operations = "TIDEMARK_LONG_OPERATIONS=2000";
  return outputWithin(
    "env",
    [...program, operations, "TIDEMARK_LONG_SEED=20", "NO_COLOR=1", ...args],
    seconds,
  );
}

/** Runs the tests. */
async function test(library: string, found: Found): Promise<void> {
  const said = await overLibrary(library, [
    ...[Deno.execPath(), "test", "--quiet", "--no-check", ...RIGHTS],
    ...["--ignore-read=/proc", "--allow-run", "--allow-sys"],
    ...[`--filter=${OF_THE_LIBRARY}`, ...TESTS.map((path) => ROOT + path)],
  ], TESTS_SECONDS);
  if (said === undefined) {
    found.failed.push(`the tests did not end within ${TESTS_SECONDS} s`);
    return;
  }
  const { out, err, code, success } = said;
  found.passed = Number(/ (\d+) passed/.exec(out)?.[1] ?? 0);
  const failures = /^ FAILURES\s+([\s\S]*?)\n\n/m.exec(out)?.[1]?.trim().split("\n") ?? [];
  found.failed.push(...failures.map((line) => line.replace(/ => \.?\/.*$/, "").trim()));
  if (success || failures.length > 0) return;
  const last = [...out.matchAll(/^(\S.*?) \.\.\./gm)].at(-1)?.[1] ?? "its start";
  found.failed.push(`ended with ${code} in ${last}: ${err.trim().split("\n").at(-1) ?? ""}`);
}

/** Attacks; a step that hangs or ends the process is noted, and the next one begins in another. */
async function attack(library: string, folder: string, found: Found): Promise<void> {
  const count = (what: string) => found.attack.set(what, (found.attack.get(what) ?? 0) + 1);
  const program = new URL("./attack.ts", import.meta.url).pathname;
  for (let next = 0;;) {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--no-check", ...RIGHTS, program, folder, String(next)],
      env: { TIDEMARK_LIBROCKSDB: library, NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    let hangs = false;
    using silence = new Silence(STEP_MS, () => {
      hangs = true;
      kill(child);
    });
    const complaint = lastText(child.stderr);
    let last: AttackLine | undefined;
    const lines = child.stdout.pipeThrough(new TextDecoderStream())
      .pipeThrough(new TextLineStream());
    for await (const line of lines) {
      silence.heard();
      last = JSON.parse(line) as AttackLine;
      if (last.outcome === undefined) continue;
      const { kind, step, outcome } = last;
      count(`${kind}: ${outcome.startsWith("WRONG") ? "WRONG" : outcome}`);
      if (outcome.startsWith("WRONG")) found.wrong.push(`${kind} (step ${step}): ${outcome}`);
    }
    const status = await hasEnded(child) ? await child.status : undefined;
    if (last === undefined) {
      found.wrong.push(`the attack did not begin: ${(await complaint).trim().split("\n")[0]}`);
      return;
    }
    if (last.outcome !== undefined && status?.success) return;
    const { kind, step } = last;
    count(`${kind}: ${hangs ? "hung" : "crashed"}`);
    // A damaged MANIFEST makes some releases spin in open, which a limit alone can end.
    if (!hangs || kind !== "damaged MANIFEST") {
      const how = hangs ? `hung for ${STEP_MS / 1000} s` : `ended by ${status?.signal}`;
      found.wrong.push(`${kind} (step ${step}): ${how}: ${(await complaint).trim().slice(0, 200)}`);
    }
    next = step + 1;
  }
}

/** Fills a small disk by puts and by batches; the calls have to fail, or hang and be ended. */
async function fillDisk(library: string, folder: string, found: Found): Promise<void> {
  const program = ROOT + "src/store/raw/_testing/fill_disk.ts";
  const script = `mount -t tmpfs -o size=4m none ${folder} && exec "$@"`;
  for (const call of ["put", "write"]) {
    const count = (how: string) =>
      found.attack.set(`full disk: ${how}`, (found.attack.get(`full disk: ${how}`) ?? 0) + 1);
    const said = await overLibrary(library, [
      ...["unshare", "-m", "sh", "-c", script, "sh"],
      ...[Deno.execPath(), "run", "--quiet", "--no-check", ...RIGHTS, program],
      ...[`${folder}/database`, call],
    ], FULL_SECONDS);
    if (said === undefined) count("hung");
    else if (/No space left/.test(said.out)) count("refused");
    else if (/unshare|mount/.test(said.err)) count("skipped");
    else {
      count("crashed");
      found.wrong.push(`full disk, ${call}: ended with ${said.code}: ${said.err.slice(0, 200)}`);
    }
  }
}

async function tryRelease(release: string): Promise<Found> {
  const found: Found = { release, passed: 0, failed: [], attack: new Map(), wrong: [] };
  let library: string;
  try {
    library = (await obtainRelease(release)).path;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return { ...found, skipped: error.message };
  }
  const folder = Deno.makeTempDirSync({ prefix: "tidemark-releases-" });
  try {
    await test(library, found);
    await attack(library, folder, found);
    await fillDisk(library, folder, found);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  return found;
}

/** A release in a line, and what went wrong below it. */
function told({ release, skipped, passed, failed, attack, wrong }: Found): string {
  if (skipped !== undefined) return `${release.padEnd(13)} skipped: ${skipped}\n`;
  const steps = [...attack].map(([what, times]) => `${what} ${times}`).join(", ");
  const lines = [
    ...failed.map((name) => `test: ${name}`),
    ...wrong.map((what) => `attack: ${what}`),
  ];
  return `${release.padEnd(13)} ${passed} passed, ${failed.length} failed; ${steps}\n` +
    lines.map((line) => `  ${line}\n`).join("");
}

/** All releases together. */
function summary(all: readonly Found[]): string {
  const attack = new Map<string, number>();
  for (const found of all) {
    for (const [what, times] of found.attack) attack.set(what, (attack.get(what) ?? 0) + times);
  }
  const tried = all.filter(({ skipped }) => skipped === undefined);
  const clean = tried.filter(({ failed, wrong }) => failed.length + wrong.length === 0);
  const sum = (of: (found: Found) => number) => tried.reduce((total, each) => total + of(each), 0);
  return [
    `\n${tried.length} releases tried, ${clean.length} without a failure, ` +
    `${all.length - tried.length} skipped`,
    `tests: ${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed.length)} failed`,
    ...[...attack].sort().map(([what, times]) => `${what}: ${times}`),
  ].join("\n") + "\n";
}

/** A row of `reports/robustness-releases.json`, of which the report on robustness is made. */
function row({ release, skipped, passed, failed, attack, wrong }: Found) {
  const failures = [...failed.map((name) => `test: ${name}`), ...wrong];
  return {
    release,
    command: `deno task test:releases ${release}`,
    counts: skipped !== undefined ? {} : {
      "tests passed": passed,
      "tests failed": failed.length,
      ...Object.fromEntries(attack),
    },
    state: skipped !== undefined ? "skipped" : failures.length > 0 ? "failed" : "held",
    why: skipped ?? failures.join("; "),
  };
}

if (import.meta.main) {
  const call = new Command("test:releases")
    .description(
      "Holds the stores against every pinned release of RocksDB, or those that are named.",
    )
    .argument("[release...]")
    .option("--counts <file>", "where the counts are kept")
    .parse(Deno.args, { from: "user" });
  const { counts } = call.opts<{ counts?: string }>();
  const names = call.args.length > 0 ? call.args : pinnedNames();
  const all: Found[] = [];
  for (const release of names) {
    const found = await tryRelease(release);
    all.push(found);
    // After each: a run of two hours may be ended.
    if (counts !== undefined) replaceFile(counts, JSON.stringify(all.map(row), null, 2) + "\n");
    console.log(toTerminal(told(found)).trimEnd());
  }
  console.log(toTerminal(summary(all)).trimEnd());
  if (all.some(({ failed, wrong }) => failed.length + wrong.length > 0)) Deno.exit(1);
}
