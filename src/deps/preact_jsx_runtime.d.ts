/**
 * What the compiler makes JSX into. deno.json calls it `jsx`, a name that no package has: under
 * Preact's own, files inside npm packages would find Preact's own types, and the DOM's with them.
 */
import type { ComponentChildren, VNode } from "./preact.d.ts";

export { Fragment, type JSX } from "./preact.d.ts";

/** An element, or what a component makes. */
export function jsx(
  type: string | ((props: never) => ComponentChildren),
  props: Readonly<Record<string, unknown>>,
  key?: string,
): VNode;

/** The same, with several children. */
export const jsxs: typeof jsx;
