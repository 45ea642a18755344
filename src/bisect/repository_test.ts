import assert from "node:assert/strict";
import { join } from "node:path";
import { buildCommit } from "./build.ts";
import { Repository } from "./repository.ts";

const GIT_MS = 60_000;

async function git(folder: string, ...args: string[]): Promise<string> {
  const who = ["-c", "user.name=nobody", "-c", "user.email=nobody@localhost"];
  const { success, stdout, stderr } = await new Deno.Command("git", {
    args: ["-C", folder, ...who, ...args],
    signal: AbortSignal.timeout(GIT_MS),
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout).trim();
}

/** A repository of some commits, each with its number in a file, and a merge at its end. */
async function madeUp(): Promise<{ folder: string; repository: Repository } & Disposable> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync({ prefix: "tidemark-repository-" }));
  await git(folder, "init", "--quiet", "--initial-branch=main");
  for (let at = 0; at < 4; at++) {
    Deno.writeTextFileSync(join(folder, "number"), `${at}\n`);
    await git(folder, "add", "--all");
    await git(folder, "commit", "--quiet", "--message", `Step ${at}\tof 4`);
  }
  await git(folder, "checkout", "--quiet", "-b", "side", "HEAD~2");
  await git(folder, "commit", "--quiet", "--allow-empty", "--message", "Aside");
  await git(folder, "checkout", "--quiet", "main");
  await git(folder, "merge", "--quiet", "--no-ff", "side", "--message", "Merge side");
  const repository = await Repository.open(folder);
  return {
    folder,
    repository,
    [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }),
  };
}

const quiet = new AbortController().signal;

Deno.test(
  "Repository has the commits after the good one, a merge being one",
  { timeout: 300_000 },
  async () => {
    using made = await madeUp();
    const commits = await made.repository.commits("HEAD~3", "main");
    const titles = commits.map(({ title }) => title.replace(/^\S+ /, ""));
    assert.deepEqual(titles, ["Step 1\tof 4", "Step 2\tof 4", "Step 3\tof 4", "Merge side"]);
    assert.equal(commits[0]!.hash, await git(made.folder, "rev-parse", "HEAD~3"));
  },
);

Deno.test("Repository says in a line what cannot be searched", { timeout: 300_000 }, async () => {
  using made = await madeUp();
  const refused = (good: string, bad: string, pattern: RegExp) =>
    assert.rejects(made.repository.commits(good, bad), (error: Error) => {
      assert.match(error.message, pattern);
      assert.ok(error.name === "BisectError" && !error.message.includes("\n"));
      return true;
    });
  await refused("HEAD", "HEAD~2", /HEAD~2 does not come after HEAD; name the older one first/);
  await refused("HEAD", "main", /they are the same commit/);
  await refused("nobody", "main", /"nobody".* has no such commit/);
  await refused("--output=x", "main", /has no such commit/);
  const folder = Deno.makeTempDirSync({ prefix: "tidemark-none-" });
  try {
    await assert.rejects(Repository.open(folder), /it is in no git repository with files/);
  } finally {
    Deno.removeSync(folder);
  }
});

Deno.test(
  "buildCommit() builds each commit in a worktree of its own, and leaves none",
  { timeout: 300_000 },
  async () => {
    using made = await madeUp();
    const out = Deno.makeTempDirSync({ prefix: "tidemark-built-" });
    // A hook of the repository's is not the caller's command.
    const hook = join(made.folder, ".git/hooks/post-checkout");
    Deno.writeTextFileSync(hook, `#!/bin/sh\ntouch ${out}/hooked\n`, { mode: 0o755 });
    const commits = await made.repository.commits("HEAD~3", "main");
    const build = (command: string, more = {}) =>
      buildCommit(made.repository, commits[1]!.hash, { command, seconds: 60, ...more }, out, quiet);
    try {
      const built = await build('cp number "$TIDEMARK_PLUGIN"');
      assert.ok(built.state === "built");
      assert.equal(Deno.readTextFileSync(built.file), "2\n");
      const named = await build("echo $TIDEMARK_COMMIT > lib.so", { plugin: "lib.so" });
      assert.ok(named.state === "built");
      assert.equal(Deno.readTextFileSync(named.file), `${commits[1]!.hash}\n`);
      const reasons = [
        ["exit 125", {}, "the command says that it cannot be tested (125)"],
        ["echo no compiler >&2; exit 3", {}, "the command ended with 3"],
        ["true", { plugin: "lib.so" }, "the command left no file lib.so"],
        // A grandchild hangs, and holds the pipe.
        ["sleep 600 & sleep 600", { seconds: 0.5 }, "the command did not end within 0.5 s"],
      ] as const;
      for (const [command, more, reason] of reasons) {
        const failed = await build(command, more);
        assert.ok(failed.state === "failed");
        assert.equal(failed.reason, reason);
        if (command.includes("compiler")) assert.equal(failed.said, "no compiler\n");
      }
      const stopped = AbortSignal.timeout(200);
      const plan = { command: "sleep 600", seconds: 600 };
      const ended = await buildCommit(made.repository, commits[1]!.hash, plan, out, stopped);
      assert.equal(ended.state, "interrupted");
      assert.equal((await git(made.folder, "worktree", "list")).split("\n").length, 1);
      const left = [...Deno.readDirSync(out)].map(({ name }) => name);
      assert.ok(left.every((name) => name.endsWith(".so")), `${left}`);
    } finally {
      Deno.removeSync(out, { recursive: true });
    }
  },
);
