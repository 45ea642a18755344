/** What engines' authors have: the C interface, skeletons, and the check of a plug-in. */
export { type Checked, type CheckOptions, checkPlugin } from "./check/check.ts";
export {
  buildEngine,
  ENGINE_NAMES,
  type EngineName,
  missingFor,
  rocksdbCrateSettings,
} from "./engines.ts";
export type { Verdict } from "./check/verdict.ts";
export {
  PLUGIN_NAME,
  type Skeleton,
  SKELETON_LANGUAGES,
  type SkeletonLanguage,
  writeSkeleton,
} from "./skeleton.ts";
