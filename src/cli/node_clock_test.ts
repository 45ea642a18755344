import assert from "node:assert/strict";
import { newSession, writeSession } from "../cluster/mod.ts";
import { withFolder } from "../_testing/folder.ts";
import { threeStores } from "../analysis/_testing/sample_result.ts";
import { nodeClockNote } from "./node_clock.ts";

const AT = "2031-05-04T23:30:00.000Z";

/** What is said of a result of that time from a node whose clock was so far ahead. */
function noteOf(folder: string, aheadSeconds: number | null, path = `${folder}/node01`) {
  const session = newSession({ id: "s", startedAt: new Date(AT), args: [], nodes: [] });
  const row = {
    node: "node01",
    state: "measured" as const,
    message: "",
    runs: null,
    reconnects: 0,
  };
  const clock = aheadSeconds === null ? null : { aheadSeconds, uncertaintySeconds: 0.01 };
  writeSession(folder, { ...session, rows: [{ ...row, clock }] });
  Deno.mkdirSync(`${folder}/node01`, { recursive: true });
  return nodeClockNote(path, { ...threeStores(), startedAt: AT });
}

Deno.test(
  "nodeClockNote() asks for the night where the node's clock says another one",
  withFolder((folder) => {
    const refused = (ahead: number, message: RegExp) =>
      assert.throws(() => noteOf(folder, ahead), { name: "UsageError", message });
    refused(
      86_400,
      /was 1440 min ahead, and says 2031-05-04 for 2031-05-03; name it with --night 2031-05-03$/,
    );
    refused(
      -3600,
      /was 60 min behind, and says 2031-05-04 for 2031-05-05; name it with --night 2031-05-05$/,
    );
  }),
);

Deno.test(
  "nodeClockNote() says that a node's clock was off, and nothing of one that was right or is not known",
  withFolder((folder) => {
    for (
      const path of [`${folder}/node01`, `${folder}/node01/`, `${folder}/node01/result.json`]
    ) {
      assert.equal(
        noteOf(folder, 600, path),
        `${path} has the times of its node's clock, which was 10 min ahead`,
      );
    }
    assert.equal(noteOf(folder, 0.4), null);
    assert.equal(noteOf(folder, null), null);
    assert.equal(nodeClockNote(`${folder}/node02`, threeStores()), null);
    Deno.removeSync(`${folder}/nodes.json`);
    assert.equal(nodeClockNote(`${folder}/node01`, threeStores()), null);
  }),
);
