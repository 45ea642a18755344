/**
 * What the system's loader says of a library that it does not load, in our words. Sources: the texts
 * of glibc's `elf/dl-load.c`, `dl-lookup.c` and `dl-version.c`, of musl's `ldso/dynlink.c`, and of dyld.
 */
const REASONS: readonly [said: RegExp, reason: (part: string) => string][] = [
  [
    /undefined symbol: ([\w.@]{1,80})|Error relocating .*: ([\w.@]{1,80}): symbol not found/,
    (name) => `it wants the function ${name}, which no library here has`,
  ],
  [
    /version [`']([\w.+-]{1,80})' not found/,
    (version) => `it wants ${version} of the system's own libraries, which are older here`,
  ],
  [
    /([\w.+-]{1,80}): cannot open shared object file|Error loading shared library ([\w.+-]{1,80})/,
    (name) => `${name} is not found, which it needs or which it is itself`,
  ],
  [
    /failed to map|Operation not permitted|noexec|permission/i,
    () => "the system allows no code of that place to run, as of a file system with noexec",
  ],
  [
    /wrong ELF class|phentsize|incompatible architecture|wrong architecture/i,
    () => "it is for another kind of machine, or damaged",
  ],
  [
    /file too short|invalid ELF header|not a mach-o|Exec format error|file data/i,
    () => "it is no shared library, or a damaged one",
  ],
  [/cannot allocate memory/i, () => "there is no memory for it"],
];

/**
 * Why a library was not loaded, as the end of a sentence.
 *
 * @param error What `Deno.dlopen` threw.
 */
export function loaderReason(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  for (const [pattern, reason] of REASONS) {
    const found = pattern.exec(said);
    if (found !== null) return reason(found[1] ?? found[2] ?? "");
  }
  return "the system's loader refuses it; its own tool ldd may say why";
}
