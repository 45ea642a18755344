/** Hostile names in every place that takes one, on terminals, in files, in spreadsheets, in pages. */
import { CONTROL } from "../control.ts";
import assert from "node:assert/strict";
import type { Ended } from "../../_testing/child.ts";
import { run, type Task, treeOf } from "../../cli/e2e/_testing/tidemark.ts";
import { zip } from "../../engine/_testing/archives.ts";
import { unpackLibrary } from "../../engine/archive.ts";
import { requireMachine } from "../../engine/machine.ts";
import { hasChromium, watchedPage, withBrowser } from "../../report/_testing/chromium.ts";
import { unpackCommand } from "../../cluster/mod.ts";
import type { Result } from "../../result/mod.ts";
import type { Random } from "../../stats/mod.ts";
import { HOSTILE_TEXTS } from "../hostile.ts";
import { pick } from "../mutate.ts";
import { smallResult } from "../samples.ts";
import type { TortureStep } from "./step.ts";

/** Names that a result may have at all: what is too long is another step's. */
const NAMES = HOSTILE_TEXTS.filter((text) => text.length < 400);

/** A result with hostile names wherever one can stand. */
function hostile(random: Random): Result {
  const name = () => pick(random, NAMES);
  const result = smallResult();
  const ids = new Map(result.benchmarks.map(({ id }, at) => [id, `${name()}/${name()} ${at}`]));
  return {
    ...result,
    id: name() || "id",
    command: [name(), name()],
    warnings: [name(), name()],
    tool: { version: name(), commit: name() },
    suite: {
      ...result.suite,
      name: name(),
      title: name(),
      summary: name(),
      targets: [],
      claims: [{ name: name(), hypothesis: name(), evidence: [], limits: [name()] }],
      nextSteps: [name()],
    },
    environment: {
      ...result.environment,
      host: name(),
      kernel: name(),
      cpu: { ...result.environment.cpu, model: name() },
    },
    benchmarks: result.benchmarks.map((benchmark) => ({
      ...benchmark,
      id: ids.get(benchmark.id)!,
      store: name(),
      name: name(),
    })),
    runs: result.runs.map((run) => ({
      ...run,
      benchmark: ids.get(run.benchmark)!,
      error: name(),
      store: run.store && {
        ...run.store,
        store: name(),
        engine: name(),
        version: name(),
        library: name(),
        options: { [name()]: name() },
      },
      properties: { [name()]: name() },
    })),
  };
}

/** Asserts that what a person sees does nothing, and what a program gets is whole. */
function harmless(what: string, { code, out, err }: Ended): void {
  assert.ok([0, 1, 2].includes(code), `${what}: ${code} ${err}`);
  // What an export writes to stdout is for programs, and exact; all else there is for people.
  const told = /^export (?!.*--out )/.test(what) ? err : out + err;
  assert.doesNotMatch(told, CONTROL, what);
  assert.doesNotMatch(err, /fault of Tidemark|^ +at .*\.ts:/m, what);
  assert.ok(
    err.split("\n").filter((line) => line.startsWith("error:")).length <= 1,
    `${what}: ${err}`,
  );
}

