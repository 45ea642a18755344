import assert from "node:assert/strict";
import { CommanderError } from "commander";
import { ClusterError } from "../cluster/mod.ts";
import { EngineError } from "../engine/mod.ts";
import { HistoryError } from "../history/mod.ts";
import { NightError } from "../night/mod.ts";
import { PublishError } from "../publish/mod.ts";
import { ReportError } from "../report/mod.ts";
import { ResultError } from "../result/mod.ts";
import { RunError } from "../run/mod.ts";
import { KvError } from "../store/kvstore/mod.ts";
import { StoreError } from "../store/mod.ts";
import { SuiteError } from "../suite/mod.ts";
import { EXIT, isHelp, knownFailure } from "./exit_code.ts";
import { UsageError } from "./usage_error.ts";

Deno.test("EXIT has the codes of the help", () => {
  assert.deepEqual({ ...EXIT }, { fine: 0, missed: 1, usage: 2, failed: 3 });
});

const KNOWN: [error: Error, code: number][] = [
  [new UsageError("Cannot do it"), EXIT.usage],
  [new SuiteError("Cannot do it"), EXIT.usage],
  [new ResultError("Cannot do it"), EXIT.usage],
  [new EngineError("Cannot do it", "usage"), EXIT.usage],
  [new EngineError("Cannot do it", "content"), EXIT.usage],
  [new EngineError("Cannot do it", "source"), EXIT.failed],
  [new HistoryError("Cannot do it"), EXIT.usage],
  [new NightError("Cannot do it"), EXIT.usage],
  [new ClusterError("Cannot do it", "usage"), EXIT.usage],
  [new ClusterError("Cannot do it", "node"), EXIT.failed],
  [new PublishError("Cannot do it", "usage"), EXIT.usage],
  [new PublishError("Cannot do it", "target"), EXIT.failed],
  [new ReportError("Cannot do it", "usage"), EXIT.usage],
  [new ReportError("Cannot do it", "writing"), EXIT.failed],
  [new StoreError("Cannot do it", "open", "usage"), EXIT.usage],
  [new StoreError("Cannot do it", "put", "engine"), EXIT.failed],
  [new KvError("Compacted", "get", "Cannot do it"), EXIT.usage],
  [new KvError("Corrupt", "open", "Cannot do it"), EXIT.failed],
  [new RunError("Cannot do it", "usage"), EXIT.usage],
  [new RunError("Cannot do it", "measuring"), EXIT.failed],
];
for (const [error, code] of KNOWN) {
  const kind = "kind" in error ? ` of kind ${error.kind}` : "";
  Deno.test(`knownFailure() tells a ${error.name}${kind} in its line, and ends with ${code}`, () => {
    assert.deepEqual(knownFailure(error), { line: "Cannot do it", code });
  });
}

Deno.test("knownFailure() shortens a line that nobody would read, and keeps how to mend it", () => {
  const failure = knownFailure(new ResultError(`Cannot read ${"x".repeat(1e6)}; name another`));
  assert.equal(failure!.line.length, 1003);
  assert.match(failure!.line, /^Cannot read x+ … x+; name another$/);
});

Deno.test("knownFailure() puts commander's message and suggestion in one line", () => {
  const error = new CommanderError(
    1,
    "commander.unknownOption",
    "error: unknown option '--profle'\n(Did you mean --profile?)",
  );
  assert.deepEqual(knownFailure(error), {
    line: "Unknown option '--profle'; did you mean --profile?",
    code: EXIT.usage,
  });
  const help = new CommanderError(1, "commander.help", "(outputHelp)");
  assert.match(knownFailure(help)?.line ?? "", /name a command; --help lists them/);
});

Deno.test("knownFailure() knows nothing of a fault of the program", () => {
  assert.equal(knownFailure(new TypeError("x is not a function")), undefined);
  assert.equal(knownFailure("text"), undefined);
});

Deno.test("isHelp() tells help that was asked for from an error", () => {
  assert.equal(isHelp(new CommanderError(0, "commander.helpDisplayed", "(outputHelp)")), true);
  assert.equal(isHelp(new CommanderError(1, "commander.help", "(outputHelp)")), false);
  assert.equal(isHelp(new UsageError("Cannot do it")), false);
});
