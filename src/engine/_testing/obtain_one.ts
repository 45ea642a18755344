/** Obtains one release, as a process of its own that a test can kill. */
import { obtainRelease } from "../obtain.ts";

if (import.meta.main) {
  const [name, cache, repository] = Deno.args;
  const { sha256 } = await obtainRelease(name!, { cache, repository, home: cache });
  console.log(sha256);
}
