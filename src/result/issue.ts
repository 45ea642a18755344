import * as v from "valibot";

/**
 * What a schema found wrong, in one line: the first issue and where it is, and how many more.
 *
 * @param issues What `safeParse` returned.
 */
export function issueText(issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]]) {
  const [first, ...others] = issues;
  const where = v.getDotPath(first);
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return `${where === null ? "" : `${where}: `}${lowerFirst(first.message)}${more}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
