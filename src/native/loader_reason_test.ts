import assert from "node:assert/strict";
import { loaderReason } from "./loader_reason.ts";

const CASES: [said: string, reason: string][] = [
  [
    "/x/librocksdb.so: undefined symbol: ZSTD_freeCCtx",
    "it wants the function ZSTD_freeCCtx, which no library here has",
  ],
  [
    "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by /x/a.so)",
    "it wants GLIBC_2.38 of the system's own libraries, which are older here",
  ],
  [
    "libsnappy.so.1: cannot open shared object file: No such file or directory",
    "libsnappy.so.1 is not found, which it needs or which it is itself",
  ],
  [
    "Error loading shared library libstdc++.so.6: No such file or directory (needed by /x/a.so)",
    "libstdc++.so.6 is not found, which it needs or which it is itself",
  ],
  [
    "/x/a.so: failed to map segment from shared object",
    "the system allows no code of that place to run, as of a file system with noexec",
  ],
  ["/x/a.so: wrong ELF class: ELFCLASS32", "it is for another kind of machine, or damaged"],
  ["/x/a.so: invalid ELF header", "it is no shared library, or a damaged one"],
  ["/x/a.so: file too short", "it is no shared library, or a damaged one"],
  ["\u001b[31m something new", "the system's loader refuses it; its own tool ldd may say why"],
];

for (const [said, reason] of CASES) {
  Deno.test(`loaderReason() says: ${reason}`, () => {
    const error = new Error(`Could not open library: Could not open library: ${said}`);
    assert.equal(loaderReason(error), reason);
  });
}

Deno.test("loaderReason() knows what this system's loader says", () => {
  const file = Deno.makeTempFileSync();
  try {
    Deno.writeTextFileSync(file, "no library".repeat(100));
    assert.throws(() => Deno.dlopen(file, {}), (error) => {
      assert.equal(loaderReason(error), "it is no shared library, or a damaged one");
      return true;
    });
    assert.throws(() => Deno.dlopen("libnosuch.so.3", {}), (error) => {
      assert.match(loaderReason(error), /^libnosuch\.so\.3 is not found/);
      return true;
    });
  } finally {
    Deno.removeSync(file);
  }
});
