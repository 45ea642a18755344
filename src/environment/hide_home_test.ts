import assert from "node:assert/strict";
import { hideHome } from "./hide_home.ts";

const cases: [path: string, home: string, hidden: string][] = [
  ["/home/alice/db", "/home/alice", "~/db"],
  ["/home/alice", "/home/alice", "~"],
  ["/home/alice/db", "/home/alice/", "~/db"],
  ["/home/alice2/db", "/home/alice", "/home/alice2/db"],
  ["/data/home/alice", "/home/alice", "/data/home/alice"],
  ["/home/alice/db", "", "~/db"],
  ["/home/alice/db", "/", "~/db"],
  ["/Users/alice", "", "~"],
  ["/root/db", "", "~/db"],
  ["/rooted/db", "", "/rooted/db"],
  ["/data/db", "", "/data/db"],
];
Deno.test.each(cases)("hideHome(%j, %j) is %j", (path, home, hidden) => {
  assert.equal(hideHome(path, home), hidden);
});
