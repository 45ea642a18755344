/** The part of preact-render-to-string that Tidemark calls. */
import type { VNode } from "./preact.d.ts";

/** Writes an element as HTML, its texts and attributes escaped. */
export function renderToString(element: VNode): string;
