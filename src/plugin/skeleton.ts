/** `plugin new`: a plug-in that works, to put an engine into. */
import { replaceFile } from "../disk/mod.ts";

/** The languages that there is a skeleton in, and what is written: each file, and what it is made of. */
const SKELETONS = {
  rust: { "Cargo.toml": "rust/Cargo.toml", "src/lib.rs": "rust/src/lib.rs" },
  c: { "plugin.c": "c/plugin.c", "Makefile": "c/Makefile" },
  cpp: { "plugin.cpp": "cpp/plugin.cpp", "Makefile": "cpp/Makefile" },
  zig: { "plugin.zig": "zig/plugin.zig", "Makefile": "zig/Makefile" },
} as const;

/** A language that there is a skeleton in. */
export type SkeletonLanguage = keyof typeof SKELETONS;

/** Their names. */
export const SKELETON_LANGUAGES = Object.keys(SKELETONS) as readonly SkeletonLanguage[];

/** What a language needs beside it: its compiler, or who reads the rules. */
const HEADERS: Readonly<Record<SkeletonLanguage, readonly string[]>> = {
  rust: [],
  c: ["tidemark_plugin.h", "tidemark_config.h"],
  cpp: ["tidemark_plugin.h", "tidemark_config.h"],
  zig: ["tidemark_plugin.h"],
};

/** What a plug-in may be called. */
export const PLUGIN_NAME = /^[a-z][a-z0-9_-]{0,39}$/;

/** Where a plug-in is, and how it is built there. */
export interface Skeleton {
  /** What is run in its folder. */
  build: string;
  /** The library that comes of it, from there. */
  library: string;
}

/**
 * Writes a skeleton into a folder that is not there yet.
 *
 * @param name The plug-in's, as {@linkcode PLUGIN_NAME}.
 * @throws {Deno.errors.AlreadyExists} Where something is there; nothing is written then.
 */
export function writeSkeleton(folder: string, name: string, language: SkeletonLanguage): Skeleton {
  const here = new URL("./", import.meta.url);
  const read = (path: string) => Deno.readTextFileSync(new URL(path, here));
  const files = Object.entries(SKELETONS[language])
    .map(([to, from]): [string, string] => [to, read(`templates/${from}`)]);
  files.push(...HEADERS[language].map((to): [string, string] => [to, read(`include/${to}`)]));
  const crate = decodeURIComponent(new URL("rust", here).pathname);
  Deno.mkdirSync(folder);
  for (const [to, text] of files) {
    if (to.includes("/")) Deno.mkdirSync(`${folder}/${to.split("/")[0]}`, { recursive: true });
    const own = text.replaceAll("PLUGIN_NAME", name)
      .replaceAll('"CRATE_PATH"', JSON.stringify(crate));
    replaceFile(`${folder}/${to}`, own);
  }
  return language === "rust"
    ? {
      build: "cargo build --release",
      library: `target/release/lib${name.replaceAll("-", "_")}.so`,
    }
    : { build: "make", library: `lib${name}.so` };
}
