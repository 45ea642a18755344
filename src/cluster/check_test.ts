import assert from "node:assert/strict";
import { CHECK_NAMES, checksOf, failureOf, problemsOf, type Seen } from "./check.ts";
import type { DoctorReport } from "./status.ts";

const DOCTOR: DoctorReport = {
  environment: {
    kernel: "6.1",
    host: "node01",
    data: { filesystem: "xfs", freeBytes: 1e10 },
    runtime: { deno: "2.9.6" },
  },
  findings: [],
  stores: [{ name: "raw", missing: null }],
  engine: {
    machine: "linux-x86_64",
    default: "10.4.2",
    installed: ["/usr/lib/librocksdb.so.7.8"],
    kept: [],
  },
};
const WELL: Seen = {
  clock: { aheadSeconds: 0, uncertaintySeconds: 0.1 },
  probe: {
    deno: "2.9.6",
    release: "2026-01-01-abc",
    content: "c0",
    stateProblem: null,
    dataProblem: null,
    freeBytes: 10 * 2 ** 30,
  },
  doctor: DOCTOR,
  doctorProblem: null,
  content: "c0",
};
const engine = (change: Partial<DoctorReport["engine"]>, missing: string | null = null): Seen => ({
  ...WELL,
  doctor: {
    ...DOCTOR,
    stores: [{ name: "raw", missing }],
    engine: { ...DOCTOR.engine, ...change },
  },
});
const probe = (change: Partial<Seen["probe"]>): Seen => ({
  ...WELL,
  probe: { ...WELL.probe, ...change },
});

Deno.test("checksOf() has a word for each thing of a node that has all", () => {
  const checks = checksOf(WELL);
  const words = CHECK_NAMES.map((name) => checks[name].word);
  assert.deepEqual(words, ["ok", "ok", "2.9.6", "same", "librocksdb.so.7.8", "10 GiB", "idle"]);
  assert.deepEqual(problemsOf(checks), []);
  assert.equal(failureOf(checks), null);
});

const busy = { id: "load", severity: "warn", text: "The load is 9." } as const;
const cases: [what: string, seen: Seen, word: string, problem: RegExp | null, fails: boolean][] = [
  [
    "clock",
    { ...WELL, clock: { aheadSeconds: 9, uncertaintySeconds: 1 } },
    "off",
    /9\.0 s ahead/,
    false,
  ],
  ["deno", { ...probe({ deno: null }), doctor: null }, "missing", /^there is no deno on/, true],
  ["deno", probe({ deno: "2.7.14" }), "2.7.14", /^its Deno is 2\.7\.14, .* 2\.8 or newer/, true],
  ["deno", probe({ deno: "3.0.0" }), "3.0.0", null, false],
  [
    "project",
    { ...WELL, content: "other" },
    "other",
    /another one than here; deno task nodes/,
    false,
  ],
  [
    "project",
    { ...WELL, doctor: null, doctorProblem: "doctor ended with 3" },
    "fails",
    /^doctor/,
    true,
  ],
  ["library", engine({ installed: [], kept: ["10.4.2"] }), "10.4.2", null, false],
  [
    "library",
    engine({ installed: [], kept: ["9.10.0"] }, "none"),
    "none",
    /gives it the release 10/,
    false,
  ],
  [
    "library",
    engine({ installed: [], machine: null }, "none"),
    "none",
    /no release has a library/,
    false,
  ],
  ["library", engine({}, "it is too old"), "unfit", /^it is too old$/, false],
  [
    "disk",
    probe({ dataProblem: "sh: No space left on device" }),
    "full",
    /^databases cannot/,
    true,
  ],
  ["disk", probe({ stateProblem: "mkdir: Permission denied" }), "denied", /^results cannot/, true],
  ["disk", probe({ dataProblem: "touch: Read-only file system" }), "read-only", /Read-only/, true],
  ["load", { ...WELL, doctor: { ...DOCTOR, findings: [busy] } }, "busy", null, false],
];
Deno.test.each(cases)(
  "checksOf() says what is wrong with a node's %s",
  (what, seen, word, problem, fails) => {
    const checks = checksOf(seen);
    const name = CHECK_NAMES.find((name) => name === what)!;
    assert.equal(checks[name].word, word);
    const problems = problemsOf(checks);
    if (problem === null) assert.deepEqual(problems, []);
    else assert.match(problems.join("\n"), problem);
    assert.equal(failureOf(checks) !== null, fails);
  },
);
