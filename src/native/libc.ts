/** The C library's names, by operating system; musl's after glibc's. */
const NAMES: Partial<Record<typeof Deno.build.os, string[]>> = {
  linux: ["libc.so.6", `libc.musl-${Deno.build.arch}.so.1`],
  darwin: ["libSystem.B.dylib"],
};

/**
 * Opens the C library.
 *
 * @param symbols The functions that are needed.
 * @returns The library with these functions.
 * @throws {Error} Where the system has no C library of a known name.
 */
export function openLibc<const S extends Deno.ForeignLibraryInterface>(
  symbols: S,
): Deno.DynamicLibrary<S> {
  for (const name of NAMES[Deno.build.os] ?? []) {
    try {
      return Deno.dlopen(name, symbols);
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
    }
  }
  throw new Error(
    `Cannot open the C library: none of a known name on ${Deno.build.os} ${Deno.build.arch}`,
  );
}
