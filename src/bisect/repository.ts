/** A git repository: the commits between two of it, and each in a worktree of its own. */
import { outputWithin } from "../child/mod.ts";
import { BisectError } from "./error.ts";

/** How long git may take for an answer, s; for a worktree, which writes all files. */
const ANSWER_SECONDS = 60;
const WORKTREE_SECONDS = 600;

/** Commits that are searched at most. */
const MOST_COMMITS = 10_000;

/** A commit as a person knows it. */
export interface CommitName {
  hash: string;
  /** Its abbreviation and its subject: `1a2b3c4 Make puts faster`. */
  title: string;
}

/** The repository that a folder is in. */
export class Repository {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * Opens the repository that a folder is in.
   *
   * @throws {BisectError} Where there is none, or no git.
   */
  static async open(folder: string): Promise<Repository> {
    const repository = new Repository(folder);
    const top = await repository.#git(["rev-parse", "--show-toplevel"]);
    if (top === undefined) {
      throw new BisectError(
        `Cannot search ${folder}: it is in no git repository with files; name one by --repo`,
      );
    }
    return new Repository(top);
  }

  /**
   * The good commit, and those after it up to the bad one, oldest first, along first parents: a merge is
   * one change.
   *
   * @throws {BisectError} Where a name is no commit, or the bad one does not come after the good one.
   */
  async commits(good: string, bad: string): Promise<CommitName[]> {
    const [from, to] = [await this.#commit(good), await this.#commit(bad)];
    if (from === to) {
      throw new BisectError(`Cannot search from ${good} to ${bad}: they are the same commit`);
    }
    if (await this.#git(["merge-base", "--is-ancestor", from, to]) === undefined) {
      throw new BisectError(
        `Cannot search from ${good} to ${bad}: ${bad} does not come after ${good}; name the older one first`,
      );
    }
    const range = ["--first-parent", "--reverse", `${from}..${to}`];
    const after = (await this.#git(["rev-list", ...range]) ?? "").split("\n");
    if (after.length > MOST_COMMITS) {
      throw new BisectError(
        `Cannot search ${after.length} commits: name two that have ${MOST_COMMITS} between them at most`,
      );
    }
    const format = ["--no-show-signature", "--no-patch", "--format=%H%x09%h %s"];
    const list = await this.#git(["log", ...format, ...range]) ?? "";
    const one = await this.#git(["log", "-1", ...format, from]) ?? "";
    return `${one}\n${list}`.split("\n").map((line) => {
      const [hash, ...title] = line.split("\t");
      return { hash: hash!, title: title.join("\t") };
    });
  }

  /**
   * Writes a commit's files into a new folder. Hooks are not run: what is run is the caller's command
   * alone.
   *
   * @throws {BisectError} Where git does not do it.
   */
  async checkOut(hash: string, folder: string): Promise<void> {
    const added = await this.#git(["worktree", "add", "--detach", folder, hash], WORKTREE_SECONDS);
    if (added === undefined) {
      throw new BisectError(
        `Cannot make a worktree of ${hash} in ${folder}: git worktree add says why`,
        "measuring",
      );
    }
  }

  /** Takes a worktree away again. */
  async remove(folder: string): Promise<void> {
    await this.#git(["worktree", "remove", "--force", folder], WORKTREE_SECONDS);
  }

  /** The hash of the commit that a text names. */
  async #commit(name: string): Promise<string> {
    const query = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`];
    const hash = await this.#git(query);
    if (hash !== undefined) return hash;
    throw new BisectError(
      `Cannot search from or to ${JSON.stringify(name)}: ${this.folder} has no such commit`,
    );
  }

  /** What git prints; `undefined` where it fails or takes too long. */
  async #git(args: readonly string[], seconds = ANSWER_SECONDS): Promise<string | undefined> {
    const plain = ["-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false"];
    try {
      const said = await outputWithin("git", ["-C", this.folder, ...plain, ...args], seconds);
      return said?.success ? said.out.replace(/\n$/, "") : undefined;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      throw new BisectError(
        "Cannot search a repository: there is no git here; install it",
        "usage",
        {
          cause: error,
        },
      );
    }
  }
}
