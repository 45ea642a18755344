/** Declarations that need a docstring where they are exported. */
const DOCUMENTED: ReadonlySet<string> = new Set([
  "FunctionDeclaration",
  "TSDeclareFunction",
  "ClassDeclaration",
  "TSInterfaceDeclaration",
  "TSTypeAliasDeclaration",
  "TSEnumDeclaration",
  "VariableDeclaration",
]);

/**
 * Every public export has a docstring: a JSDoc comment right before it, with only line comments in
 * between. Of several declarations of one name (overloads, a schema and the type of what it checks)
 * the first needs it. Tests and benches have no public exports, and a declaration file says the types
 * of another's module.
 */
export const docstring: Deno.lint.Rule = {
  create(context) {
    if (/(_test|_bench|\.d)\.tsx?$/.test(context.filename)) return {};
    const seen = new Set<string>();
    const { text, ast } = context.sourceCode;
    return {
      ExportNamedDeclaration({ declaration, range }) {
        if (!declaration || !DOCUMENTED.has(declaration.type)) return;
        const name = nameOf(declaration);
        if (name === undefined || seen.has(name)) return;
        seen.add(name);
        const documented = ast.comments.some((comment) =>
          comment.type === "Block" && comment.value.startsWith("*") &&
          comment.range[1] <= range[0] &&
          /^(\s|\/\/.*)*$/.test(text.slice(comment.range[1], range[0]))
        );
        if (documented) return;
        context.report({
          range: [range[0], declaration.range[0]],
          message: `The export ${name} has no docstring`,
          hint: "Say in a /** … */ right before it what it is",
        });
      },
    };
  },
};

/** What a declaration declares; of `const a = 1, b = 2` the first. */
function nameOf(declaration: Deno.lint.Node): string | undefined {
  if (declaration.type === "VariableDeclaration") {
    const [first] = declaration.declarations;
    return first?.id.type === "Identifier" ? first.id.name : "of several values";
  }
  if (!("id" in declaration) || typeof declaration.id !== "object") return undefined;
  return declaration.id?.type === "Identifier" ? declaration.id.name : undefined;
}
