import assert from "node:assert/strict";
import fc from "fast-check";
import { run } from "../_testing/child.ts";
import { readKernelFile } from "./kernel_files.ts";
import {
  bytesOfListing,
  type Listings,
  loadMachineCode,
  makeEmptyCalls,
  runsMachineCode,
} from "./machine_code.ts";

/** Adds the first two cells into the third; stops where the sum is 0. */
const SUM: Listings = {
  x86_64: `
    48 8b 07             mov    (%rdi),%rax
    48 03 47 08          add    0x8(%rdi),%rax
    48 89 47 10          mov    %rax,0x10(%rdi)
    74 06                je     0x13
    b8 01 00 00 00       mov    $0x1,%eax
    c3                   ret
    31 c0                xor    %eax,%eax
    c3                   ret
  `,
  aarch64: `
    a9400801             ldp    x1, x2, [x0]
    ab020021             adds   x1, x1, x2
    f9000801             str    x1, [x0, #16]
    1a9f07e0             cset   w0, ne
    d65f03c0             ret
  `,
};
/** Sets the third cell to the first. */
const COPY: Listings = {
  x86_64: `
    48 8b 07             mov    (%rdi),%rax
    48 89 47 10          mov    %rax,0x10(%rdi)
    b8 01 00 00 00       mov    $0x1,%eax
    c3                   ret
  `,
  aarch64: `
    f9400001             ldr    x1, [x0]
    f9000801             str    x1, [x0, #16]
    52800020             mov    w0, #0x1
    d65f03c0             ret
  `,
};

const ignore = !runsMachineCode();
const cells = new BigUint64Array(new ArrayBuffer(3 * 8));
const address = () =>
  Deno.UnsafePointer.value(Deno.UnsafePointer.of(cells as BigUint64Array<ArrayBuffer>));
const word = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

Deno.test("bytesOfListing() takes the bytes of each line, and none of its words", {
  timeout: 300_000,
}, () => {
  const listing = "\n  0f af  imul  add\n  c3     ret\n";
  assert.deepEqual(bytesOfListing(listing), Uint8Array.of(0x0f, 0xaf, 0xc3));
});

Deno.test("bytesOfListing() takes a word from its end", { timeout: 300_000 }, () => {
  assert.deepEqual(bytesOfListing("  d65f03c0  ret"), Uint8Array.of(0xc0, 0x03, 0x5f, 0xd6));
});

Deno.test({
  name: "machine code works on its cells, and tells whether it came to its end",
  timeout: 300_000,
  ignore,
  fn() {
    const sum = loadMachineCode(SUM);
    fc.assert(fc.property(word, word, (a, b) => {
      cells.set([a, b, 0n]);
      assert.equal(sum(address()), cells[2] === 0n ? 0 : 1);
      assert.equal(cells[2], BigInt.asUintN(64, a + b));
    }));
    cells.set([1n, 2n ** 64n - 1n, 7n]);
    assert.equal(sum(address()), 0);
  },
});

Deno.test({
  name: "code that is loaded later is not taken for code that is there already",
  timeout: 300_000,
  ignore,
  fn() {
    const codes = [SUM, COPY, SUM, COPY].map(loadMachineCode);
    const results = codes.map((code) => {
      cells.set([2n, 3n, 0n]);
      assert.equal(code(address()), 1);
      return cells[2];
    });
    assert.deepEqual(results, [5n, 2n, 5n, 2n]);
  },
});

Deno.test({
  name: "machine code cannot be written over by whoever opens its file",
  timeout: 300_000,
  ignore,
  async fn() {
    const sum = loadMachineCode(SUM);
    // Another process of the user, which can open every file of this one.
    const script = `for file in /proc/${Deno.pid}/fd/*; do
      case $(readlink "$file") in
        /memfd:tidemark*) echo found; printf c3 2>&1 > "$file" && echo written ;;
      esac
    done 2>&1`;
    const { out: told } = await run("sh", ["-c", script]);
    assert.match(told, /^found$/m);
    assert.doesNotMatch(told, /^written$/m);
    cells.set([2n, 3n, 0n]);
    assert.deepEqual([sum(address()), cells[2]], [1, 5n]);
  },
});

Deno.test({
  name: "machine code is in memory that can be run and not written",
  timeout: 300_000,
  ignore,
  fn() {
    loadMachineCode(SUM);
    const rights = readKernelFile("/proc/self/maps")!.split("\n")
      .filter((line) => line.includes("/memfd:tidemark"))
      .map((line) => line.split(" ")[1]!);
    assert.ok(rights.includes("r-xp"));
    assert.ok(rights.every((each) => !(each.includes("w") && each.includes("x"))), `${rights}`);
  },
});

Deno.test({
  name: "makeEmptyCalls() makes calls that do nothing, in time that grows with how many they are",
  ignore,
  timeout: 30_000,
  fn() {
    makeEmptyCalls(10_000);
    const time = (count: number) => {
      let least = Infinity;
      for (let round = 0; round < 5; round++) {
        const start = performance.now();
        makeEmptyCalls(count);
        least = Math.min(least, performance.now() - start);
      }
      return least;
    };
    const [few, many] = [time(20_000), time(200_000)];
    assert.ok(many > 3 * few, `${few} and ${many} ms`);
    assert.equal(makeEmptyCalls(0), undefined);
  },
});
