import assert from "node:assert/strict";
import { withFolder } from "../_testing/folder.ts";
import { limited } from "../_testing/child.ts";
import { publishToDirectory } from "./directory.ts";
import { PublishError } from "./error.ts";
import { folderPages, type Page, releaseId } from "./pages.ts";
import { samplePages } from "./_testing/sample_pages.ts";

/** Ids in their order. */
function idAt(second: number): string {
  return releaseId(new Date(Date.UTC(2026, 10, 22, 2, 30, second)));
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

Deno.test(
  "publishToDirectory() puts pages into a folder of their own, and latest leads there",
  { timeout: 300_000 },
  withFolder((folder) => {
    const to = `${folder}/new/pages`;
    const from = `${folder}/from.html`;
    Deno.writeTextFileSync(from, "from a file");
    const pages: Page[] = [
      { name: "index.html", content: { text: "first" } },
      { name: "a/b/c.html", content: { path: from } },
    ];
    const final = publishToDirectory(pages, to, { id: idAt(0), keep: 2 });
    assert.equal(final, `${to}/${idAt(0)}`);
    assert.equal(Deno.readLinkSync(`${to}/latest`), idAt(0));
    assert.equal(Deno.readTextFileSync(`${to}/latest/index.html`), "first");
    assert.equal(Deno.readTextFileSync(`${to}/latest/a/b/c.html`), "from a file");
    assert.deepEqual(names(to), [".publishing", idAt(0), "latest"].sort());
    // What was published is a copy: it can be changed without changing what it came from.
    Deno.writeTextFileSync(`${to}/latest/a/b/c.html`, "changed");
    assert.equal(Deno.readTextFileSync(from), "from a file");
  }),
);

Deno.test(
  "publishToDirectory() keeps the newest, and leaves alone what others have put there",
  { timeout: 300_000 },
  withFolder((folder) => {
    Deno.mkdirSync(`${folder}/2020-01-01T000000Z`);
    Deno.writeTextFileSync(`${folder}/2020-01-01T000000Z/thesis.txt`, "years of work");
    Deno.writeTextFileSync(`${folder}/robots.txt`, "mine");
    for (let i = 0; i < 5; i++) {
      publishToDirectory(samplePages(idAt(i)), folder, { id: idAt(i), keep: 3 });
    }
    assert.deepEqual(
      names(folder),
      [
        ".publishing",
        "2020-01-01T000000Z",
        idAt(2),
        idAt(3),
        idAt(4),
        "latest",
        "robots.txt",
      ],
    );
    // Somebody may be reading the one before, whatever is asked for.
    publishToDirectory(samplePages(idAt(5)), folder, { id: idAt(5), keep: 0 });
    assert.deepEqual(names(folder).filter((name) => name.startsWith("2026")), [idAt(4), idAt(5)]);
  }),
);

Deno.test(
  "publishToDirectory() leaves the pages before where it fails, and nothing half done for the next time",
  { timeout: 300_000 },
  withFolder((folder) => {
    publishToDirectory(samplePages(idAt(0)), folder, { id: idAt(0), keep: 3 });
    const torn: Page[] = [
      ...samplePages("new"),
      { name: "gone.html", content: { path: `${folder}/nowhere` } },
    ];
    assert.throws(
      () => publishToDirectory(torn, folder, { id: idAt(1), keep: 3 }),
      (error) => error instanceof PublishError && /there is no such file/.test(error.message),
    );
    assert.equal(Deno.readLinkSync(`${folder}/latest`), idAt(0));
    publishToDirectory(samplePages(idAt(2)), folder, { id: idAt(2), keep: 3 });
    assert.deepEqual(names(folder), [".publishing", idAt(0), idAt(2), "latest"]);
  }),
);

const REFUSED: [what: string, make: (folder: string) => void, line: RegExp][] = [
  [
    "has a latest that is no link",
    (folder) => Deno.mkdirSync(`${folder}/latest`),
    /latest is there and is no link; move it away$/,
  ],
  ["is a file", (folder) => {
    Deno.removeSync(folder);
    Deno.writeTextFileSync(folder, "mine");
  }, /Cannot publish to .*: (a part of its path is not a folder|File exists|it is)/i],
];
for (const [what, make, line] of REFUSED) {
  Deno.test(
    `publishToDirectory() refuses a place that ${what}`,
    { timeout: 300_000 },
    withFolder((outer) => {
      const folder = `${outer}/to`;
      Deno.mkdirSync(folder);
      make(folder);
      assert.throws(
        () => publishToDirectory(samplePages("x"), folder, { id: idAt(0), keep: 3 }),
        (error) => error instanceof PublishError && line.test(error.message),
      );
    }),
  );
}

Deno.test(
  "publishToDirectory() does not wait for another process that publishes there",
  { timeout: 300_000 },
  withFolder((folder) => {
    using lock = Deno.openSync(`${folder}/.publishing`, { write: true, create: true });
    lock.lockSync(true);
    assert.throws(
      () => publishToDirectory(samplePages("x"), folder, { id: idAt(0), keep: 3 }),
      /another process is publishing there/,
    );
  }),
);

Deno.test(
  "who reads while pages are published, and the publisher is killed, sees whole pages at any time",
  { timeout: 300_000 },
  withFolder(async (folder) => {
    const seen = new Set<string>();
    for (let round = 0; round < 4; round++) {
      const publishing = new Deno.Command(Deno.execPath(), {
        args: [
          "run",
          "--quiet",
          "--no-prompt",
          "--cached-only",
          "--allow-read",
          "--allow-write",
          new URL("./_testing/endless_publisher.ts", import.meta.url).href,
          folder,
        ],
        stdin: "null",
        stdout: "null",
        stderr: "inherit",
      }).spawn();
      const publisher = limited(publishing);
      try {
        const before = seen.size;
        // Several publications, then a kill wherever the next one is just then.
        while (seen.size < before + 4) {
          let text: string;
          try {
            text = Deno.readTextFileSync(`${folder}/latest/index.html`);
          } catch (error) {
            assert.ok(error instanceof Deno.errors.NotFound && seen.size === 0, String(error));
            await new Promise((resolve) => setTimeout(resolve, 1));
            continue;
          }
          assert.ok(text.endsWith("end\n"), "a page is half there");
          seen.add(text.slice(0, text.indexOf("\n")));
          await new Promise((resolve) => setTimeout(resolve));
        }
      } finally {
        publisher.kill("SIGKILL");
        await publisher.status;
      }
      const pages = folderPages(Deno.realPathSync(`${folder}/latest`));
      assert.equal(pages.length, 3);
      const texts = new Set(
        pages.map(({ content }) => "path" in content && Deno.readTextFileSync(content.path)),
      );
      assert.equal(texts.size, 1, "all pages are of one publication");
    }
    // What the killed ones have left goes with the next publication.
    const id = releaseId();
    publishToDirectory(samplePages(id), folder, { id, keep: 2 });
    assert.equal(names(folder).filter((name) => /^\.(unfinished|next)/.test(name)).length, 0);
    assert.equal(Deno.readLinkSync(`${folder}/latest`), id);
  }),
);

Deno.test(
  "folderPages() refuses a link, which would publish what lies elsewhere",
  { timeout: 300_000 },
  withFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/index.html`, "");
    Deno.symlinkSync("/etc/passwd", `${folder}/a.html`);
    assert.throws(() => folderPages(folder), /a\.html: it is no file; put the file itself there/);
  }),
);

Deno.test(
  "publishToDirectory() publishes nothing through a link that has come since the folder was read",
  { timeout: 300_000 },
  withFolder((folder) => {
    const from = `${folder}/from`;
    Deno.mkdirSync(from);
    for (const name of ["index.html", "page.html"]) Deno.writeTextFileSync(`${from}/${name}`, "");
    const pages = folderPages(from);
    Deno.writeTextFileSync(`${folder}/private`, "private");
    Deno.removeSync(`${from}/page.html`);
    Deno.symlinkSync(`${folder}/private`, `${from}/page.html`);
    assert.throws(() => publishToDirectory(pages, `${folder}/to`, { id: idAt(0), keep: 2 }), {
      name: "PublishError",
      message: `Cannot publish ${from}/page.html: it is a link; put the file itself there`,
    });
    assert.throws(() => Deno.lstatSync(`${folder}/to/latest`), Deno.errors.NotFound);
  }),
);
