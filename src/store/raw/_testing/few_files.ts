/**
 * Opens a database while only some more files can be opened, and prints what was said, as JSON: `null`
 * where it opened. Then all files are free again, and the database has to open.
 *
 *   deno run --allow-ffi --allow-read --allow-write --allow-env few_files.ts DIRECTORY FREE
 */
import { StoreError } from "../../error.ts";
import { openRaw } from "../mod.ts";

if (import.meta.main) {
  const [path, free] = Deno.args as [string, string];
  const files = fillTable(path);
  for (const file of files.splice(0, Number(free))) file.close();
  const said = open(path);
  for (const file of files) file.close();
  // A database that stayed open would say that its lock is held.
  const afterwards = open(path);
  if (afterwards !== null) throw new Error(afterwards);
  console.log(JSON.stringify(said));
}

function open(path: string): string | null {
  try {
    openRaw(path).close();
    return null;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return error.message;
  }
}

/** Opens files until the system gives no more. */
function fillTable(path: string): Deno.FsFile[] {
  Deno.mkdirSync(path, { recursive: true });
  const files: Deno.FsFile[] = [];
  for (;;) {
    try {
      files.push(Deno.openSync(path));
    } catch {
      return files;
    }
  }
}
