import assert from "node:assert/strict";
import fc from "fast-check";
import { withFolder } from "../_testing/folder.ts";
import { appendWhole, lastLineEnd, type OutputFile, writeWhole } from "./append.ts";
import { mayMount, onSmallDevice } from "./_testing/folders.ts";

/** A file in memory that takes at most `step` bytes at a time and `room` in all. */
class ShortFile implements OutputFile {
  bytes: number[] = [];
  syncs = 0;
  constructor(readonly step: number, readonly room = Infinity) {}
  writeSync(bytes: Uint8Array): number {
    const taken = Math.min(bytes.length, this.step, this.room - this.bytes.length);
    if (taken === 0) throw new Error("No space left on device (os error 28)");
    this.bytes.push(...bytes.subarray(0, taken));
    return taken;
  }
  truncateSync(length = 0): void {
    this.bytes.length = length;
  }
  syncSync(): void {
    this.syncs++;
  }
  close(): void {}
}

Deno.test("writeWhole() writes all bytes, however few are taken at a time", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.integer({ min: 1, max: 9 }), (bytes, step) => {
      const file = new ShortFile(step);
      writeWhole(file, bytes);
      assert.deepEqual(file.bytes, [...bytes]);
    }),
    { seed: 1, numRuns: 200 },
  );
});

Deno.test("appendWhole() appends whole or not at all", () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ minLength: 1 })),
      fc.integer({ min: 1, max: 9 }),
      fc.nat(60),
      (pieces, step, room) => {
        const file = new ShortFile(step, room);
        const whole: number[] = [];
        for (const piece of pieces) {
          try {
            appendWhole(file, piece, whole.length);
            whole.push(...piece);
          } catch {
            assert.ok(whole.length + piece.length > room, "there was room");
          }
          assert.deepEqual(file.bytes, whole);
        }
      },
    ),
    { seed: 1, numRuns: 300 },
  );
});

Deno.test("appendWhole() brings to the device what it is told to", () => {
  const file = new ShortFile(9);
  appendWhole(file, new Uint8Array(3), 0, { synced: false });
  assert.equal(file.syncs, 0);
  appendWhole(file, new Uint8Array(3), 3);
  assert.equal(file.syncs, 1);
});

Deno.test("appendWhole() says the first error where the file cannot be cut either", () => {
  class Stuck extends ShortFile {
    override truncateSync(): void {
      throw new Error("Cannot cut");
    }
  }
  assert.throws(() => appendWhole(new Stuck(9, 2), new Uint8Array(3), 0), /No space left/);
});

Deno.test({
  name: "appendWhole() leaves nothing of what a full device has no room for",
  ignore: !mayMount,
  fn: onSmallDevice((folder) => {
    const path = `${folder}/lines`;
    using file = Deno.openSync(path, { append: true, create: true });
    appendWhole(file, new Uint8Array(40_000), 0);
    assert.throws(() => appendWhole(file, new Uint8Array(40_000), 40_000), { code: "ENOSPC" });
    assert.equal(Deno.statSync(path).size, 40_000);
  }),
});

Deno.test(
  "lastLineEnd() is the byte after the last newline",
  withFolder((folder) => {
    const path = `${folder}/lines`;
    const line = fc.constantFrom("", "a", "bc", "x".repeat(65_535), "y".repeat(65_536));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 5 }), line, (lines, rest) => {
        const whole = lines.map((each) => `${each}\n`).join("");
        Deno.writeTextFileSync(path, whole + rest);
        using file = Deno.openSync(path);
        assert.equal(lastLineEnd(file, whole.length + rest.length), whole.length);
      }),
      { seed: 1, numRuns: 100 },
    );
  }),
);
