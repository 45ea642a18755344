/** The kinds of machine that Deno runs on and that there are libraries for. */
import { EngineError } from "./error.ts";

/**
 * How each kind's library is called in an archive, after the engine's own prefix, the newer name
 * first; and the classifier of the archive, where a release has one for each system.
 */
const MACHINES = {
  "linux-x86_64": { classifier: "linux64", endings: ["linux64.so"] },
  "linux-aarch64": { classifier: "linux64", endings: ["linux-aarch64.so"] },
  "linux-x86_64-musl": { classifier: "linux64-musl", endings: ["linux64-musl.so"] },
  "linux-aarch64-musl": { classifier: "linux64-musl", endings: ["linux-aarch64-musl.so"] },
  "macos-x86_64": { classifier: "osx", endings: ["osx-x86_64.jnilib", "osx.jnilib"] },
  "macos-aarch64": { classifier: "osx", endings: ["osx-arm64.jnilib"] },
} as const;

/** A kind of machine: system, processor, and the C library where it is not the usual one. */
export type Machine = keyof typeof MACHINES;

/** The kinds by name. */
export const MACHINE_NAMES = Object.keys(MACHINES) as Machine[];

/** The classifiers of the archives that hold libraries for them. */
export const CLASSIFIERS: readonly string[] = [
  ...new Set(Object.values(MACHINES).map(({ classifier }) => classifier)),
];

/** What of Deno's `build` tells the kind of machine. */
type Build = Pick<typeof Deno.build, "os" | "arch" | "target">;

/**
 * The kind of this machine.
 *
 * @returns `undefined` where no release has a library for it that exports RocksDB's C functions, as
 * for Windows.
 */
export function thisMachine({ os, arch, target }: Build = Deno.build): Machine | undefined {
  const system = os === "darwin" ? "macos" : os;
  const name = `${system}-${arch}${target.includes("musl") ? "-musl" : ""}`;
  return MACHINE_NAMES.find((machine) => machine === name);
}

/**
 * The kind of this machine.
 *
 * @throws {EngineError} Where there is no library for it.
 */
export function requireMachine(): Machine {
  const machine = thisMachine();
  if (machine !== undefined) return machine;
  const { os, arch } = Deno.build;
  throw new EngineError(
    `Cannot use engine releases here: none has a library for ${os} on ${arch} that exports ` +
      "RocksDB's C functions",
    "usage",
  );
}

/** The classifier of the archive for a kind of machine. */
export function classifierOf(machine: Machine): string {
  return MACHINES[machine].classifier;
}

/** Whether an archive's entry is the library for a kind of machine, whichever the engine. */
export function isLibraryFor(machine: Machine, entry: string): boolean {
  const name = entry.slice(entry.lastIndexOf("/") + 1);
  return MACHINES[machine].endings.some((ending) =>
    name.startsWith("lib") && name.endsWith(`jni-${ending}`)
  );
}
