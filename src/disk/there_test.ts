import assert from "node:assert/strict";
import { removeIfThere } from "./remove.ts";
import { isFolder, isTaken, isThere } from "./there.ts";
import { inFolder, names } from "./_testing/folders.ts";

Deno.test(
  "isThere(), isFolder() and isTaken() tell three things apart",
  inFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "");
    Deno.mkdirSync(`${folder}/folder`);
    for (const name of ["file", "folder", "nothing"]) {
      Deno.symlinkSync(name, `${folder}/to-${name}`);
    }
    const answers: [name: string, isThere: boolean, isFolder: boolean, isTaken: boolean][] = [
      ["file", true, false, true],
      ["folder", true, true, true],
      ["nothing", false, false, false],
      ["file/nothing", false, false, false],
      ["to-file", true, false, true],
      ["to-folder", true, true, true],
      ["to-nothing", false, false, true],
    ];
    for (const [name, ...expected] of answers) {
      const path = `${folder}/${name}`;
      assert.deepEqual([isThere(path), isFolder(path), isTaken(path)], expected, name);
    }
  }),
);

Deno.test(
  "isThere() and isTaken() throw what keeps them from finding it out",
  inFolder((folder) => {
    Deno.symlinkSync("circle", `${folder}/circle`);
    assert.throws(() => isThere(`${folder}/circle`), { code: "ELOOP" });
    assert.throws(() => isTaken(`${folder}/circle/file`), { code: "ELOOP" });
  }),
);

Deno.test(
  "removeIfThere() removes what is there",
  inFolder((folder) => {
    Deno.mkdirSync(`${folder}/folder/inner`, { recursive: true });
    assert.throws(() => removeIfThere(`${folder}/folder`));
    removeIfThere(`${folder}/folder`, { recursive: true });
    removeIfThere(`${folder}/folder`, { recursive: true });
    assert.deepEqual(names(folder), []);
  }),
);
