/** Programs of this Debian with what they are linked to, and a kernel's modules, for an initial file system. */
import assert from "node:assert/strict";
import { pathOf } from "../../../src/_testing/child.ts";
import { run } from "./tools.ts";

/** Files by path without a slash before it, and folders as `null`, as `initramfs()` takes them. */
type Files = Record<string, Uint8Array | null>;

/** Where the linker of Debian's x86-64 looks, and where the kernel looks for the linker itself. */
const LIBRARIES = "lib/x86_64-linux-gnu";

/**
 * Programs by name, from this machine's path, in `bin`, with the libraries that `ldd` names.
 *
 * @throws Where one is not there.
 */
export async function programs(names: readonly string[]): Promise<Files> {
  const files: Files = {};
  const read = new Map<string, string>();
  for (const name of names) {
    const path = pathOf(name) ?? assert.fail(`${name} is not on the PATH`);
    read.set(`bin/${name}`, path);
    const { out } = await run("ldd", [path]);
    for (const [, library, linker] of out.matchAll(/=> (\/\S+) \(|^\s+(\/\S+) \(/gm)) {
      if (library) read.set(`${LIBRARIES}/${library.split("/").at(-1)}`, library);
      if (linker) read.set(linker.slice(1), linker);
    }
  }
  for (const [path, from] of read) files[path] = Deno.readFileSync(from);
  return withFolders(files);
}

/**
 * A kernel's modules of these names and what they depend on, under `modules`, in the order in which
 * they can be loaded.
 *
 * @param kernel `…/boot/vmlinuz-VERSION`, whose modules are in `…/lib/modules/VERSION`.
 */
export async function modules(kernel: string, names: readonly string[]): Promise<Files> {
  const base = kernel.replace(/\/boot\/vmlinuz-[^/]+$/, "");
  const version = kernel.match(/vmlinuz-([^/]+)$/)?.[1] ?? assert.fail(kernel);
  const folder = Deno.makeTempDirSync();
  try {
    Deno.mkdirSync(`${folder}/lib/modules`, { recursive: true });
    await run("cp", ["-r", `${base}/lib/modules/${version}`, `${folder}/lib/modules`]);
    await run("depmod", ["-b", folder, version]);
    const files: Files = {};
    let order = "";
    for (const name of names) {
      const { code, out, err } = await run("modprobe", [
        ...["-d", folder, "-S", version, "--show-depends", name],
      ]);
      assert.equal(code, 0, err);
      for (const [, path] of out.matchAll(/^insmod (\S+)/gm)) {
        const file = path!.split("/").at(-1)!;
        if (files[`modules/${file}`]) continue;
        files[`modules/${file}`] = Deno.readFileSync(path!);
        order += `${file}\n`;
      }
    }
    files["modules/order"] = new TextEncoder().encode(order);
    return withFolders(files);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

/** The same files after the folders that they lie in. */
export function withFolders(files: Files): Files {
  const folders = new Set(
    Object.keys(files).flatMap((path) => {
      const parts = path.split("/");
      return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("/"));
    }),
  );
  return {
    ...Object.fromEntries([...folders].sort().map((folder) => [folder, null])),
    ...files,
  };
}
