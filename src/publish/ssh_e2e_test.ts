import assert from "node:assert/strict";
import { dirname } from "node:path";
import { localNode, LocalTransport } from "../cluster/_testing/local_transport.ts";
import { PublishError } from "./error.ts";
import { folderPages, RELEASE_FILE, releaseId } from "./pages.ts";
import { publish } from "./publish.ts";
import { samplePages } from "./_testing/sample_pages.ts";
import { publishOverSsh } from "./ssh.ts";
import { missingForSsh, SshServer } from "./_testing/ssh_server.ts";
import { parseTarget } from "./target.ts";

const missing = missingForSsh();

/** Ids in their order. */
function idAt(second: number): string {
  return releaseId(new Date(Date.UTC(2026, 10, 22, 2, 30, second)));
}

/** Writes pages into a new folder. */
function writePages(folder: string, id: string): void {
  for (const { name, content } of samplePages(id)) {
    const path = `${folder}/${name}`;
    Deno.mkdirSync(dirname(path), { recursive: true });
    if ("text" in content) Deno.writeTextFileSync(path, content.text);
  }
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test({
  name: `publish() over a real sshd${missing ? ` (skipped: ${missing})` : ""}`,
  timeout: 300_000,
  ignore: missing !== undefined,
  async fn(t) {
    await using server = await SshServer.start();
    const { folder, port, identity, config, user } = server;
    const pages = `${folder}/pages with ' and $(touch hacked)`;
    writePages(pages, "one");
    const target = (path: string) => parseTarget(`ssh://${user}@127.0.0.1:${port}${path}`);
    const options = { identity, sshConfig: config, keep: 2 };
    const to = `${folder}/far/site`;

    await t.step("puts pages into a folder of their own, and latest leads there", async () => {
      const where = await publish(pages, target(to), { ...options, id: idAt(0) });
      assert.equal(where, `ssh://127.0.0.1:${port}${to}/latest`);
      assert.equal(Deno.readLinkSync(`${to}/latest`), idAt(0));
      for (const { name, content } of samplePages("one")) {
        const text = "text" in content ? content.text : "";
        assert.equal(Deno.readTextFileSync(`${to}/latest/${name}`), text);
      }
    });

    await t.step("keeps the newest, and leaves alone what others have put there", async () => {
      Deno.writeTextFileSync(`${to}/robots.txt`, "mine");
      Deno.mkdirSync(`${to}/2020-01-01T000000Z`);
      for (let i = 1; i < 4; i++) await publish(pages, target(to), { ...options, id: idAt(i) });
      assert.deepEqual(names(to), [
        "2020-01-01T000000Z",
        idAt(2),
        idAt(3),
        "latest",
        "robots.txt",
      ]);
      assert.equal(Deno.readLinkSync(`${to}/latest`), idAt(3));
    });

    await t.step("refuses a latest that is no link", async () => {
      Deno.mkdirSync(`${folder}/other/latest`, { recursive: true });
      await assert.rejects(
        publish(pages, target(`${folder}/other`), { ...options, id: idAt(0) }),
        (error) => error instanceof PublishError && /is no link; move it away/.test(error.message),
      );
      assert.deepEqual(names(`${folder}/other`), ["latest"]);
    });

    await t.step(
      "says so of a key that is refused, and of a host key that is unknown",
      async () => {
        const other = await SshServer.start();
        await using _ = other;
        await assert.rejects(
          publish(pages, target(to), { ...options, identity: other.identity, id: idAt(9) }),
          /Cannot publish to ssh:.*it refuses the key; name the right one with --identity/,
        );
        await assert.rejects(
          publish(pages, target(to), { ...options, sshConfig: other.config, id: idAt(9) }),
          /its host key is not known/,
        );
      },
    );

    await t.step("leaves the pages before where the connection ends", async () => {
      Deno.writeTextFileSync(`${pages}/large.bin`, "x".repeat(20_000_000));
      const cutting = setInterval(() => {
        if (names(to).some((name) => name.startsWith(".unfinished"))) void server.cut();
      }, 1);
      try {
        await assert.rejects(publish(pages, target(to), { ...options, id: idAt(5) }), PublishError);
      } finally {
        clearInterval(cutting);
      }
      assert.equal(Deno.readLinkSync(`${to}/latest`), idAt(3));
    });

    assert.equal(names(folder).includes("hacked"), false);
  },
});

for (const bytes of [0, 100, 512, 1024]) {
  Deno.test(
    `an archive of which ${bytes} bytes come is never published`,
    { timeout: 300_000 },
    async () => {
      const folder = Deno.makeTempDirSync({ prefix: "tidemark-publish-" });
      try {
        // Small files, so that the archive can break off between two of them.
        for (const name of ["a.html", "b.html"]) Deno.writeTextFileSync(`${folder}/${name}`, "x");
        const transport = new LocalTransport();
        transport.instead = (command) => `head -c ${bytes} | (${command})`;
        const link = await transport.connect(localNode("local"));
        const files = folderPages(folder).map(({ name }) => name);
        await assert.rejects(
          publishOverSsh(link, { folder, names: files, path: `${folder}/to`, shown: "there" }, {
            id: idAt(0),
            keep: 2,
            seconds: 60,
          }),
          (error) =>
            error instanceof PublishError && /^Cannot publish to there: /.test(error.message),
        );
        assert.deepEqual(names(`${folder}/to`), []);
        await link.close();
      } finally {
        Deno.removeSync(folder, { recursive: true });
      }
    },
  );
}

Deno.test(
  `what is whole has ${RELEASE_FILE}, whatever the shell on the way`,
  { timeout: 300_000 },
  async () => {
    const folder = Deno.makeTempDirSync({ prefix: "tidemark-publish-" });
    try {
      writePages(`${folder}/pages`, "one");
      const link = await new LocalTransport().connect(localNode("local"));
      const files = folderPages(`${folder}/pages`).map(({ name }) => name);
      const where = {
        folder: `${folder}/pages`,
        names: files,
        path: `${folder}/to`,
        shown: "there",
      };
      await publishOverSsh(link, where, { id: idAt(0), keep: 2, seconds: 60 });
      assert.match(Deno.readTextFileSync(`${folder}/to/latest/${RELEASE_FILE}`), /tidemark\.pages/);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);
