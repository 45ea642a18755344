import assert from "node:assert/strict";
import { withFolder } from "../_testing/folder.ts";
import { FileRefusal, readRegularFile, readRegularText } from "./bounded.ts";
import { fileReason } from "./reason.ts";
import { isNotThere } from "./there.ts";

const bytesOf = (text: string) => new TextEncoder().encode(text);

Deno.test(
  "readRegularFile() reads a file, or a part of it, up to the bound",
  { timeout: 300_000 },
  withFolder((folder) => {
    const path = `${folder}/file`;
    Deno.writeTextFileSync(path, "0123456789");
    assert.deepEqual(readRegularFile(path, 10).bytes, bytesOf("0123456789"));
    assert.deepEqual(readRegularFile(path, 10, { start: 7 }).bytes, bytesOf("789"));
    assert.deepEqual(readRegularFile(path, 3, { start: 2, end: 5 }).bytes, bytesOf("234"));
    assert.deepEqual(readRegularFile(path, 3, { start: 9, end: 99 }).bytes, bytesOf("9"));
    assert.deepEqual(readRegularFile(path, 3, { start: 20 }).bytes, new Uint8Array());
    assert.deepEqual(readRegularFile(path, 10).modified, Deno.statSync(path).mtime);
    assert.equal(readRegularText(path, 10), "0123456789");
  }),
);

Deno.test(
  "readRegularFile() follows a link to a file, or refuses it",
  { timeout: 300_000 },
  withFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "a");
    Deno.symlinkSync("file", `${folder}/link`);
    assert.equal(readRegularText(`${folder}/link`, 10), "a");
    const refused = { kind: "link", message: "it is a link; put the file itself there" };
    assert.throws(() => readRegularFile(`${folder}/link`, 10, { follow: false }), refused);
    assert.equal(readRegularFile(`${folder}/file`, 10, { follow: false }).bytes.length, 1);
  }),
);

Deno.test(
  "readRegularFile() refuses what is no regular file or too large, without waiting for it",
  { timeout: 300_000 },
  withFolder((folder) => {
    const pipe = `${folder}/pipe`;
    new Deno.Command("mkfifo", { args: [pipe] }).outputSync();
    Deno.symlinkSync(pipe, `${folder}/link`);
    // A file with nothing in it but its size.
    Deno.writeTextFileSync(`${folder}/large`, "");
    Deno.truncateSync(`${folder}/large`, 2 ** 40);
    const special = "it is not a regular file; copy it to one";
    const refusals: [path: string, most: number, kind: FileRefusal["kind"], message: string][] = [
      [folder, 9, "folder", "it is a folder; name a file in it"],
      [pipe, 9, "special", special],
      [`${folder}/link`, 9, "special", special],
      ["/dev/zero", 9, "special", special],
      [`${folder}/large`, 9, "large", "it is larger than 9 bytes; check that it is the right file"],
      [
        `${folder}/large`,
        64 * 1024 * 1024,
        "large",
        "it is larger than 64 MiB; check that it is the right file",
      ],
    ];
    for (const [path, most, kind, message] of refusals) {
      assert.throws(() => readRegularFile(path, most), (error) => {
        assert.ok(error instanceof FileRefusal, path);
        assert.equal(error.kind, kind);
        assert.equal(fileReason(error), message);
        return true;
      });
    }
  }),
);

Deno.test(
  "readRegularText() refuses what is no UTF-8",
  { timeout: 300_000 },
  withFolder((folder) => {
    Deno.writeFileSync(`${folder}/file`, new Uint8Array([0x61, 0xFF]));
    assert.throws(() => readRegularText(`${folder}/file`, 9), { kind: "encoding" });
  }),
);

Deno.test(
  "readRegularFile() fails as isNotThere() and fileReason() understand it",
  { timeout: 300_000 },
  withFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "a");
    for (const path of [`${folder}/none`, `${folder}/file/none`]) {
      assert.throws(() => readRegularFile(path, 9), isNotThere);
    }
    assert.throws(
      () => readRegularFile(`${folder}/none`, 9),
      (error) => fileReason(error) === "there is no such file or folder; check the path",
    );
  }),
);