/** Cells of CSV, by RFC 4180. */
function cellsOf(csv: string): string[] {
  return [...csv.matchAll(/(?:^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)]
    .map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}

/** Hostile results through every command that shows or writes one. */
export const hostileNames: TortureStep = {
  name: "names",
  what: "hostile names through report, compare, export, history and their pages",
  seconds: { quick: 20, full: 480 },
  async run({ form, random, folder, count, goOn }) {
    for (let round = 0; goOn(round, form === "quick" ? 1 : 8); round++) {
      const cwd = `${folder}/${round}`;
      Deno.mkdirSync(cwd);
      Deno.mkdirSync(`${cwd}/in`);
      Deno.writeTextFileSync(`${cwd}/in/result.json`, JSON.stringify(hostile(random)));
      Deno.writeTextFileSync(`${cwd}/other.json`, JSON.stringify(smallResult(2)));
      const does = async (task: Task, ...args: string[]) => {
        const ended = await run(task, args, { cwd });
        harmless(`${task} ${args.join(" ")}`, ended);
        count("commands");
        return ended;
      };
      const report = await does("report", "in", "--markdown", "a.md", "--html", "a.html");
      assert.equal(report.code, 0, report.err);
      assert.doesNotMatch(Deno.readTextFileSync(`${cwd}/a.md`), CONTROL);
      await does("compare", "other.json", "in", "--junit", "a.xml", "--summary", "a-summary.md");
      await does("compare", "in", "in");
      await does("export", "in", "--format", "criterion", "--out", "tree");
      await does("export", "in", "--format", "go");
      for (const format of ["csv", "samples-csv"]) {
        const { out } = await does("export", "in", "--format", format);
        await does("export", "in", "--format", format, "--out", `${format}.csv`);
        assert.equal(Deno.readTextFileSync(`${cwd}/${format}.csv`), out, "the file is stdout's");
        for (const cell of cellsOf(out)) {
          assert.doesNotMatch(
            cell,
            /^[\p{Cc}\s]*(=|\+(?!\d)|@|-(?![\d.]))/u,
            cell,
          );
          count("cells of CSV");
        }
      }
      await does("history", "add", "in", "--history", "history", "--node", "node01");
      await does("history", "show", "--history", "history");
      await does("history", "site", "--history", "history", "--out", "site");
      // A name in the call itself.
      for (let at = 0; at < 4; at++) {
        const name = pick(random, NAMES).replaceAll("\0", "") || "-";
        await does("report", name);
        await does("history", "show", "--history", name);
        await does("bench", "--store", "null", "--save", name, "--filter", name);
      }
      const files = Object.keys(treeOf(cwd)).filter((path) => path.split("/").at(-1) === "pwned");
      assert.deepEqual(files, [], "a name was run");
      if (hasChromium()) await opened(cwd, ["a.html", "site/index.html"], count);
      Deno.removeSync(cwd, { recursive: true });
    }
  },
};

/** Opens pages, on which nothing may act. */
async function opened(
  cwd: string,
  pages: readonly string[],
  count: (what: string) => void,
): Promise<void> {
  await withBrowser(async (browser) => {
    for (const path of pages) {
      let real: string;
      try {
        real = Deno.realPathSync(`${cwd}/${path}`);
      } catch {
        // The history would not have a name, so that there is no site.
        continue;
      }
      const { page, asked, complaints, dialogs } = await watchedPage(browser);
      await page.goto(`file://${real}`);
      assert.deepEqual({ asked, complaints, dialogs }, { asked: [], complaints: [], dialogs: [] });
      await page.close();
      count("pages opened in Chromium");
    }
  });
}

/** Names that lead out of a folder, in archives. */
const OUT_OF_IT = ["../evil", "../../evil", "/tmp/evil-tidemark", "a/../../evil", "..\\evil", "-C"];

/** Archives with `..`, links and absolute paths: of an engine's release, and of a push. */
export const hostileArchives: TortureStep = {
  name: "archives",
  what: "archives with .. and links",
  seconds: { quick: 5, full: 30 },
  async run({ folder, count }) {
    const to = `${folder}/in/library.so`;
    Deno.mkdirSync(`${folder}/in`);
    for (const name of OUT_OF_IT) {
      const path = `${folder}/archive.jar`;
      Deno.writeFileSync(
        path,
        zip([
          { name, content: new Uint8Array(100) },
          { name: `${name}/librocksdbjni-linux64.so`, content: new Uint8Array(100) },
        ]),
      );
      await assert.rejects(
        unpackLibrary(path, "the archive", requireMachine(), to).then(() => {
          // What is taken out goes into the one file that was named.
          throw Object.assign(new Error("taken"), { name: "EngineError" });
        }),
        { name: "EngineError" },
      );
      assert.deepEqual([...Deno.readDirSync(folder)].map((entry) => entry.name).sort(), [
        "archive.jar",
        "in",
      ]);
      Deno.removeSync(`${folder}/in`, { recursive: true });
      Deno.mkdirSync(`${folder}/in`);
      count("archives of a release");
    }
    // What a node would unpack: a link to elsewhere, and a file through it.
    Deno.mkdirSync(`${folder}/node/into`, { recursive: true });
    Deno.mkdirSync(`${folder}/node/elsewhere`);
    const pack = [
      "mkdir -p pack && ln -s ../elsewhere pack/link",
      "tar --create --file first.tar --directory pack link",
      "rm pack/link && mkdir pack/link && echo evil >pack/link/evil",
      "tar --append --file first.tar --directory pack link/evil",
      "tar --append --file first.tar --absolute-names --transform 's,^,../,' -C pack/link evil",
      `cat first.tar | { ${unpackCommand("into", "last")} }`,
    ].join("\n");
    const { success } = await new Deno.Command("sh", {
      args: ["-c", pack],
      cwd: `${folder}/node`,
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).output();
    assert.equal(success, false, "an archive without its last file is not taken");
    assert.deepEqual([...Deno.readDirSync(`${folder}/node/elsewhere`)], []);
    count("archives of a push");
  },
};
