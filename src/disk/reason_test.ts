import assert from "node:assert/strict";
import { FileRefusal } from "./bounded.ts";
import { fileReason } from "./reason.ts";

const withCode = (code: string) => Object.assign(new Error(`os error 99: ${code}`), { code });

Deno.test("fileReason() says how to mend what the system refuses, in no words of the system's", () => {
  for (const code of ["EACCES", "EIO", "EMFILE", "ENOSPC", "EPERM", "EROFS"]) {
    const reason = fileReason(withCode(code));
    assert.match(reason, /; [a-z]/, code);
    assert.doesNotMatch(reason, /os error|[A-Z]{3}/);
  }
  assert.equal(
    fileReason(withCode("EUCLEAN")),
    "the system refuses it with EUCLEAN; check the path and what is mounted there",
  );
  assert.doesNotMatch(fileReason(withCode("toString")), /native code|toString/);
  assert.doesNotMatch(fileReason("a text"), /a text/);
});

Deno.test("fileReason() gives the words of this folder, and names what Deno may not do", () => {
  assert.equal(fileReason(new FileRefusal("link", 0, "it is a link")), "it is a link");
  const notCapable = (said: string) => fileReason(new Deno.errors.NotCapable(said));
  assert.equal(
    notCapable('Requires read access to "x", run again with the --allow-read flag'),
    "this process may not read there; start it by its deno task, or allow it with --allow-read",
  );
  assert.match(
    notCapable('Requires all access to "/proc/1", run again with the --allow-all flag'),
    /^it is of the system's own, as .proc, .* are, .*; choose another place$/,
  );
  assert.match(notCapable("something new"), /^this process may not do that there; .*allow it$/);
});

Deno.test("fileReason() knows a path that no file can have", () => {
  assert.throws(() => Deno.openSync("a\0b"), (error) => {
    assert.match(fileReason(error), /^its name is none that a file can have|^the system cannot do/);
    return true;
  });
});
