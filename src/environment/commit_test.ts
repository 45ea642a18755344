import assert from "node:assert/strict";
import { run } from "../_testing/child.ts";
import { checkoutCommit } from "./commit.ts";
import { filesOf } from "./_testing/fixtures.ts";

const A = "a".repeat(40);
const B = "b".repeat(40);

const cases: [name: string, files: Record<string, string>, commit: string | null][] = [
  [
    "a branch",
    { "/r/.git/HEAD": "ref: refs/heads/main\n", "/r/.git/refs/heads/main": `${A}\n` },
    A,
  ],
  ["a detached HEAD", { "/r/.git/HEAD": `${A}\n` }, A],
  ["a SHA-256 repository", { "/r/.git/HEAD": "c".repeat(64) }, "c".repeat(64)],
  [
    "a packed branch",
    {
      "/r/.git/HEAD": "ref: refs/heads/main\n",
      "/r/.git/packed-refs": `# pack-refs with: peeled\n${B} refs/heads/x/main\n` +
        `${A} refs/heads/main\n${B} refs/tags/v1\n^${B}\n`,
    },
    A,
  ],
  [
    "a branch that is newer than its packed form",
    {
      "/r/.git/HEAD": "ref: refs/heads/main\n",
      "/r/.git/refs/heads/main": A,
      "/r/.git/packed-refs": `${B} refs/heads/main\n`,
    },
    A,
  ],
  [
    "a branch that points to another",
    {
      "/r/.git/HEAD": "ref: refs/heads/alias\n",
      "/r/.git/refs/heads/alias": "ref: refs/heads/main\n",
      "/r/.git/refs/heads/main": A,
    },
    A,
  ],
  [
    "branches that point to each other",
    {
      "/r/.git/HEAD": "ref: refs/heads/a\n",
      "/r/.git/refs/heads/a": "ref: refs/heads/b\n",
      "/r/.git/refs/heads/b": "ref: refs/heads/a\n",
    },
    null,
  ],
  [
    "a worktree",
    {
      "/r/.git": "gitdir: /main/.git/worktrees/r\n",
      "/main/.git/worktrees/r/HEAD": "ref: refs/heads/topic\n",
      "/main/.git/worktrees/r/commondir": "../..\n",
      "/main/.git/worktrees/r/../../refs/heads/topic": A,
      "/main/.git/HEAD": B,
    },
    A,
  ],
  [
    "a submodule",
    { "/r/.git": "gitdir: ../.git/modules/r\n", "/r/../.git/modules/r/HEAD": A },
    A,
  ],
  ["a checkout without a commit", { "/r/.git/HEAD": "ref: refs/heads/main\n" }, null],
  ["references in another form", { "/r/.git/HEAD": "ref: refs/heads/.invalid\n" }, null],
  ["no checkout", { "/r/README": "" }, null],
];
Deno.test.each(cases)("checkoutCommit() reads %s", { timeout: 300_000 }, (_name, files, commit) => {
  assert.equal(checkoutCommit("/r", filesOf(files)), commit);
  assert.equal(checkoutCommit("/r/src/deep/", filesOf(files)), commit);
});

Deno.test("checkoutCommit() agrees with git on a new checkout", { timeout: 300_000 }, async () => {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  const git = async (...args: string[]) => {
    const identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"];
    const { code, out, err } = await run("git", ["-C", folder, ...identity, ...args]);
    assert.equal(code, 0, err);
    return out.trim();
  };
  try {
    await git("init", "-q");
    assert.equal(checkoutCommit(folder), null);
    await git("commit", "-q", "--allow-empty", "-m", "one");
    const head = await git("rev-parse", "HEAD");
    assert.equal(checkoutCommit(folder), head);
    await git("pack-refs", "--all");
    assert.equal(checkoutCommit(`${folder}/src`), head);
    await git("worktree", "add", "-q", `${folder}/tree`);
    await git("-C", "tree", "commit", "-q", "--allow-empty", "-m", "two");
    assert.equal(checkoutCommit(`${folder}/tree`), await git("-C", "tree", "rev-parse", "HEAD"));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
