import assert from "node:assert/strict";
import { PublishError } from "./error.ts";
import { parseTarget } from "./target.ts";

Deno.test("parseTarget() reads the three kinds, and shows no user's name", () => {
  assert.deepEqual(parseTarget("/srv/pages/"), {
    kind: "directory",
    path: "/srv/pages",
    shown: "/srv/pages",
  });
  assert.deepEqual(parseTarget("with space"), {
    kind: "directory",
    path: "with space",
    shown: "with space",
  });
  assert.deepEqual(parseTarget("ssh://bench@10.77.0.1:2222/srv/pages/"), {
    kind: "ssh",
    user: "bench",
    host: "10.77.0.1",
    port: 2222,
    path: "/srv/pages",
    shown: "ssh://10.77.0.1:2222/srv/pages",
  });
  assert.equal((parseTarget("ssh://b@[fd00::1]/p") as { host: string }).host, "fd00::1");
  assert.deepEqual(parseTarget("s3:https://s3.example.com/bucket/nights/"), {
    kind: "s3",
    endpoint: "https://s3.example.com",
    bucket: "bucket",
    prefix: "nights",
    shown: "s3:https://s3.example.com/bucket/nights",
  });
});

const MISTAKES: [target: string, line: RegExp][] = [
  ["", /Cannot publish to "": write a directory, ssh:/],
  ["ftp://host/x", /Unknown kind of target "ftp": write a directory, ssh:\/\/user@host/],
  ["https://host/x", /Unknown kind of target "https"/],
  ["ssh://host/x", /name the user/],
  ["ssh://bench@/x", /it is no URL/],
  ["ssh://bench@-oProxyCommand=id/x", /its host is no name|it is no URL/],
  ["ssh://-l@host/x", /name the user/],
  ["ssh://bench@host", /its directory is to be an absolute path/],
  ["ssh://bench@host/a b", /its directory is to be an absolute path/],
  ["ssh://bench@host/$(id)", /its directory is to be an absolute path/],
  ["ssh://bench@host/a;id", /its directory is to be an absolute path/],
  ["ssh://bench@host/a?b", /it has a \? or # in it/],
  ["s3:bucket", /it is no URL; write s3:https:\/\/host\/bucket\/prefix/],
  ["s3:ftp://host/bucket", /write s3:https/],
  ["s3:https://host/", /its bucket's name is none/],
  ["s3:https://host/UPPER", /its bucket's name is none/],
  ["s3:https://host/bucket/a%20b", /its prefix is to be of letters/],
  ["s3:https://host/bucket//x", /its prefix is to be of letters/],
  ["s3:https://host/bucket?x=y", /it has a \? or # in it/],
];
for (const [target, line] of MISTAKES) {
  Deno.test(`parseTarget() refuses ${JSON.stringify(target)}`, () => {
    assert.throws(() => parseTarget(target), (error) => {
      assert.ok(error instanceof PublishError);
      assert.equal(error.kind, "usage");
      assert.match(error.message, line);
      return true;
    });
  });
}

for (
  const target of [
    "ssh://bench:hunter2@host/x",
    "s3:https://AKIA:hunter2@host/bucket",
    "s3:https://hunter2@host/bucket",
    "s3:https://AKIA:hunter2@ho st/bucket",
    "ssh://hunter2 @host/x",
  ]
) {
  Deno.test(`parseTarget() does not repeat what may be a secret in ${target}`, () => {
    assert.throws(
      () => parseTarget(target),
      (error) => error instanceof PublishError && !error.message.includes("hunter2"),
    );
  });
}
