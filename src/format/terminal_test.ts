import assert from "node:assert/strict";
import fc from "fast-check";
import {
  bold,
  ERASED_LINE,
  red,
  setStyled,
  toTerminal,
  withoutStyles,
  wrapWords,
} from "./terminal.ts";

/** Runs a body with styles on. */
function withStyles<T>(body: () => T): T {
  setStyled(true);
  try {
    return body();
  } finally {
    setStyled(false);
  }
}

Deno.test("toTerminal() turns our own styles into control sequences, and nothing else", () => {
  const text = withStyles(() => `${red("a\x1b[2J")} ${bold("b")}\n`);
  assert.equal(toTerminal(text), "\x1b[31ma\\u001b[2J\x1b[39m \x1b[1mb\x1b[22m\n");
  assert.equal(toTerminal(ERASED_LINE), "\x1b[2K\x1b[1G");
});

Deno.test("styles leave a text as it is when they are off", () => {
  assert.equal(red("a"), "a");
});

Deno.test("withoutStyles() gives back the text to the byte", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (a, b) => {
      const text = withStyles(() => ERASED_LINE + a + red(bold(b)) + a);
      assert.equal(withoutStyles(text), a + b + a);
    }),
    { seed: 1 },
  );
});

Deno.test("toTerminal() lets no control character of a text through, whatever stands around it", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary" })), (texts) => {
      const text = withStyles(() => texts.map((text, i) => i % 2 ? red(text) : text).join(""));
      const shown = toTerminal(text).replaceAll("\x1b[31m", "").replaceAll("\x1b[39m", "");
      assert.doesNotMatch(shown.replaceAll(/[\n\t]/g, ""), /[\p{Cc}\p{Cf}\p{Cs}]/u);
    }),
    { seed: 2 },
  );
});

Deno.test("wrapWords() breaks between words, keeps all of them, and does not count styles", () => {
  assert.equal(wrapWords("  - one two three", 11, "    "), "  - one two\n    three");
  assert.equal(wrapWords("unbreakable", 4), "unbreakable");
  const styled = withStyles(() => wrapWords(`${bold("one")} two`, 7));
  assert.equal(withoutStyles(styled), "one two");
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^\w{1,12}$/)), fc.integer({ min: 1, max: 60 }), (
      words,
      columns,
    ) => {
      const lines = wrapWords(words.join(" "), columns).split("\n");
      assert.equal(lines.join(" "), words.join(" "));
      for (const line of lines) assert.ok(line.length <= columns || !line.includes(" "), line);
    }),
  );
});
