import assert from "node:assert/strict";
import { newestSession, sessionDirectory } from "./newest_session.ts";
import { SESSION_FILE } from "./session.ts";

Deno.test("newestSession() is the last that has begun, and nothing else that lies there", () => {
  const folder = Deno.makeTempDirSync();
  try {
    assert.equal(newestSession(`${folder}/nowhere`), undefined);
    assert.equal(newestSession(folder), undefined);
    const directories = ["2026-11-21T010000Z-a", "2026-11-22T010000Z-a", "2026-11-23T010000Z-a"]
      .map((id) => sessionDirectory(folder, id));
    for (const directory of [...directories, `${folder}/2026-11-24T010000Z-a`]) {
      Deno.mkdirSync(directory);
    }
    // The last one was broken off before it was a session; what is no session has its file.
    for (const directory of [...directories.slice(0, 2), `${folder}/2026-11-24T010000Z-a`]) {
      Deno.writeTextFileSync(`${directory}/${SESSION_FILE}`, "{}");
    }
    assert.equal(newestSession(folder), directories[1]);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
