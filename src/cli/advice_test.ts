/** Options that texts advise: who follows the advice finds them. */
import assert from "node:assert/strict";
import type { Command } from "commander";
import { fakeStreams } from "./_testing/fake_streams.ts";
import { buildProgram } from "./program.ts";

const COMMANDS = new URL("./commands/", import.meta.url);
const OPTION = /(?<![\w-])--[a-z][a-z-]*/g;

/** The options of a command and its subcommands. */
function declared(command: Command): string[] {
  return [
    ...command.options.flatMap(({ long }) => long ?? []),
    ...command.commands.flatMap(declared),
  ];
}

/** The lines of a file that are not comments, which may speak of other programs. */
function code(path: URL): string[] {
  return Deno.readTextFileSync(path).split("\n").filter((line) => !/^\s*(\/\/|\/?\*)/.test(line));
}

const program = buildProgram({ args: [], streams: fakeStreams(), ended: () => {} });
const options = new Map(program.commands.map((command) => [command.name(), declared(command)]));

Deno.test("there are commands, and options that are advised", () => {
  assert.ok(options.size > 8);
  const advised = [...options.keys()].flatMap((name) => [...adviceOf(name)]);
  assert.ok(advised.length > 8, `${advised.length}`);
});

/** The options that the texts of a command's actions name, and of which command. */
function* adviceOf(name: string): Generator<[file: string, of: string, option: string]> {
  const folder = new URL(`${name}/`, COMMANDS);
  for (const { name: file, isFile } of Deno.readDirSync(folder)) {
    // What declares them has examples of a whole call; what only tests use is in a folder.
    if (!isFile || file === "command.ts" || file.endsWith("_test.ts")) continue;
    for (const line of code(new URL(file, folder))) {
      const of = line.match(/deno task ([a-z]+)/)?.[1] ?? name;
      for (const [option] of line.matchAll(OPTION)) yield [file, of, option];
    }
  }
}

for (const name of options.keys()) {
  Deno.test(`${name} advises no option that there is not`, () => {
    for (const [file, of, option] of adviceOf(name)) {
      assert.ok(options.get(of)?.includes(option), `${file}: ${of} has no ${option}`);
    }
  });
}
