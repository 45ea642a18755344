/**
 * Reads HTML reports in tests: enough of HTML for a writer that escapes every text, and strict about
 * it. It refuses tags and attributes that reports do not have.
 */
import assert from "node:assert/strict";

const TAGS = new Set(
  ("html head meta title style body nav details summary ol ul li a main h1 h2 h3 p table thead tbody " +
    "tr th td div strong em code pre span br wbr figure figcaption svg g path circle rect text")
    .split(
      " ",
    ),
);
const ATTRIBUTES = new Set(
  ("lang charset http-equiv content name id href class scope tabindex role aria-label open download " +
    "viewBox width height d x y cx cy r text-anchor data-samples data-axis data-count").split(" "),
);
const BLOCKS = /^(h1|h2|h3|p|li|th|td|pre)$/;

/** Text of each block of `<main>`, in order; and every tag with its attributes. */
export interface ReadHtml {
  /** Outside figures and the contents. */
  texts: string[];
  /** Of each figure: its labels, what its marks say, its caption, its numbers. */
  figures: string[][];
  tags: { name: string; attributes: Record<string, string> }[];
}

/** Reads an HTML report. Fails on a tag, attribute, comment or stray `<` that a report does not have. */
export function readHtml(html: string): ReadHtml {
  const tags: ReadHtml["tags"] = [];
  const texts: string[] = [];
  const figures: string[][] = [];
  let inFigure = false;
  let inMain = false;
  let inContents = false;
  let current: string | null = null;
  const body = html.replace(/^<!DOCTYPE html>\n/, "").replace(/<style>[^<]*<\/style>/, "<style>")
    // The page's own scripts, which stand at its end; any other one is a tag that is refused.
    .replace(/(?:<script>(?:(?!<\/script>)[^])*<\/script>\n){1,5}(?=<\/body>)/, "");
  let read = 0;
  for (const [all, tag, text] of body.matchAll(/<((?:[^<>"]|"[^<"]*")*)>|([^<]+)/g)) {
    read += all.length;
    if (text !== undefined) {
      if (inFigure) {
        if (text.trim() !== "") figures.at(-1)!.push(oneLine(unescape(text)));
      } else if (current !== null) current += text;
      continue;
    }
    const name = /^\/?([a-z0-9]+)/.exec(tag!)?.[1] ?? "";
    assert.ok(TAGS.has(name), `the tag <${tag}>`);
    if (name === "figure") {
      inFigure = !tag!.startsWith("/");
      if (inFigure) figures.push([]);
    }
    if (name === "nav") inContents = !tag!.startsWith("/");
    if (tag!.startsWith("/")) {
      if (BLOCKS.test(name) && current !== null) {
        texts.push(oneLine(unescape(current)));
        current = null;
      }
      continue;
    }
    const attributes = attributesOf(tag!.slice(name.length).replace(/\/$/, ""));
    tags.push({ name, attributes });
    // What stands under its neighbours here is after a semicolon elsewhere.
    if (name === "span" && attributes["class"] === "aside" && current !== null) current += "; ";
    if (name === "main") inMain = true;
    if (inMain && !inContents && !inFigure && BLOCKS.test(name)) current = "";
  }
  assert.equal(read, body.length, "a stray < is in the page");
  return { texts, figures, tags };
}

function attributesOf(text: string): Record<string, string> {
  const attributes: Record<string, string> = {};
  const rest = text.replace(/\s+([a-zA-Z-]+)(?:="([^"]*)")?/g, (_, name: string, value = "") => {
    assert.ok(ATTRIBUTES.has(name), `the attribute ${name} in <…${text}>`);
    attributes[name] = unescape(value);
    return "";
  });
  assert.equal(rest, "", `what is left of <…${text}>`);
  return attributes;
}

function unescape(text: string): string {
  return text.replace(
    /&(?:#(\d+)|(amp|lt|gt|quot));/g,
    (_, code?: string, name?: string) =>
      code !== undefined
        ? String.fromCodePoint(Number(code))
        : { amp: "&", lt: "<", gt: ">", quot: '"' }[name as "amp"],
  );
}

/** White space does not count. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
