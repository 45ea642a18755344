import assert from "node:assert/strict";
import { enterMachine } from "./company.ts";

/** A folder, and a clock that goes on by a minute whenever somebody looks at it. */
function withFolder(body: (folder: string, now: () => Date) => void): void {
  const parent = Deno.makeTempDirSync({ prefix: "tidemark-company-" });
  let minute = 0;
  try {
    body(`${parent}/benches`, () => new Date(Date.UTC(2026, 0, 1, 0, minute++)));
  } finally {
    Deno.removeSync(parent, { recursive: true });
  }
}

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString();
const alone = { others: [], unchecked: null };
const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name);

Deno.test("benches that were there one after the other have no company, and leave nothing", () => {
  withFolder((folder, now) => {
    for (let i = 0; i < 2; i++) {
      const bench = enterMachine(folder, now);
      assert.deepEqual(bench.before, alone);
      assert.deepEqual(bench.leave(), alone);
    }
    assert.deepEqual(names(folder), []);
    assert.equal(Deno.statSync(folder).mode! & 0o7777, 0o1777);
  });
});

Deno.test("benches that were there at the same time know of each other, however they overlap", () => {
  withFolder((folder, now) => {
    const long = enterMachine(folder, now); // 0
    const short = enterMachine(folder, now); // 1
    assert.deepEqual(short.before.others, [{ startedAt: at(0), endedAt: null }]);
    assert.deepEqual(short.leave().others, [{ startedAt: at(0), endedAt: null }]); // 2
    const late = enterMachine(folder, now); // 3
    assert.deepEqual(long.leave().others, [ // 4
      { startedAt: at(1), endedAt: at(2) },
      { startedAt: at(3), endedAt: null },
    ]);
    // It was there before, and has ended since; the short one had ended before.
    assert.deepEqual(late.leave().others, [{ startedAt: at(0), endedAt: at(4) }]);
    assert.deepEqual(names(folder), []);
  });
});

Deno.test("a bench that was killed is no company of those that come later, and is cleared", () => {
  withFolder((folder, now) => {
    enterMachine(folder, now).leave();
    Deno.writeTextFileSync(
      `${folder}/killed.json`,
      JSON.stringify({ startedAt: at(0), endedAt: null }),
    );
    const bench = enterMachine(folder, now);
    assert.deepEqual(bench.before, alone);
    assert.deepEqual(bench.leave(), alone);
    assert.deepEqual(names(folder), []);
  });
});

Deno.test("a bench that is killed meanwhile is company without an end", () => {
  withFolder((folder, now) => {
    const bench = enterMachine(folder, now);
    const mark = { startedAt: at(1), endedAt: null };
    Deno.writeTextFileSync(`${folder}/killed.json`, JSON.stringify(mark));
    assert.deepEqual(bench.leave().others, [mark]);
  });
});

Deno.test("what is no bench's file is left alone", () => {
  withFolder((folder, now) => {
    enterMachine(folder, now).leave();
    Deno.mkdirSync(`${folder}/folder.json`);
    Deno.symlinkSync("/dev/zero", `${folder}/link.json`);
    Deno.writeTextFileSync(`${folder}/text.json`, "{");
    Deno.writeTextFileSync(`${folder}/other.json`, '{"startedAt":"soon","endedAt":null}');
    Deno.writeTextFileSync(`${folder}/large.json`, " ".repeat(10_000));
    const before = names(folder).sort();
    assert.deepEqual(enterMachine(folder, now).leave(), alone);
    assert.deepEqual(names(folder).sort(), before);
  });
});

Deno.test("where no bench can be seen, that is said, and nothing else is in the way", () => {
  withFolder((folder, now) => {
    Deno.writeTextFileSync(folder, "");
    const unchecked = `${folder}: it is no folder; remove it`;
    const bench = enterMachine(folder, now);
    assert.deepEqual(bench.before, { others: [], unchecked });
    assert.deepEqual(bench.leave(), { others: [], unchecked });
    const none = enterMachine(`${folder}/below/it`, now).leave();
    assert.match(none.unchecked!, /: a part of its path is not a folder; check the path$/);
  });
});
