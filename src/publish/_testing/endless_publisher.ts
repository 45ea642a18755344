/** Publishes to a directory again and again until it is killed; a process of the tests. */
import { publishToDirectory } from "../directory.ts";
import { releaseId } from "../pages.ts";
import { samplePages } from "./sample_pages.ts";

for (let last = "";;) {
  const id = releaseId();
  if (id === last) continue;
  last = id;
  publishToDirectory(samplePages(id), Deno.args[0]!, { id, keep: 2 });
}
