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
 * @param whole What is called by no name of a field.
 */
export function issueText(
  issues: readonly [v.BaseIssue<unknown>, ...v.BaseIssue<unknown>[]],
  whole?: string,
): string {
  const [first] = issues;
  const where = v.getDotPath(first) ?? whole;
  return `${where === undefined ? "" : `${where}: `}${wrongWith(first)}`;
}

/** What valibot's own messages begin with; any other is one that a schema of ours gave. */
const THEIRS = /^Invalid /;

function wrongWith(issue: v.BaseIssue<unknown>): string {
  const { message, received, expected } = issue;
  if (!THEIRS.test(message)) return message.charAt(0).toLowerCase() + message.slice(1);
  if (received === "undefined") return "it is missing";
  if (expected === "never") return "it is not known here";
  return `it is ${shown(received)}, and has to be ${wanted(issue)}`;
}

/** What is received, as valibot writes it, e.g. `"text"`, `1.5`, `Array`. */
const RECEIVED: Readonly<Record<string, string>> = { Array: "a list", Object: "an object" };
/** The most of a value that is shown, letters. */
const MOST_LETTERS = 80;

function shown(received: string): string {
  const text = Object.hasOwn(RECEIVED, received) ? RECEIVED[received]! : received;
  return text.length <= MOST_LETTERS ? text : `${text.slice(0, MOST_LETTERS)}…`;
}

/** What is wanted by the kind of an issue, where its number says more. */
const BY_KIND: Readonly<Record<string, (requirement: unknown) => string>> = {
  integer: () => "a whole number",
  finite: () => "a finite number",
  min_value: (least) => `${least} or more`,
  max_value: (most) => `${most} or less`,
  gt_value: (bound) => `above ${bound}`,
  lt_value: (bound) => `below ${bound}`,
  min_length: (least) => `${least} long or longer`,
  max_length: (most) => `${most} long or shorter`,
};

/** Types as people call them. */
const TYPES: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  Array: "a list",
  Object: "an object",
};

/** How many values are named of those that would do. */
const NAMED = 10;

function wanted({ type, expected, requirement }: v.BaseIssue<unknown>): string {
  if (Object.hasOwn(BY_KIND, type)) return BY_KIND[type]!(requirement);
  // Of a form, valibot has no more to say than a regular expression.
  if (expected === null || type === "regex") return "of another form";
  const values = expected.replace(/^\((.*)\)$/, "$1").split(" | ")
    .map((each) => Object.hasOwn(TYPES, each) ? TYPES[each]! : each);
  const named = values.length > NAMED ? [...values.slice(0, NAMED), "…"] : values;
  return named.length === 1 ? named[0]! : `${named.slice(0, -1).join(", ")} or ${named.at(-1)}`;
}
