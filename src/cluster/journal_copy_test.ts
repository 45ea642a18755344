import assert from "node:assert/strict";
import { MOST_JOURNAL_BYTES } from "../result/mod.ts";
import { JournalCopy } from "./journal_copy.ts";

/** Gives a test the path of a copy that is not there yet, and removes it. */
function withPath(test: (path: string) => void): () => void {
  return () => {
    const folder = Deno.makeTempDirSync();
    try {
      test(`${folder}/journal.jsonl`);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  };
}

Deno.test(
  "JournalCopy grows by the pieces that follow one another, and by no other",
  withPath((path) => {
    const copy = new JournalCopy(path);
    assert.equal(copy.size, 0);
    copy.append(0, "{}\n");
    copy.append(3, "{é");
    assert.equal(copy.size, 6);
    assert.throws(() => copy.append(7, "x"), /it sent its journal from byte 7 on, and 6 are here/);
    assert.equal(Deno.readTextFileSync(path), "{}\n{é");
  }),
);

Deno.test(
  "JournalCopy goes on after the last whole line of one that is there",
  withPath((path) => {
    Deno.writeTextFileSync(path, "{}\n{}\n{tor");
    const copy = new JournalCopy(path);
    assert.equal(copy.size, 6);
    copy.append(6, "{}\n");
    assert.equal(Deno.readTextFileSync(path), "{}\n{}\n{}\n");
  }),
);

Deno.test(
  "JournalCopy takes no more than a journal may have",
  withPath((path) => {
    Deno.writeTextFileSync(path, "");
    Deno.truncateSync(path, MOST_JOURNAL_BYTES - 1);
    Deno.writeTextFileSync(path, "\n", { append: true });
    const copy = new JournalCopy(path);
    assert.equal(copy.size, MOST_JOURNAL_BYTES);
    assert.throws(() => copy.append(copy.size, "x"), {
      name: "NodeFault",
      message: /^it sends more than any journal has; look at what runs there$/,
    });
    assert.equal(Deno.statSync(path).size, MOST_JOURNAL_BYTES);
  }),
);

Deno.test(
  "JournalCopy takes no piece that begins elsewhere, and no half of a character",
  withPath((path) => {
    const copy = new JournalCopy(path);
    copy.append(0, "{}\n");
    assert.throws(() => copy.append(5, "x\n"), {
      name: "NodeFault",
      message: /from byte 5 on, and 3 are/,
    });
    assert.throws(() => copy.append(3, "\ud83d"), {
      name: "NodeFault",
      message: /half a character/,
    });
    assert.equal(copy.size, 3);
    assert.equal(Deno.readTextFileSync(path), "{}\n");
  }),
);

Deno.test(
  "JournalCopy says why a copy cannot be gone on with",
  withPath((path) => {
    Deno.mkdirSync(path);
    assert.throws(() => new JournalCopy(path), { name: "ClusterError", message: /it is a folder/ });
  }),
);
