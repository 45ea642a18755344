/** What a test file has that starts processes: itself, or by what its tests share. */
const STARTS_PROCESSES =
  /\bDeno\.Command\b|\bnew Worker\b|_testing\/(child|etcd_process|local_transport)\.ts"/;

/** The name of the option. */
const TIMEOUT = "timeout";

/**
 * A test that starts processes has a deadline: what hangs fails that test, and neither the file nor
 * the suite. All end-to-end tests have one, and the ordinary ones of files that start processes.
 */
export const testDeadline: Deno.lint.Rule = {
  create(context) {
    const { filename, sourceCode } = context;
    if (!/_test\.ts$|\/_testing\//.test(filename)) return {};
    if (!/_e2e_test\.ts$/.test(filename) && !STARTS_PROCESSES.test(sourceCode.text)) return {};
    return {
      CallExpression(node) {
        if (!isTest(node.callee, sourceCode)) return;
        if (node.arguments.some(hasTimeout)) return;
        context.report({
          node: node.callee,
          message: "A test that starts processes has no deadline",
          hint: "Give it a timeout in its options, in ms: ten times what it takes or more",
        });
      },
    };
  },
};

/** Whether what is called declares a test: `Deno.test`, or what `Deno.test.each(…)` gives. */
function isTest(callee: Deno.lint.Node, source: Deno.lint.SourceCode): boolean {
  if (callee.type === "CallExpression") {
    return source.getText(callee.callee) === "Deno.test.each";
  }
  return /^Deno\.test(\.only|\.ignore)?$/.test(source.getText(callee));
}

/** Whether an argument is an object with that option; what is inside of its functions is not asked. */
function hasTimeout(node: Deno.lint.Node): boolean {
  return node.type === "ObjectExpression" &&
    node.properties.some((property) =>
      property.type === "Property" && property.key.type === "Identifier" &&
      property.key.name === TIMEOUT
    );
}
