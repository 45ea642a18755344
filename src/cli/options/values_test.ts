import assert from "node:assert/strict";
import { UsageError } from "../usage_error.ts";
import { Command, type Option } from "commander";
import fc from "fast-check";
import {
  address,
  choice,
  keptPages,
  list,
  oneOf,
  repeated,
  seconds,
  wholeNumber,
  withSlash,
} from "./values.ts";

/** The value that a call gives the option `--x`. */
function valueOf(option: Option, ...args: string[]): unknown {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  return command.addOption(option).parse(args, { from: "user" }).opts().x;
}

Deno.test("wholeNumber() takes whole numbers within its bounds, and nothing else", () => {
  const option = () => wholeNumber("--x <n>", "", { least: 3, most: 2000 });
  fc.assert(fc.property(fc.integer({ min: 3, max: 2000 }), (n) => {
    assert.equal(valueOf(option(), "--x", String(n)), n);
  }));
  for (const text of ["2", "2001", "1e3", "3.5", "0x10", " 4", "", "many", "9".repeat(400)]) {
    assert.throws(() => valueOf(option(), `--x=${text}`), {
      name: "UsageError",
      message: `Cannot take ${JSON.stringify(text)} for --x: give a whole number from 3 to 2000`,
    });
  }
  assert.equal(valueOf(wholeNumber("--x <n>", "").default(7)), 7);
  assert.throws(() => valueOf(wholeNumber("--x <n>", ""), "--x", "9007199254740992"), /to 900719/);
});

Deno.test("seconds() and keptPages() say what to give instead", () => {
  const texts = { "0": 0, "30": 30, "30s": 30, "2min": 120, "1.5 min": 90, "86400": 86_400 };
  for (const [text, expected] of Object.entries(texts)) {
    assert.equal(valueOf(seconds("--x <s>", ""), "--x", text), expected, text);
  }
  for (const text of ["", "-1", "1.5", "500ms", "25h", "2m", "soon"]) {
    assert.throws(() => valueOf(seconds("--x <s>", ""), "--x", text), UsageError);
  }
  assert.throws(() => valueOf(seconds("--x <s>", ""), "--x", "86401"), {
    message: 'Cannot take "86401" for --x: give whole seconds up to a day, e.g. 30, 30s or 2min',
  });
  assert.equal(valueOf(keptPages("--x <n>", ""), "--x", "2"), 2);
  assert.throws(() => valueOf(keptPages("--x <n>", ""), "--x", "1"), /from 2 to 1000; the pages/);
});

Deno.test("choice() takes one of its names, and says which was likely meant", () => {
  const option = () => choice("--x <name>", "", "fruit", ["apple", "pear"]);
  assert.equal(valueOf(option(), "--x", "pear"), "pear");
  assert.throws(() => valueOf(option(), "--x", "appel"), {
    message: 'Unknown fruit "appel": did you mean apple? (there is apple, pear)',
  });
  assert.throws(
    () => valueOf(option(), "--x", "toString"),
    /^UsageError: Unknown fruit "toString"/,
  );
});

Deno.test("list() joins what is given by commas and again; each is checked", () => {
  const option = () => list("--x <name>", "", oneOf("fruit", ["apple", "pear"]));
  assert.deepEqual(valueOf(option(), "--x", "apple,pear", "--x", "apple"), [
    "apple",
    "pear",
    "apple",
  ]);
  assert.equal(valueOf(option()), undefined);
  for (const text of ["apple,", ",apple", "apple,plum"]) {
    assert.throws(() => valueOf(option(), "--x", text), /Unknown fruit/);
  }
});

Deno.test("repeated() leaves commas where they are", () => {
  assert.deepEqual(valueOf(repeated("--x <dir>", ""), "--x", "a,b", "--x", "c"), ["a,b", "c"]);
});

const addresses: [text: string, address: string][] = [
  ["https://host/path", "https://host/path/"],
  ["http://host", "http://host/"],
  ["file:///srv/www/", "file:///srv/www/"],
];
Deno.test.each(addresses)("address() makes of %s %s", (text, expected) => {
  assert.equal(valueOf(address("--x <url>", ""), "--x", text), expected);
});

Deno.test("address() refuses what is none, and repeats no password", () => {
  for (const text of ["bench", "javascript:alert(1)", "//host/path"]) {
    assert.throws(
      () => valueOf(address("--x <url>", ""), "--x", text),
      /for --x: give an address like/,
    );
  }
  assert.throws(() => valueOf(address("--x <url>", ""), "--x", "https://me:hunter2@host/"), {
    message: "Cannot take --x: it has a password, which everybody could read then",
  });
});

Deno.test("withSlash() ends a link in one slash", () => {
  assert.deepEqual(["a", "a/"].map(withSlash), ["a/", "a/"]);
});
