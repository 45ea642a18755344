import assert from "node:assert/strict";
import { type ArchiveFailure, sendArchive, unpackCommand } from "./archive.ts";

interface Bed {
  near: string;
  far: string;
  /** Sends to a shell that runs the command, after what it is changed to. */
  send(
    names: string[],
    change?: (command: string) => string,
    options?: { seconds?: number; signal?: AbortSignal },
  ): Promise<ArchiveFailure | undefined>;
}

async function withFolders(body: (bed: Bed) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync({ prefix: "tidemark-archive-" });
  const [near, far] = [`${folder}/near`, `${folder}/far`];
  Deno.mkdirSync(near);
  Deno.mkdirSync(far);
  try {
    await body({
      near,
      far,
      send: (names, change = (command) => command, options = {}) => {
        const shell = new Deno.Command("sh", {
          args: ["-c", change(`set -e; LC_ALL=C; export LC_ALL; ${unpackCommand(far, "whole")}`)],
          stdin: "piped",
          stdout: "piped",
          stderr: "piped",
        }).spawn();
        const last = { name: "whole", text: "all of it\n" };
        return sendArchive(shell, { folder: near, names, last }, { seconds: 20, ...options });
      },
    });
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test("sendArchive() brings files and folders, whatever they are called, and the last", {
  timeout: 300_000,
}, async () => {
  await withFolders(async ({ near, far, send }) => {
    const hostile = "-rf $(id)'\n\"";
    Deno.writeTextFileSync(`${near}/${hostile}`, "one");
    Deno.mkdirSync(`${near}/--folder`);
    Deno.writeTextFileSync(`${near}/--folder/two`, "two");
    Deno.writeTextFileSync(`${near}/left here`, "");
    assert.equal(await send([hostile, "--folder"]), undefined);
    assert.deepEqual(names(far), ["--folder", hostile, "whole"].sort());
    assert.equal(Deno.readTextFileSync(`${far}/${hostile}`), "one");
    assert.equal(Deno.readTextFileSync(`${far}/--folder/two`), "two");
    assert.equal(Deno.readTextFileSync(`${far}/whole`), "all of it\n");
  });
});

Deno.test("sendArchive() sends no last file where one before it could not be read", {
  timeout: 300_000,
}, async () => {
  await withFolders(async ({ near, far, send }) => {
    Deno.writeTextFileSync(`${near}/one`, "one");
    const failure = await send(["one", "vanished"]);
    assert.equal(failure?.side, "here");
    assert.match(failure.why, /vanished.*No such file/);
    assert.ok(!names(far).includes("whole"));
  });
});

for (const bytes of [0, 100, 512, 1024, 1536, 10_240]) {
  Deno.test(
    `unpackCommand() refuses an archive of which ${bytes} bytes come`,
    { timeout: 300_000 },
    async () => {
      await withFolders(async ({ near, far, send }) => {
        for (const name of ["one", "two"]) Deno.writeTextFileSync(`${near}/${name}`, name);
        const failure = await send(
          ["one", "two"],
          (command) => `head -c ${bytes} | { ${command} }`,
        );
        assert.equal(failure?.side, "there");
        assert.ok(!names(far).includes("whole"));
      });
    },
  );
}

Deno.test("sendArchive() gives up a far end that hangs, and one that is not wanted any more", {
  timeout: 300_000,
}, async () => {
  await withFolders(async ({ send }) => {
    const hang = () => "exec sleep 60";
    assert.deepEqual(await send([], hang, { seconds: 0.3 }), {
      side: "there",
      why: "it took longer than 0.3 s",
    });
    const signal = AbortSignal.timeout(300);
    assert.deepEqual(await send([], hang, { signal }), {
      side: "there",
      why: "it was interrupted",
    });
    const aborted = AbortSignal.abort();
    assert.equal((await send([], hang, { signal: aborted }))?.why, "it was interrupted");
  });
});

Deno.test(
  "sendArchive() says why the far end could not take it",
  { timeout: 300_000 },
  async () => {
    await withFolders(async ({ near, send }) => {
      Deno.writeTextFileSync(`${near}/one`, "one");
      const why = async (change: (command: string) => string) => (await send(["one"], change))?.why;
      assert.match(
        (await why((command) => `set -e; cat >/dev/full; ${command}`)) ?? "",
        /disk is full/,
      );
      assert.equal(await why(() => "echo 'first line\nsecond' >&2; exit 5"), "first line");
      assert.equal(await why(() => "exit 5"), "its side ended with 5");
    });
  },
);
