const plugin: Deno.lint.Plugin = { name: "tidemark", rules: {} };
export default plugin;
