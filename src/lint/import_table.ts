/**
 * The project's own lint plugin. Its first rule keeps the table below true; the others are
 * {@linkcode docstring}, {@linkcode jsdocTags}, {@linkcode testDeadline} and
 * {@linkcode wholeSentences}.
 */
import { docstring } from "./docstring.ts";
import { oneVoice } from "./one_voice.ts";
import { jsdocTags } from "./jsdoc_tags.ts";
import { testDeadline } from "./test_deadline.ts";
import { wholeSentences } from "./whole_sentences.ts";

/** Stands for every row below. */
const EVERYTHING_BELOW = "everything below";

/**
 * Which part of the project may import which, from the top down; a part may always import itself.
 * Data flows one way, so nothing imports a row above its own.
 */
const TABLE: Readonly<Record<string, readonly string[] | typeof EVERYTHING_BELOW>> = {
  // What attacks all the others: fuzzers, the torture, and the report of both.
  "src/robustness": EVERYTHING_BELOW,
  "main.ts": ["src/cli"],
  "src/cli": EVERYTHING_BELOW,
  "suites": ["src/mod.ts"],
  "src/mod.ts": ["src/suite", "src/result"],
  "src/night": [
    "src/run",
    "src/cluster",
    "src/history",
    "src/analysis",
    "src/report",
    "src/publish",
    "src/result",
    "src/disk",
    "src/format",
    "src/remark",
  ],
  "src/publish": ["src/cluster", "src/result", "src/child", "src/disk", "src/format"],
  "src/report": [
    "src/analysis",
    "src/stats",
    "src/result",
    "src/disk",
    "src/format",
    "src/remark",
  ],
  "src/analysis": [
    "src/stats",
    "src/result",
    "src/suite",
    "src/workload",
    "src/format",
    "src/remark",
  ],
  "src/history": ["src/stats", "src/result", "src/disk", "src/format"],
  "src/importers": ["src/result", "src/disk", "src/format"],
  // Nodes are given the libraries that they measure with.
  "src/cluster": ["src/engine", "src/result", "src/child", "src/disk", "src/format"],
  "src/run": [
    "src/suite",
    "src/store",
    "src/workload",
    "src/measure",
    "src/environment",
    "src/result",
    "src/stats",
    "src/native",
    "src/child",
    "src/disk",
    "src/format",
  ],
  // A search for a commit: the repository, builds, the journal. Measuring is its caller's.
  "src/bisect": ["src/native", "src/child", "src/disk", "src/format"],
  // What engines' authors have: the C interface, skeletons, and the check of a plug-in.
  "src/plugin": ["src/store", "src/native", "src/child", "src/disk", "src/format"],
  "src/environment": ["src/result", "src/native", "src/disk", "src/format", "src/remark"],
  "src/suite": ["src/workload", "src/result", "src/format"],
  "src/measure": ["src/workload", "src/store", "src/stats", "src/native"],
  // Servers that are started for a run are its child processes.
  "src/store": [
    "src/result",
    "src/engine",
    "src/native",
    "src/child",
    "src/disk",
    "src/format",
  ],
  "src/result": ["src/workload", "src/disk", "src/format"],
  "src/engine": ["src/native", "src/child", "src/disk", "src/format"],
  "src/workload": ["src/stats"],
  "src/stats": [],
  // The shape of what is said where a condition holds, and its limits: the machine's doctor, the
  // analysis and the report share them, and none of these is below all others.
  "src/remark": [],
  "src/native": [],
  // Ending and waiting for child processes: what starts some shares it, in stages of any height.
  "src/child": [],
  "src/disk": [],
  "src/format": [],
  "src/deps": [],
  "src/lint": [],
  // What tests of every part use; a plug-in that they load is built as for users.
  "src/_testing": ["src/plugin"],
  // Where the version is.
  "deno.json": [],
};

/**
 * What a test may import beyond its folder's row: the result is what passes between the stages, so
 * any folder's test may hold its own data against the schema; and what all tests share. Benches have
 * no exception.
 */
const ALSO_IN_TESTS: readonly string[] = ["src/result", "src/_testing"];

/** What a folder shows to the others; what else is in it, it may move and rename as it likes. */
const FACE = "mod.ts";

/**
 * Folders that others import otherwise: each file of deps is the face of a third-party module. The
 * others have a face for what only some processes need, since each run begins a new one: what stores
 * are called without the schemas of results, and what a run needs without the network by which releases
 * come, the loads, and the schemas of plug-ins.
 */
const OTHER_FACES: Readonly<Record<string, (path: string) => boolean>> = {
  "src/deps": () => true,
  "src/cli": (path) => path === "src/cli/main.ts",
  "src/result": (path) => path === "src/result/mod.ts" || path === "src/result/variant.ts",
  "src/engine": (path) => path === "src/engine/mod.ts" || path === "src/engine/kept.ts",
  "src/measure": (path) => path === "src/measure/mod.ts" || path === "src/measure/load/load.ts",
  "src/store": (path) => path === "src/store/mod.ts" || path === "src/store/plugin/mod.ts",
};

/** The folders of what only tests use: fakes, fixtures, servers, samples. */
const TEST_SUPPORT = "/_testing/";

/** The folders of the commands: each has all that is one command's, and only that. */
const COMMANDS = "src/cli/commands/";

