/**
 * Whose output is a protocol between our own processes, JSON a line, and no text for people; and the
 * file through which all that people read goes.
 */
const SPEAKERS: ReadonlySet<string> = new Set([
  "src/cli/streams.ts",
  "src/run/child.ts",
  "src/store/cable/process.ts",
  "src/cluster/agent.ts",
  "src/plugin/check/process.ts",
  "src/plugin/check/kill_process.ts",
  "src/publish/s3_process.ts",
  "src/engine/download_process.ts",
  "src/engine/receive.ts",
  "src/robustness/fuzz_child.ts",
  "src/robustness/torture/read_damaged.ts",
]);

/** Names through which a program prints. */
const CONSOLE: ReadonlySet<string> = new Set(["log", "error", "warn", "info", "debug", "table"]);

/**
 * Production code prints through `Streams` alone, which makes text from elsewhere harmless: a name in
 * a file must not act on the terminal of whoever reads it. Tests, benches and test support print as
 * they like.
 */
export const oneVoice: Deno.lint.Rule = {
  create(context) {
    const file = context.filename.replace(/^.*\/(src|suites|nix)\//, "$1/");
    if (/(_test|_bench)\.tsx?$/.test(file) || file.includes("/_testing/") || SPEAKERS.has(file)) {
      return {};
    }
    return {
      MemberExpression(node) {
        const { object, property } = node;
        if (object.type !== "Identifier" || property.type !== "Identifier") return;
        const prints = object.name === "console"
          ? CONSOLE.has(property.name)
          : object.name === "Deno" && (property.name === "stdout" || property.name === "stderr");
        if (!prints) return;
        context.report({
          node,
          message:
            `${object.name}.${property.name} prints past the one function that makes text harmless`,
          hint:
            "Print through the Streams that a command is given (STANDARD in src/cli/streams.ts)",
        });
      },
    };
  },
};
