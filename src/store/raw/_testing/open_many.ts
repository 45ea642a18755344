/**
 * Opens databases again and again, most of them in vain, and prints what of the process's memory
 * and files is taken after a tenth of them and after all. A program of its own, run by
 * leak_e2e_test.ts: in the tests' process other tests' garbage would be counted.
 */
import { listKernelFolder, readKernelFile } from "../../../native/mod.ts";
import { StoreError } from "../../error.ts";
import { Slice } from "../../slice.ts";
import { openRaw, type RawOptions } from "../mod.ts";

/** What a process holds. */
export interface Holdings {
  /** Resident memory, KiB. */
  residentKib: number;
  /** Open files. */
  files: number;
}

/** Small, since a memtable's and a log's memory is set aside at once. */
const OPTIONS: RawOptions = { writeBufferBytes: 65536, families: ["second"] };

function holdings(): Holdings {
  const status = readKernelFile("/proc/self/status") ?? "";
  return {
    residentKib: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]),
    files: (listKernelFolder("/proc/self/fd") ?? []).length,
  };
}

/** Opens, leaves open what a caller can forget, and closes. */
function openAndClose(path: string): void {
  const key = Slice.fromText("key");
  const into = new Slice(16);
  const store = openRaw(path, OPTIONS);
  store.put(key, key);
  store.get(key, into, 1);
  store.cursor({ from: key }).next();
  const batch = store.batch();
  batch.put(key, key, 1);
  store.write(batch);
  const snapshot = store.snapshot();
  snapshot.get(key, into);
  snapshot.cursor().next();
  store.close();
}

function failToOpen(path: string): void {
  try {
    openRaw(path, OPTIONS);
  } catch (error) {
    if (error instanceof StoreError) return;
    throw error;
  }
  throw new Error(`${path} could be opened`);
}

function rounds(folder: string, successful: number, failing: number): void {
  for (let i = 0; i < successful; i++) {
    openAndClose(`${folder}/database`);
    for (let j = 0; j < failing / successful; j++) failToOpen(`${folder}/file`);
  }
}

if (import.meta.main) {
  const [folder = "", successful, failing] = Deno.args;
  Deno.writeTextFileSync(`${folder}/file`, "no database");
  rounds(folder, Number(successful) * 0.1, Number(failing) * 0.1);
  const before = holdings();
  rounds(folder, Number(successful) * 0.9, Number(failing) * 0.9);
  console.log(JSON.stringify([before, holdings()]));
}
