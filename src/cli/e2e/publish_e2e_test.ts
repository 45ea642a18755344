import assert from "node:assert/strict";
import { withFolder } from "../../_testing/folder.ts";
import { type Key, S3Server } from "../../publish/_testing/s3_server.ts";
import { missingForSsh, SshServer } from "../../publish/_testing/ssh_server.ts";
import { expectError } from "./_testing/expect.ts";
import { isThere, run, treeOf } from "./_testing/tidemark.ts";

const KEY: Key = { id: "AKIDTEST", secret: "sEcReT/+=" };
const ENV = { AWS_ACCESS_KEY_ID: KEY.id, AWS_SECRET_ACCESS_KEY: KEY.secret };

function writePages(folder: string): void {
  Deno.mkdirSync(`${folder}/series`, { recursive: true });
  Deno.writeTextFileSync(`${folder}/index.html`, "<p>first");
  Deno.writeTextFileSync(`${folder}/series/a.html`, "<p>a");
}

Deno.test(
  "publish puts pages into a directory, again and again",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    writePages(`${cwd}/pages`);
    for (const text of ["one", "two"]) {
      Deno.writeTextFileSync(`${cwd}/pages/index.html`, text);
      const { code, out, err } = await run("publish", ["pages", "--to", "www"], { cwd });
      assert.equal(code, 0, err);
      assert.match(out, /^Published: www\/latest$/m);
      assert.equal(Deno.readTextFileSync(`${cwd}/www/latest/index.html`), text);
      assert.equal(Deno.readTextFileSync(`${cwd}/www/latest/series/a.html`), "<p>a");
    }
  }),
);

Deno.test(
  "publish puts pages into S3, with a network for that process and host alone",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    await using server = new S3Server(KEY);
    // A comma in a path must not widen what may be read.
    writePages(`${cwd}/a,b`);
    const to = ["--to", `s3:${server.endpoint}/bucket/nights`];
    const { code, out, err } = await run("publish", ["a,b", ...to], { cwd, env: ENV });
    assert.equal(code, 0, err);
    assert.match(out, /^Published: http:\/\/127\.0\.0\.1:\d+\/bucket\/nights\/index\.html$/m);
    assert.equal(server.objects.size, 5);
    assert.doesNotMatch(err, /sEcReT|AKID/);
    const paths = [...server.objects.keys()].map((path) => path.replace(/20[^/]*Z/, "ID"));
    assert.ok(paths.includes("/bucket/nights/ID/series/a.html"), paths.join());
  }),
);

Deno.test(
  "publish says what to mend for S3 without a key, and with a wrong one",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    await using server = new S3Server(KEY);
    writePages(`${cwd}/pages`);
    const args = ["pages", "--to", `s3:${server.endpoint}/bucket`];
    const env = { AWS_ACCESS_KEY_ID: "", AWS_SECRET_ACCESS_KEY: "" };
    expectError(
      await run("publish", args, { cwd, env }),
      2,
      /environment variable AWS_ACCESS_KEY_ID is not set/,
    );
    const wrong = { ...ENV, AWS_SECRET_ACCESS_KEY: "wrongSecret" };
    const ended = await run("publish", args, { cwd, env: wrong });
    expectError(ended, 3, /403 \(SignatureDoesNotMatch\); check AWS_ACCESS_KEY_ID/);
    assert.doesNotMatch(ended.err, /wrongSecret|AKID|SECRETS/);
    assert.equal(server.objects.size, 0);
  }),
);

Deno.test(
  "publish refuses targets with secrets, and folders that hold no pages",
  { timeout: 300_000 },
  withFolder(async (cwd) => {
    writePages(`${cwd}/pages`);
    Deno.mkdirSync(`${cwd}/empty`);
    const secret = ["--to", "s3:https://AKIDTEST:hunter2@host/bucket"];
    // The good target is not touched either.
    const ended = await run("publish", ["pages", "--to", "www", ...secret], { cwd });
    expectError(ended, 2, /Cannot take a target with a key or password in it/);
    assert.doesNotMatch(ended.err, /hunter2/);
    expectError(
      await run("publish", ["empty", "--to", "www"], { cwd }),
      2,
      /Cannot publish empty: it has no index\.html/,
    );
    assert.equal(isThere(`${cwd}/www`), false);
    Deno.writeTextFileSync(`${cwd}/file`, "mine");
    const before = treeOf(cwd);
    expectError(
      await run("publish", ["pages", "--to", "file"], { cwd }),
      3,
      /Cannot publish to file: /,
    );
    assert.deepEqual(treeOf(cwd), before);
  }),
);

const missing = missingForSsh();
Deno.test({
  name: `publish puts pages where sshd leads${missing ? ` (skipped: ${missing})` : ""}`,
  timeout: 300_000,
  ignore: missing !== undefined,
  fn: withFolder(async (cwd) => {
    await using server = await SshServer.start();
    writePages(`${cwd}/pages`);
    const { user, port, folder, identity, config } = server;
    const { code, out, err } = await run("publish", [
      "pages",
      ...["--to", `ssh://${user}@127.0.0.1:${port}${folder}/www`],
      ...["--identity", identity, "--ssh-config", config],
    ], { cwd });
    assert.equal(code, 0, err);
    assert.equal(Deno.readTextFileSync(`${folder}/www/latest/index.html`), "<p>first");
    // The port tells who runs it; the user's name is not told.
    assert.match(out, /^Published: ssh:\/\/127\.0\.0\.1:\d+\/.*\/www\/latest$/m);
  }),
});
