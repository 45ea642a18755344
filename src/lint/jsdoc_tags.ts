/** What is asked of each tag: what its text may not look like, and how it is written instead. */
const TAGS: readonly { tag: RegExp; wrong: RegExp; hint: string }[] = [
  {
    tag: /@param\s+(\{[^}]*\}|-|\w+\s+-)/,
    wrong: /^/,
    hint: "Write the name and what it is: the type stands in the code",
  },
  {
    tag: /@param\s+[^\s{-]\S*\s+/,
    wrong: /^[a-z]/,
    hint: "Begin what a parameter is with a capital letter",
  },
  {
    tag: /@return\s+/,
    wrong: /^/,
    hint: "Write @returns",
  },
  {
    tag: /@returns\s+/,
    wrong: /^[a-z]/,
    hint: "Begin what is returned with a capital letter",
  },
  {
    tag: /@throws\s+((\{\w+\},?|or)\s+)*/,
    wrong: /^[a-z]/,
    hint: "Begin the condition with a capital letter",
  },
  {
    tag: /@default\s+/,
    wrong: /^\{(?!@link)/,
    hint: "Write the default without braces",
  },
];

/**
 * JSDoc has one style: the text of `@param`, `@returns` and `@throws` begins with a capital letter, a
 * `@default` has no braces, and types stand in the code only.
 */
export const jsdocTags: Deno.lint.Rule = {
  create(context) {
    return {
      Program({ comments }) {
        for (const { type, value, range } of comments) {
          if (type !== "Block" || !value.startsWith("*")) continue;
          // The two characters that open the comment are not in its value.
          const start = range[0] + 2;
          for (const { tag, wrong, hint } of TAGS) {
            for (const { 0: found, index } of value.matchAll(new RegExp(tag, "g"))) {
              const text = value.slice(index + found.length);
              // Of a text that begins on the next line, what the comment's margin hides.
              if (!wrong.test(text.replace(/^\*\s*/, ""))) continue;
              const [name] = found.split(/\s/, 1);
              context.report({
                range: [start + index, start + index + name!.length],
                message: `${name} is not written as elsewhere`,
                hint,
              });
            }
          }
        }
      },
    };
  },
};
