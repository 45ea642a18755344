import assert from "node:assert/strict";
import { withFolder } from "../_testing/folder.ts";
import { removeIfThere } from "./remove.ts";
import { isFile, isFolder, isTaken, isThere } from "./there.ts";
import { names } from "./_testing/folders.ts";

Deno.test(
  "isThere(), isTaken(), isFile() and isFolder() tell things apart",
  withFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "");
    Deno.mkdirSync(`${folder}/folder`);
    for (const name of ["file", "folder", "nothing"]) {
      Deno.symlinkSync(name, `${folder}/to-${name}`);
    }
    const questions = { isThere, isTaken, isFile, isFolder };
    const answers: Record<string, (keyof typeof questions)[]> = {
      "file": ["isThere", "isTaken", "isFile"],
      "folder": ["isThere", "isTaken", "isFolder"],
      "nothing": [],
      "file/nothing": [],
      "to-file": ["isThere", "isTaken", "isFile"],
      "to-folder": ["isThere", "isTaken", "isFolder"],
      "to-nothing": ["isTaken"],
    };
    for (const [name, expected] of Object.entries(answers)) {
      const yes = Object.entries(questions).filter(([, ask]) => ask(`${folder}/${name}`));
      assert.deepEqual(yes.map(([question]) => question), expected, name);
    }
  }),
);

Deno.test(
  "isThere() and isTaken() throw what keeps them from finding it out, isFile() does not",
  withFolder((folder) => {
    Deno.symlinkSync("circle", `${folder}/circle`);
    assert.throws(() => isThere(`${folder}/circle`), { code: "ELOOP" });
    assert.throws(() => isTaken(`${folder}/circle/file`), { code: "ELOOP" });
    assert.equal(isFile(`${folder}/circle`), false);
    assert.equal(isFolder(`${folder}/circle`), false);
  }),
);

Deno.test(
  "removeIfThere() removes what is there",
  withFolder((folder) => {
    Deno.mkdirSync(`${folder}/folder/inner`, { recursive: true });
    assert.throws(() => removeIfThere(`${folder}/folder`));
    removeIfThere(`${folder}/folder`, { recursive: true });
    removeIfThere(`${folder}/folder`, { recursive: true });
    assert.deepEqual(names(folder), []);
  }),
);
