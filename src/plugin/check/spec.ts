/** What a check's process is told, and its lines. All travel as JSON. */
import type { PluginLibrary } from "../../store/plugin/mod.ts";
import type { Verdict } from "./verdict.ts";

/** What a process is to check. */
export interface CheckSpec {
  /** The plug-in's path. */
  library: string;
  /** Where databases are made; there. */
  folder: string;
  /** Whether it is in a hurry. */
  core: boolean;
  /** The cases, by name. */
  cases: readonly string[];
}

/** What a plug-in said of itself. */
export type LoadedPlugin = Pick<
  PluginLibrary,
  "name" | "sha256" | "compiler" | "description" | "has"
>;

/** A line of the process. */
export type CheckLine =
  | { kind: "loaded" } & LoadedPlugin
  | { kind: "refused"; message: string }
  | { kind: "begins"; name: string }
  | { kind: "verdict" } & Verdict;