/** The one file that puts the commands together. */
const PROGRAM = "src/cli/program.ts";

/** The project's folder, as a path that ends in a slash. */
const ROOT = decodeURIComponent(new URL("../../", import.meta.url).pathname);

/** Third-party modules have their versions in the import map, and their types in one folder. */
const REGISTRY = /^(npm|jsr|https?):/;

const importTable: Deno.lint.Rule = {
  create(context) {
    const file = relativeToRoot(context.filename);
    if (file === undefined) return {};
    const part = partOf(file);
    const check = (node: Deno.lint.Node | null) => {
      const specifier = node && literal(context.sourceCode.getText(node));
      const complaint = specifier && complain(file, part, specifier);
      if (complaint) context.report({ node, ...complaint });
    };
    return {
      Program(node) {
        if (!part.startsWith("src/") || part in TABLE) return;
        context.report({
          range: [node.range[0], node.range[0]],
          message: `${part} is not in the import table`,
          hint: "Add it, with what it may import, to TABLE in src/lint/import_table.ts",
        });
      },
      ImportDeclaration: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      TSImportType: (node) => check(node.argument),
    };
  },
};

/** What is wrong with an import, or `undefined`. */
function complain(file: string, part: string, specifier: string) {
  if (REGISTRY.test(specifier)) {
    if (part === "src/deps") return undefined;
    return {
      message: `A third-party module is imported by its address`,
      hint: "Give it a bare name in deno.json's import map, or wrap it in src/deps",
    };
  }
  if (specifier.startsWith("/") || specifier.startsWith("file:")) {
    return {
      message: `A module is imported by an absolute path`,
      hint: "Write the path relative to this file, starting with ./ or ../",
    };
  }
  if (!specifier.startsWith(".")) return undefined;
  const path = new URL(specifier, `file:///${file}`).pathname.slice(1);
  if (path.includes(TEST_SUPPORT) && !onlyTests(file) && !isBench(file)) {
    return {
      message: `${file} may not import what only tests use`,
      hint: "Move what production needs out of _testing/",
    };
  }
  const command = commandOf(path);
  if (command !== undefined && commandOf(file) !== command && file !== PROGRAM) {
    return {
      message: `${file} may not import what is the command ${command}'s own`,
      hint: "Give what several commands need a file of its own, outside of their folders",
    };
  }
  const target = partOf(path);
  if (target === part) return undefined;
  const permitted = allowed(part, file);
  if (!permitted.includes(target)) {
    return {
      message: `${part} may not import ${target}`,
      hint: `It may import ${permitted.join(", ") || "nothing else of the project"}; ` +
        "the table is in src/lint/import_table.ts",
    };
  }
  if (isFace(target, path) || onlyTests(file) || isBench(file)) return undefined;
  return {
    message: `${file} may not import ${path}`,
    hint: `Import ${target}/${FACE}, and export there what other folders need`,
  };
}

/** Whether a path is what a part shows to others; a part that is one file is its own face. */
function isFace(part: string, path: string): boolean {
  if (Object.hasOwn(OTHER_FACES, part)) return OTHER_FACES[part]!(path);
  return path === part || path === `${part}/${FACE}` || !part.startsWith("src/");
}

/** What a file of a part may import of other parts. */
function allowed(part: string, file: string): readonly string[] {
  // Own keys only: a folder may be called like a method of every object.
  const row = Object.hasOwn(TABLE, part) ? TABLE[part]! : [];
  const parts = Object.keys(TABLE);
  if (row === EVERYTHING_BELOW) return parts.slice(parts.indexOf(part) + 1);
  return onlyTests(file) ? [...new Set([...row, ...ALSO_IN_TESTS])] : row;
}

/** The command that a file is a part of, or `undefined`. */
function commandOf(file: string): string | undefined {
  return file.startsWith(COMMANDS) ? file.slice(COMMANDS.length).split("/")[0] : undefined;
}

/** The folder of long tasks that attack the others, and look inside them as tests do. */
const ATTACKS = "src/robustness/";

/** Whether a file is a test, or what only tests use. */
function onlyTests(file: string): boolean {
  return /_test\.tsx?$/.test(file) || file.includes(TEST_SUPPORT) || file.startsWith(ATTACKS);
}

/** Whether a file is a bench, which looks inside as a test does. */
function isBench(file: string): boolean {
  return file.endsWith("_bench.ts");
}

/** The row that a file of the project belongs to; one that the table may not have. */
function partOf(file: string): string {
  const [top, second] = file.split("/");
  return top === "src" && second !== undefined ? `src/${second}` : top!;
}

/** A file's path in the project, or `undefined` where it lies outside. */
function relativeToRoot(filename: string): string | undefined {
  return filename.startsWith(ROOT) ? filename.slice(ROOT.length) : undefined;
}

/** The text of a string literal, or `undefined` of anything that is only known when it runs. */
function literal(source: string): string | undefined {
  return source.match(/^(["'`])([^$]*)\1$/)?.[2];
}

/** The plugin, as deno.json names it. */
const plugin: Deno.lint.Plugin = {
  name: "tidemark",
  rules: {
    "import-table": importTable,
    docstring,
    "jsdoc-tags": jsdocTags,
    "test-deadline": testDeadline,
    "whole-sentences": wholeSentences,
    "one-voice": oneVoice,
  },
};
export default plugin;
