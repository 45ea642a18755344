import assert from "node:assert/strict";
import { readKernelFile } from "./kernel_files.ts";
import { groupParents, makeMemoryGroup } from "./memory_group.ts";

Deno.test("groupParents() finds version 1's memory hierarchy among others, and version 2's", () => {
  const groups = "5:cpu,cpuacct:/\n4:memory:/jobs/one\n0::/user.slice\n";
  const mounts = [
    "31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755",
    "32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu,cpuacct",
    "35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:3 - cgroup cgroup rw,memory",
    "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw",
  ].join("\n");
  assert.deepEqual(groupParents(groups, mounts), [
    { version: 1, folder: "/sys/fs/cgroup/memory/jobs/one" },
    { version: 1, folder: "/sys/fs/cgroup/memory" },
    { version: 2, folder: "/sys/fs/cgroup/unified/user.slice" },
    { version: 2, folder: "/sys/fs/cgroup/unified" },
  ]);
});

Deno.test("groupParents() takes a container's own view, and a machine without cgroups", () => {
  const mounts = "41 31 0:38 /docker/abc /sys/fs/cgroup rw - cgroup2 cgroup rw";
  assert.deepEqual(groupParents("0::/docker/abc/inner\n", mounts), [
    { version: 2, folder: "/sys/fs/cgroup/inner" },
    { version: 2, folder: "/sys/fs/cgroup" },
  ]);
  assert.deepEqual(groupParents("0::/\n", mounts), [{ version: 2, folder: "/sys/fs/cgroup" }]);
  assert.deepEqual(groupParents("", ""), []);
});

Deno.test("makeMemoryGroup() makes a bounded group, or says why it cannot", () => {
  const group = makeMemoryGroup(128 * 1024 * 1024);
  if (typeof group === "string") return assert.match(group, /cgroup|this user may make none/);
  const bound = group.version === 1 ? "memory.limit_in_bytes" : "memory.max";
  assert.equal(readKernelFile(`${group.folder}/${bound}`)!.trim(), "134217728");
  group.remove();
  assert.equal(readKernelFile(`${group.folder}/${bound}`), null);
});
