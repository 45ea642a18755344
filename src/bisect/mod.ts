/** Who did it: a repository's commits, their builds, and the journal of a search for one of them. */
export { type Build, buildCommit, type BuildPlan } from "./build.ts";
export { BisectError } from "./error.ts";
export { BISECT_FILE, BisectJournal, type BisectLine, type BisectPlan } from "./journal.ts";
export { type CommitName, Repository } from "./repository.ts";
