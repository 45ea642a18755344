/** The steps of the nightly workflow, run as a runner of the forge does. */
import assert from "node:assert/strict";
import { dirname } from "node:path";
import { withFolder } from "../../_testing/folder.ts";
import { run } from "../../_testing/child.ts";
import { isThere, TINY } from "./_testing/tidemark.ts";

const ROOT = new URL("../../../", import.meta.url).pathname;
const WORKFLOW = Deno.readTextFileSync(`${ROOT}.github/workflows/nightly.yml`);

/** The script of a step; the text is indented by ten spaces, or follows on the line. */
function script(step: string): string {
  const [, rest = ""] = WORKFLOW.split(`- name: ${step}\n`);
  const [, line, block = ""] = rest.match(/^ +run: (.*)\n((?: {10}.*\n|\n)*)/m) ?? [];
  return line === "|" ? block.replaceAll(/^ {10}/gm, "") : line!;
}

Deno.test("the workflow's actions are pinned, and nothing of an event gets into a script", {
  timeout: 300_000,
}, () => {
  for (const [, action] of WORKFLOW.matchAll(/uses: (\S+)/g)) {
    assert.match(action!, /^actions\/[a-z-]+@v\d+\.\d+\.\d+$/);
  }
  assert.doesNotMatch(script("Night"), /\$\{\{/);
  assert.match(script("Night"), /task nightly/);
});

Deno.test(
  "the workflow's scripts measure a night, and say where the pages are",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    const { version } = Deno;
    // The command of the README, without the registry.
    Deno.mkdirSync(`${cwd}/bin`);
    Deno.writeTextFileSync(
      `${cwd}/bin/npx`,
      `#!/bin/sh\n[ "$1 $2" = "-y deno@${version.deno}" ] || exit 64\nshift 2\nexec deno "$@"\n`,
      { mode: 0o755 },
    );
    const folder = dirname(Deno.execPath());
    for (const step of ["Packages", "Night"]) {
      // As the forge does.
      const shell = ["--noprofile", "--norc", "-eo", "pipefail", "-c", script(step)];
      const { code, err } = await run("bash", shell, {
        cwd: ROOT,
        env: {
          PATH: `${cwd}/bin:${folder}:${Deno.env.get("PATH")}`,
          SUITE: TINY,
          PROFILE: "smoke",
          TIDEMARK_OUT: `${cwd}/out`,
          GITHUB_OUTPUT: `${cwd}/output`,
          GITHUB_STEP_SUMMARY: `${cwd}/summary.md`,
        },
        seconds: 150,
      });
      assert.equal(code, 0, err);
    }
    const output = Deno.readTextFileSync(`${cwd}/output`).trim().split("\n");
    const pages = output.at(-1)!.replace(/^pages=/, "");
    assert.equal(pages, Deno.realPathSync(`${cwd}/out/pages/latest`));
    assert.ok(isThere(`${pages}/index.html`));
    assert.match(Deno.readTextFileSync(`${cwd}/summary.md`), /^## /m);
  }),
);
