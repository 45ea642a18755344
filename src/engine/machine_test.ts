import assert from "node:assert/strict";
import { isLibraryFor, MACHINE_NAMES, thisMachine } from "./machine.ts";

const build = (target: string, os: typeof Deno.build.os = "linux") => ({
  target,
  os,
  arch: target.split("-")[0] as typeof Deno.build.arch,
});

Deno.test("thisMachine() tells system, processor and C library; Windows has no library", () => {
  assert.deepEqual(
    [
      build("x86_64-unknown-linux-gnu"),
      build("aarch64-unknown-linux-gnu"),
      build("x86_64-alpine-linux-musl"),
      build("aarch64-apple-darwin", "darwin"),
      build("x86_64-pc-windows-msvc", "windows"),
      build("x86_64-unknown-freebsd", "freebsd"),
    ].map(thisMachine),
    [
      "linux-x86_64",
      "linux-aarch64",
      "linux-x86_64-musl",
      "macos-aarch64",
      undefined,
      undefined,
    ],
  );
});

Deno.test("each library's entry is that of one kind of machine, whatever the engine", () => {
  const entries = {
    "librocksdbjni-linux64.so": "linux-x86_64",
    "librocksdbjni-linux-aarch64.so": "linux-aarch64",
    "librocksdbjni-linux64-musl.so": "linux-x86_64-musl",
    "librocksdbjni-linux-aarch64-musl.so": "linux-aarch64-musl",
    "librocksdbjni-osx-x86_64.jnilib": "macos-x86_64",
    "librocksdbjni-osx.jnilib": "macos-x86_64",
    "librocksdbjni-osx-arm64.jnilib": "macos-aarch64",
    "libspeedbjni-linux64.so": "linux-x86_64",
    "some/folder/libfrocksdbjni-linux64.so": "linux-x86_64",
    "librocksdbjni-linux-ppc64le.so": undefined,
    "librocksdbjni-win64.dll": undefined,
    "evil-jni-linux64.so": undefined,
    "librocksdbjni-linux64.so/": undefined,
  };
  for (const [entry, machine] of Object.entries(entries)) {
    assert.deepEqual(
      MACHINE_NAMES.filter((name) => isLibraryFor(name, entry)),
      machine === undefined ? [] : [machine],
      entry,
    );
  }
});
