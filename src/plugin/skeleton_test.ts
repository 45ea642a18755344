/** Skeletons are built as people build them, and hold what is asked of a plug-in. */
import assert from "node:assert/strict";
import { inFolder } from "../_testing/folder.ts";
import { run, succeeds } from "../_testing/child.ts";
import { checkPlugin } from "./check/check.ts";
import { SKELETON_LANGUAGES, type SkeletonLanguage, writeSkeleton } from "./skeleton.ts";

/** What a language needs here, and the flags of its build. */
const NEEDS: Readonly<Record<SkeletonLanguage, { program: string; flags: string[] }>> = {
  rust: { program: "cargo", flags: ["--offline"] },
  c: { program: "cc", flags: ["CFLAGS=-O1 -Wall -Wextra -Werror"] },
  cpp: { program: "c++", flags: ["CXXFLAGS=-O1 -Wall -Wextra -Werror"] },
  zig: { program: "zig", flags: [] },
};

/** Whether a build of a language can be tried. */
const missing: Partial<Record<SkeletonLanguage, string>> = {};
for (const [language, { program }] of Object.entries(NEEDS)) {
  if (await succeeds(program, program === "zig" ? "version" : "--version")) continue;
  missing[language as SkeletonLanguage] = ` (skipped: there is no ${program})`;
}

/** Builds what was written. @returns The library's path. */
async function built(folder: string, name: string, language: SkeletonLanguage): Promise<string> {
  const { build, library } = writeSkeleton(`${folder}/${name}`, name, language);
  const [program, ...args] = build.split(" ");
  const { flags } = NEEDS[language];
  const { code, err } = await run(program!, [...args, ...flags], {
    cwd: `${folder}/${name}`,
    seconds: 240,
  });
  assert.equal(code, 0, err);
  return `${folder}/${name}/${library}`;
}

for (const language of SKELETON_LANGUAGES) {
  Deno.test({
    name: `the ${language} skeleton is built, and holds the check's core${missing[language] ?? ""}`,
    timeout: 400_000,
    ignore: missing[language] !== undefined,
    fn: () =>
      inFolder(async (folder) => {
        const library = await built(folder, "my-engine", language);
        const { refused, plugin, verdicts } = await checkPlugin(library, { core: true });
        assert.equal(refused, null);
        assert.equal(plugin?.description.name, "my-engine");
        assert.deepEqual(verdicts.filter(({ state }) => state === "fails"), []);
      }),
  });
}

Deno.test({
  name: `a panic in Rust comes back as an error with its text${missing.rust ?? ""}`,
  timeout: 400_000,
  ignore: missing.rust !== undefined,
  fn: () =>
    inFolder(async (folder) => {
      const { build, library } = writeSkeleton(`${folder}/panics`, "panics", "rust");
      const source = `${folder}/panics/src/lib.rs`;
      const text = Deno.readTextFileSync(source);
      const put = "fn put(&self, family: u32, key: &[u8], value: &[u8]) -> Result<()> {\n";
      assert.ok(text.includes(put));
      Deno.writeTextFileSync(
        source,
        text.replace(
          put,
          `${put}        assert!(value.len() != 137, "the {}th byte", value.len());\n`,
        ),
      );
      const [program, ...args] = build.split(" ");
      // It is built as people build it above; here it only has to panic.
      const quickly = [
        "--config",
        "profile.release.opt-level=0",
        "--config",
        "profile.release.lto=false",
      ];
      const { code, err } = await run(program!, [...args, "--offline", ...quickly], {
        cwd: `${folder}/panics`,
        seconds: 240,
      });
      assert.equal(code, 0, err);
      const { verdicts } = await checkPlugin(`${folder}/panics/${library}`, {
        filter: "every key",
      });
      assert.deepEqual(verdicts.map(({ state }) => state), ["fails"]);
      assert.match(verdicts[0]!.detail, /^put returned -5: the 137th byte$/);
    }),
});

Deno.test(
  "writeSkeleton() overwrites nothing",
  { timeout: 60_000 },
  () =>
    inFolder(async (folder) => {
      writeSkeleton(`${folder}/mine`, "mine", "c");
      const before = await Deno.readTextFile(`${folder}/mine/plugin.c`);
      assert.match(before, /"\{\\"name\\":\\"mine\\"/);
      assert.throws(
        () => writeSkeleton(`${folder}/mine`, "mine", "cpp"),
        Deno.errors.AlreadyExists,
      );
      assert.deepEqual(
        [...Deno.readDirSync(`${folder}/mine`)].map(({ name }) => name).sort(),
        ["Makefile", "plugin.c", "tidemark_config.h", "tidemark_plugin.h"],
      );
    }),
);
