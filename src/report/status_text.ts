/** Outcomes as text, the same for every writer. */
import type { Status } from "./document.ts";

/** The marks of outcomes; the word beside a mark says the same. */
export const STATUS_MARKS: Record<Status["status"], string> = {
  "met": "✓",
  "supported": "✓",
  "missed": "✗",
  "refuted": "✗",
  "improved": "✓",
  "regressed": "✗",
  "unchanged": "=",
  "too small to matter": "≈",
  "inconclusive": "?",
  "not measured": "–",
};

/** An outcome as a mark and a word: `✓ met`. */
export function statusText(status: Status["status"]): string {
  return `${STATUS_MARKS[status]} ${status}`;
}
