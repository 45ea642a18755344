/** `publish` as it is called. */
import { Command } from "commander";
import type { Call } from "../../call.ts";
import { keyOptions } from "../../options/cluster.ts";
import { addOptions, keptPages, repeated } from "../../options/values.ts";

/** The options of `publish`. */
export interface PublishFlags {
  to: string[];
  keep: number;
  identity?: string;
  sshConfig?: string;
}

/** Declares `publish`. */
export function publishCommand(call: Call): Command {
  const command = new Command("publish")
    .description("put a folder of pages where people read them")
    .argument("<folder>", "the pages: a folder with an index.html")
    .addOption(
      repeated(
        "--to <target>",
        "a directory, ssh://user@host/directory or s3:https://host/bucket/prefix (repeatable)",
      ).makeOptionMandatory(),
    )
    .addOption(
      keptPages("--keep <n>", "how many publications stay there, but for S3, which keeps all")
        .default(3),
    )
    .addHelpText("after", HELP)
    .action(async (folder: string, flags: PublishFlags) => {
      const { runPublish } = await import("./action.ts");
      call.ended(await runPublish(folder, flags, call));
    });
  return addOptions(command, keyOptions());
}

const HELP = `
The pages go whole into a folder of their own, then the link "latest" is renamed to lead there; on S3
the page index.html is written last and leads there. S3 takes its key from AWS_ACCESS_KEY_ID,
AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_REGION, and from nowhere else; old publications
there are for a lifecycle rule of the bucket to remove.

Examples:
  deno task publish pages --to /srv/www/tidemark
  deno task publish pages --to ssh://www@10.77.0.1/srv/www/tidemark --identity ~/.ssh/publish
  deno task publish pages --to s3:https://s3.eu-central-1.amazonaws.com/bucket/tidemark`;
