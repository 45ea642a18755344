/**
 * The one process of Tidemark that has a network: it publishes the folder that it is started in to
 * S3-compatible storage. It may read that folder, reach that host, and read the variables of the
 * credentials.
 */
import { PublishError } from "./error.ts";
import { folderPages } from "./pages.ts";
import { credentialsFrom, publishToS3 } from "./s3.ts";
import type { Target } from "./target.ts";

/** What it is to do, as JSON in its only argument. */
export interface S3Job {
  target: Target & { kind: "s3" };
  id: string;
}

/** What it prints on stdout, as JSON. */
export type S3Answer = { url: string } | { error: string; kind: PublishError["kind"] };

if (import.meta.main) {
  const { target, id }: S3Job = JSON.parse(Deno.args[0]!);
  let answer: S3Answer;
  try {
    const credentials = credentialsFrom((name) => Deno.env.get(name));
    answer = { url: await publishToS3(folderPages("."), target, credentials, { id }) };
  } catch (error) {
    if (!(error instanceof PublishError)) throw error;
    answer = { error: error.message, kind: error.kind };
  }
  console.log(JSON.stringify(answer));
}
