import * as v from "valibot";

/**
 * How what others made is held against a schema: up to the first thing that is wrong, since a list of a
 * million nulls would else have a million issues, of half a kilobyte each.
 */
export const FIRST_ISSUE = { abortEarly: true } as const;

/**
 * What a schema found wrong, in one line: the first issue and where it is.
 *
 * @param issues What `safeParse` returned.
 */
export function issueText(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]) {
  const [first] = issues;
  const where = v.getDotPath(first);
  return `${where === null ? "" : `${where}: `}${lowerFirst(first.message)}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
