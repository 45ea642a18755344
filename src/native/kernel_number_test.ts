import assert from "node:assert/strict";
import { readKernelFile } from "./kernel_files.ts";
import { numberAt, openKernelNumber } from "./kernel_number.ts";

Deno.test("numberAt() reads the number behind so many words", () => {
  const read = (text: string, place: number) =>
    numberAt(new TextEncoder().encode(text), text.length, place);
  assert.equal(read("123 4567 89\n", 0), 123);
  assert.equal(read("123 4567 89\n", 1), 4567);
  assert.equal(read("cpu  1 2 30123456789 4", 3), 30123456789);
  assert.equal(read("123 0 89\n", 1), 0);
  for (const text of ["123", "123 ", "", "123 x", "123 -4"]) assert.equal(read(text, 1), -1, text);
});

Deno.test(
  "openKernelNumber() reads a number anew each time, and opens nothing that has none there",
  {
    ignore: Deno.build.os !== "linux",
  },
  () => {
    using idle = openKernelNumber("/proc/stat", 4)!;
    const before = idle.read();
    const [, between] = /^cpu +(?:\d+ ){3}(\d+)/.exec(readKernelFile("/proc/stat")!)!;
    assert.ok(before > 0 && before <= Number(between) && Number(between) <= idle.read());
    assert.equal(openKernelNumber("/proc/stat", 0), undefined, "the first word is a name");
    assert.equal(openKernelNumber("/proc/stat", 99), undefined);
    assert.equal(openKernelNumber("/proc/no-such-file", 0), undefined);
  },
);
