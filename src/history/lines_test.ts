import assert from "node:assert/strict";
import { folderOf } from "./folder_of.ts";
import fc from "fast-check";
import { HistoryError } from "./error.ts";
import { type AppendFile, appendLine, parseLines, readLines } from "./lines.ts";
import type { NightLine } from "./record.ts";
import { nightAt, sampleNight } from "./_testing/sample_night.ts";

const encoder = new TextEncoder();

function line(day: number): NightLine {
  const night = sampleNight({ night: nightAt(day) });
  return { ...night, addedAt: "", folder: folderOf(night), files: [] };
}

const TWO = [0, 1].map((day) => `${JSON.stringify(line(day))}\n`).join("");

/** Gives a test a node's file that holds some text. */
function withFile(text: string | Uint8Array, test: (path: string) => void): void {
  const path = Deno.makeTempFileSync({ prefix: "tidemark-lines-" });
  try {
    Deno.writeFileSync(path, typeof text === "string" ? encoder.encode(text) : text);
    test(path);
  } finally {
    Deno.removeSync(path);
  }
}

function nightsOf(path: string): string[] {
  return parseLines(Deno.readFileSync(path), path, "node01").lines.map(({ line }) => line.night);
}

Deno.test("appendLine() cuts off what a killed process left, wherever it was killed", () => {
  const third = encoder.encode(JSON.stringify(line(2)));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: third.length - 1 }), (cut) => {
      const torn = new Uint8Array([...encoder.encode(TWO), ...third.subarray(0, cut)]);
      withFile(torn, (path) => {
        assert.deepEqual(nightsOf(path), [nightAt(0), nightAt(1)]);
        appendLine(path, line(3));
        assert.deepEqual(nightsOf(path), [0, 1, 3].map(nightAt));
        assert.equal(Deno.readTextFileSync(path).slice(0, TWO.length), TWO);
      });
    }),
    { seed: 6, numRuns: 50 },
  );
});

Deno.test("appendLine() keeps a last line that is whole but for its newline", () => {
  withFile(TWO.trimEnd(), (path) => {
    assert.deepEqual(nightsOf(path), [nightAt(0), nightAt(1)]);
    appendLine(path, line(3));
    assert.equal(Deno.readTextFileSync(path), `${TWO}${JSON.stringify(line(3))}\n`);
  });
  withFile(`${TWO}\n`, (path) => {
    appendLine(path, line(3));
    assert.deepEqual(nightsOf(path), [0, 1, 3].map(nightAt));
  });
});

Deno.test("appendLine() takes back a last line with holes, and refuses one that was damaged later", () => {
  const holes = TWO.slice(0, -50) + "\0".repeat(49) + "\n";
  withFile(holes, (path) => {
    assert.deepEqual(nightsOf(path), [nightAt(0)]);
    appendLine(path, line(3));
    assert.deepEqual(nightsOf(path), [nightAt(0), nightAt(3)]);
  });
  const mistyped = TWO.slice(0, -2) + "]\n";
  withFile(mistyped, (path) => {
    assert.throws(() => nightsOf(path), /at byte \d+: the line is damaged/);
    assert.throws(() => appendLine(path, line(3)), HistoryError);
    assert.equal(Deno.readTextFileSync(path), mistyped, "it may be mended by hand");
  });
});

Deno.test("appendLine() leaves the lines that were there where the device is full", () => {
  withFile(TWO, (path) => {
    const open = (path: string): AppendFile => {
      const file = Deno.openSync(path, { read: true, append: true });
      let room = 100;
      return {
        writeSync(bytes) {
          if (room === 0) throw Object.assign(new Error("No space left"), { code: "ENOSPC" });
          const count = Math.min(room, bytes.length);
          room -= count;
          return file.writeSync(bytes.subarray(0, count));
        },
        readSync: (bytes) => file.readSync(bytes),
        seekSync: (offset, whence) => file.seekSync(offset, whence),
        statSync: () => file.statSync(),
        syncSync: () => file.syncSync(),
        truncateSync: (size) => file.truncateSync(size),
        close: () => file.close(),
      };
    };
    assert.throws(() => appendLine(path, line(2), open), /the lines that it held are kept/);
    assert.equal(Deno.readTextFileSync(path), TWO);
  });
});

Deno.test("readLines() reads piece by piece what parseLines() reads at once", () => {
  const texts = [0, 1, 2, 3].map((day) => `${JSON.stringify(line(day))}\n`);
  const longest = Math.max(...texts.map((text) => text.length));
  fc.assert(
    fc.property(fc.nat(4), fc.nat(50), fc.nat(3 * longest), (lines, torn, more) => {
      const text = texts.slice(0, lines).join("") + texts[0]!.slice(0, torn);
      withFile(text, (path) => {
        const whole = encoder.encode(text);
        const read = [...readLines(path, "node01", 0, whole.length, longest + more)];
        assert.deepEqual(
          read.map(({ placed }) => placed),
          parseLines(whole, path, "node01").lines,
        );
        for (const { placed, bytes } of read) {
          assert.deepEqual(bytes, whole.subarray(placed.start, placed.end));
        }
      });
    }),
    { seed: 6, numRuns: 100 },
  );
});

Deno.test("readLines() refuses a line without an end", () => {
  withFile(TWO + "x".repeat(10_000), (path) => {
    const size = Deno.statSync(path).size;
    assert.throws(
      () => [...readLines(path, "node01", 0, size, 5_000)],
      /at byte \d+: the line is damaged \(it is longer than 5000 bytes\)/,
    );
  });
});
