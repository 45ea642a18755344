import assert from "node:assert/strict";
import fc from "fast-check";
import { readLibraryFile } from "./library_file.ts";
import { smallLibrary } from "./_testing/archives.ts";

Deno.test("readLibraryFile() tells the processor of a shared library", () => {
  for (const arch of ["x86_64", "aarch64"] as const) {
    assert.deepEqual(readLibraryFile(smallLibrary(arch)), {
      system: "linux",
      arch,
      compiler: null,
    });
  }
  const macho = new Uint8Array(64);
  new DataView(macho.buffer).setUint32(0, 0xfeedfacf, true);
  new DataView(macho.buffer).setUint32(4, 0x0100000c, true);
  assert.deepEqual(readLibraryFile(macho), { system: "macos", arch: "aarch64", compiler: null });
  assert.equal(readLibraryFile(new TextEncoder().encode("#!/bin/sh\n".repeat(10))), undefined);
  assert.equal(readLibraryFile(new Uint8Array(3)), undefined);
});

Deno.test("readLibraryFile() fails at no bytes, whatever their header leads to", () => {
  const library = smallLibrary("x86_64");
  fc.assert(fc.property(
    fc.array(fc.tuple(fc.nat(63), fc.nat(255)), { maxLength: 20 }),
    fc.nat(library.length),
    (changes, length) => {
      const bytes = library.slice(0, length);
      for (const [at, byte] of changes) if (at > 5 && at < length) bytes[at] = byte;
      readLibraryFile(bytes);
    },
  ));
});

Deno.test("readLibraryFile() tells a program from a library, and a 32-bit one from ours", () => {
  const program = smallLibrary("x86_64");
  program[16] = 2;
  assert.equal(readLibraryFile(program), undefined);
  const small = smallLibrary("x86_64");
  small[4] = 1;
  assert.equal(readLibraryFile(small), undefined);
});
