/** A session of a bench: its first one, or a resume. */
import { hideHome } from "../environment/mod.ts";
import type { Result, SessionRecord } from "../result/mod.ts";
import type { ResumeRequest } from "./request.ts";
import type { World } from "./world.ts";

/**
 * When, by what and where a session begins.
 *
 * @param dataDirectory Where its databases will be.
 */
export function beginSession(
  { command, version }: Pick<ResumeRequest, "command" | "version">,
  dataDirectory: string,
  world: World,
): SessionRecord {
  return {
    startedAt: world.now().toISOString(),
    tool: { version, commit: world.commit() },
    command: command.map(withoutHome),
    environment: world.environment(dataDirectory),
  };
}

/** A bench's id: sorts by time, and can be a file's name. */
export function benchId(suite: string, startedAt: Date): string {
  return `${startedAt.toISOString().slice(0, 19).replaceAll(":", "")}Z-${suite}`;
}

/** The id of the whole bench that a lane is of. */
export function wholeId({ id, interleaved }: Pick<Result, "id" | "interleaved">): string {
  return interleaved?.session ?? id;
}

/** A text without the user's name, which is in the home directory's path, wherever that stands. */
export function withoutHome(text: string): string {
  return text.replace(/[^\s=,:;'"]+/g, (word) => hideHome(word));
}
