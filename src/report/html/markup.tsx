/**
 * From JSX to text: the one way by which markup is written, for HTML and XML alike. Pages are written
 * once and never changed by the library, so that elements need no keys.
 */
import { type ComponentChildren, h, type VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { withoutUnseen } from "../plain_text.ts";

/**
 * Writes markup. Texts and attributes are escaped by the library, whatever they hold; what is not
 * seen but does something is shown as U+FFFD here, once for all of it.
 */
export function writeMarkup(markup: ComponentChildren): string {
  // A reader of HTML or XML takes a lone CR for a line end as well.
  return withoutUnseen(renderToString(<>{markup}</>).replace(/\r\n?/g, "\n"));
}

/** Writes markup for a file that is XML, in whose texts one sequence may not stand. */
export function writeXml(markup: ComponentChildren): string {
  return writeMarkup(markup).replaceAll("]]>", "]]&gt;");
}

/**
 * An element by its name, for those that JSX does not know. An empty attribute is left out, since the
 * library writes its name alone, which is no XML.
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  ...children: ComponentChildren[]
): VNode {
  const written = Object.entries(attributes).filter(([, value]) => value !== "");
  return h(name, Object.fromEntries(written), ...children);
}

/** Each on a line of its own, so that files can be compared line by line. */
export function onLines(all: readonly ComponentChildren[]): ComponentChildren[] {
  return all.flatMap((each) => [each, "\n"]);
}
