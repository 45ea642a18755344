import assert from "node:assert/strict";
import { withFolder } from "../_testing/folder.ts";
import { openLocked } from "./lock.ts";

/** Starts one process after the other, until it is ended. */
const STARTER = `for (;;) new Deno.Command("true", { stdout: "null" }).outputSync();`;

Deno.test(
  "openLocked() gets what this process has closed, though others are being started by it",
  { timeout: 60_000, ignore: Deno.build.os !== "linux" },
  withFolder(async (folder) => {
    // A process that is being started has the files of its parent for a moment.
    const starter = new Worker(`data:application/javascript,${encodeURIComponent(STARTER)}`, {
      type: "module",
    });
    try {
      await new Promise((resolve) => setTimeout(resolve, 300));
      for (let i = 0; i < 1000; i++) {
        const file = openLocked(`${folder}/lock`, { write: true, create: true });
        assert.ok(file, `time ${i}`);
        file.close();
      }
    } finally {
      starter.terminate();
    }
  }),
);
