/** Who did it: the search for the commit that changed how fast a store is. */
export {
  type Measure,
  nextStep,
  type SearchEnd,
  type SearchEvent,
  type SearchPlan,
  type Span,
} from "./search.ts";
