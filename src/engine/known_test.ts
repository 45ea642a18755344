import assert from "node:assert/strict";
import {
  fusedIsKnownToAgree,
  isTried,
  knownLibraries,
  learnLibraries,
  libraryContent,
} from "./known.ts";

/** A file whose last change is long enough ago to be trusted, as far as this process can see. */
function settledFile(text: string): string {
  const path = Deno.makeTempFileSync();
  Deno.writeTextFileSync(path, text);
  return path;
}

/** Looks at a later hour, since nobody can set when the kernel says that a file was changed. */
function later<T>(run: () => T): T {
  const { now } = Date;
  Date.now = () => now() + 3600_000;
  try {
    return run();
  } finally {
    Date.now = now;
  }
}

Deno.test("libraryContent() reads a file once, until it is another one", () => {
  const path = settledFile("one");
  let reads = 0;
  const content = () =>
    libraryContent(path, () => {
      reads++;
      return Deno.readFileSync(path);
    });
  try {
    later(() => {
      const first = content();
      assert.deepEqual(content(), first);
      assert.equal(reads, 1);
      const { length } = "one";
      // Equally long, and another file by its time alone.
      Deno.writeTextFileSync(path, "two");
      Deno.utimeSync(path, 1000, 1000);
      assert.equal(Deno.statSync(path).size, length);
      assert.notEqual(content().sha256, first.sha256);
      assert.equal(reads, 2);
    });
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("libraryContent() trusts no file that was changed just now", () => {
  const path = settledFile("young");
  let reads = 0;
  try {
    for (let i = 0; i < 2; i++) {
      libraryContent(path, () => {
        reads++;
        return Deno.readFileSync(path);
      });
    }
    assert.equal(reads, 2);
    assert.ok(!knownLibraries().some((known) => known.path === path));
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("what another process knows holds for the file that it read, and for no other", () => {
  const path = settledFile("library");
  try {
    later(() => {
      fusedIsKnownToAgree(path, () => true);
      const [told] = knownLibraries().filter((known) => known.path === path);
      assert.equal(told!.fusedAgree, true);
      assert.equal(told!.content, undefined, "nothing was read");
      learnLibraries([{ ...told!, stamp: `${told!.stamp}0` }]);
      assert.ok(!isTried(path));
      assert.equal(fusedIsKnownToAgree(path, () => false), false, "it is tried anew");
      learnLibraries([told!]);
      assert.ok(isTried(path));
      assert.ok(fusedIsKnownToAgree(path, () => assert.fail("it was tried")));
    });
  } finally {
    Deno.removeSync(path);
  }
});

Deno.test("what is learnt of a file that changes meanwhile counts once", () => {
  const path = settledFile("before");
  try {
    later(() => {
      const { sha256 } = libraryContent(path, () => {
        const bytes = Deno.readFileSync(path);
        Deno.writeTextFileSync(path, "afterwards");
        return bytes;
      });
      assert.match(sha256, /^[0-9a-f]{64}$/);
      assert.ok(!knownLibraries().some((known) => known.path === path));
    });
  } finally {
    Deno.removeSync(path);
  }
});
