/**
 * Files and folders that are being written anew, in which values still stand inside of the sentence.
 * The list only shrinks.
 */
const NOT_YET: readonly string[] = [
  "src/cli/engine_step.ts",
  "src/cli/commands/engine/",
  "src/engine/",
];

/** The project's folder, as a path that ends in a slash. */
const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);

/**
 * A sentence reads whole: what goes into one has a name before it. Where an expression in a template
 * needs a line of its own, the words around it are torn apart, and nobody can read or search them.
 */
export const wholeSentences: Deno.lint.Rule = {
  create(context) {
    const { filename, sourceCode: { text } } = context;
    if (NOT_YET.some((path) => filename.startsWith(ROOT + path))) return {};
    return {
      TemplateLiteral({ expressions }) {
        for (const { range: [from, to] } of expressions) {
          // From what opens the expression, `${`, which may have spaces after it.
          const opening = text.lastIndexOf("${", from);
          if (!text.slice(opening, from).includes("\n")) continue;
          context.report({
            range: [from, to],
            message: "A value stands on a line of its own inside of a sentence",
            hint: "Give it a name before the sentence, or end the string before it",
          });
        }
      },
    };
  },
};
