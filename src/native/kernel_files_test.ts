import assert from "node:assert/strict";
import { isKernelPath, listKernelFolder, readKernelFile } from "./kernel_files.ts";

const linux = Deno.build.os === "linux";

Deno.test({
  name: "readKernelFile() reads a file of /proc whole",
  ignore: !linux,
  fn() {
    assert.match(
      readKernelFile("/proc/self/status") ?? "",
      new RegExp(`^Pid:\\t${Deno.pid}$`, "m"),
    );
    assert.ok((readKernelFile("/proc/self/maps") ?? "").endsWith("\n"));
  },
});

Deno.test({
  name: "readKernelFile() and listKernelFolder() give null when there is nothing of that name",
  ignore: !linux,
  fn() {
    assert.equal(readKernelFile("/proc/no-such-file"), null);
    assert.equal(listKernelFolder("/sys/no-such-folder"), null);
    assert.equal(readKernelFile("/proc"), null);
  },
});

Deno.test({
  name: "listKernelFolder() lists a folder of /proc",
  ignore: !linux,
  fn() {
    const names = listKernelFolder("/proc/self") ?? [];
    assert.ok(names.includes("status") && names.includes("stat"));
    assert.ok(!names.includes(".."));
  },
});

Deno.test("isKernelPath() tells /proc and /sys from folders that begin alike", () => {
  assert.equal(isKernelPath("/proc/stat"), linux);
  assert.equal(isKernelPath("/sys"), linux);
  assert.equal(isKernelPath("/system/file"), false);
  assert.equal(isKernelPath("/home/proc/x"), false);
});
