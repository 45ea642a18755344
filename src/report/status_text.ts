/** Outcomes as text, the same for every writer. */
import type { Status } from "./document.ts";

/** The marks of outcomes; the word beside a mark says the same. */
const MARKS: Record<Status["status"], string> = {
  "met": "✓",
  "met in one run": "○",
  "supported": "✓",
  "missed": "✗",
  "refuted": "✗",
  "improved": "✓",
  "regressed": "✗",
  "unchanged": "=",
  "usual": "=",
  "too small to matter": "≈",
  "too few nights": "?",
  "inconclusive": "?",
  "not measured": "–",
  "missing": "–",
};

/** The mark alone, where the word is beside it in another form. */
export function statusMark(status: Status["status"]): string {
  return MARKS[status];
}

/** An outcome as a mark and a word: `✓ met`. */
export function statusText(status: Status["status"], words: string = status): string {
  return `${MARKS[status]} ${words}`;
}

/** The class that colours an outcome. */
export function statusClass(status: Status["status"]): string {
  return `status ${status.replaceAll(" ", "-")}`;
}
