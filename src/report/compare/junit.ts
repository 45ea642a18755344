/** A comparison as JUnit XML, which forges read as a test report. */
import { METRIC_WORDS, type ResultComparison } from "../../analysis/mod.ts";
import { oneLine } from "../plain_text.ts";
import { statusText } from "../status_text.ts";
import { gateInWords, rowInWords } from "./words.ts";

/**
 * Writes a comparison as JUnit XML: one test suite, one case for each metric of each benchmark. A
 * regression is a failure, an inconclusive row and a benchmark that only one side has are skipped
 * with the reason, and everything else passes.
 */
export function comparisonToJunit(comparison: ResultComparison): string {
  const { base, candidate, rows, onlyInBase, onlyInCandidate, counts } = comparison;
  const cases = rows.map((row) => {
    const detail = `${statusText(row.verdict)}: ${rowInWords(row)}`;
    const inner = row.verdict === "regressed"
      ? `<failure type="regressed" message=${attribute(detail)}/>`
      : row.verdict === "inconclusive"
      ? `<skipped message=${attribute(row.reason ?? "")}/>`
      : `<system-out>${escape(detail)}</system-out>`;
    return testCase(row.id, METRIC_WORDS[row.metric], inner);
  });
  const oneSided = [
    ...onlyInBase.map((id) => [id, "it is only in the base"] as const),
    ...onlyInCandidate.map((id) => [id, "it is only in the candidate"] as const),
  ].map(([id, why]) => testCase(id, "benchmark", `<skipped message=${attribute(why)}/>`));
  const all = [...cases, ...oneSided];
  const totals = `tests="${all.length}" failures="${counts.regressed}" errors="0" ` +
    `skipped="${counts.inconclusive + oneSided.length}"`;
  const timestamp = candidate.startedAt === null
    ? ""
    : ` timestamp=${attribute(candidate.startedAt)}`;
  const outcome = gateInWords(comparison);
  const name = attribute(`${candidate.label} against ${base.label}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `<testsuite name=${name} ${totals}${timestamp}>`,
    // A reader of the totals alone sees that all were skipped; this says what it means.
    `<properties><property name="outcome" value=${attribute(outcome)}/></properties>`,
    ...all,
    "</testsuite>",
    "</testsuites>",
    "",
  ].join("\n");
}

function testCase(className: string, name: string, inner: string): string {
  return `<testcase classname=${attribute(className)} name=${attribute(name)}>${inner}</testcase>`;
}

function attribute(text: string): string {
  return `"${escape(text)}"`;
}

/** Text for XML 1.0, which has no place for most control characters nor for U+FFFE and U+FFFF. */
function escape(text: string): string {
  return oneLine(text)
    .replace(/[\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
