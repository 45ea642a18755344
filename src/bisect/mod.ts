/** Who did it: the search for the commit that changed how fast a store is. */
export { type Build, buildCommit, type BuildPlan } from "./build.ts";
export { BisectError } from "./error.ts";
export { BISECT_FILE, BisectJournal, type BisectLine, type BisectPlan } from "./journal.ts";
export { type CommitName, Repository } from "./repository.ts";
export {
  type Measure,
  nextStep,
  type SearchEnd,
  type SearchEvent,
  type SearchPlan,
  type Span,
} from "./search.ts";
