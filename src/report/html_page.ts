/** HTML pages that need nothing else: what is around their body, and markup that texts cannot leave. */
import { createHash } from "node:crypto";
import { oneLine } from "./plain_text.ts";

/** Markup; only {@linkcode markup} and {@linkcode trusted} make it. */
export class Markup {
  constructor(readonly text: string) {}
}

/** What may stand in a template: text is escaped, markup is not, of nothing nothing is written. */
export type Piece = string | number | Markup | null | readonly Piece[];

/**
 * Markup from a template: every text in it is escaped, for an element's content and for an attribute
 * in double quotes.
 */
export function markup(parts: TemplateStringsArray, ...pieces: Piece[]): Markup {
  return new Markup(parts.reduce((all, part, i) => all + write(pieces[i - 1] ?? null) + part));
}

/** Markup that another writer made safe. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function write(piece: Piece): string {
  if (piece === null) return "";
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === "string") return escapeHtml(oneLine(piece));
  if (typeof piece === "number") return String(piece);
  return piece.map(write).join("");
}

/** Text for an element or an attribute in double quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * Data for a script in the page, which finds it by the element's id. Nothing in it can end the
 * element or begin a comment.
 */
export function dataBlock(id: string, data: unknown): Markup {
  const json = JSON.stringify(data).replace(
    /[<>&]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return markup`<script type="application/json" id="${id}">${trusted(json)}</script>`;
}

/** A whole page. */
export interface HtmlPage {
  /** BCP 47 tag. */
  language: string;
  title: string;
  style: string;
  /** Between `<body>` and the scripts. */
  body: Markup;
  /** Scripts of this program, run in order at the body's end. @default none */
  scripts?: readonly string[];
  /** More of the head. @default nothing */
  head?: Markup;
}

/**
 * Writes a page. Its Content-Security-Policy forbids every request, and every script but the very
 * ones that are given here, by their digests.
 *
 * @throws {RangeError} Where a script would end its element.
 */
export function writeHtmlPage(
  { language, title, style, body, scripts = [], head = trusted("") }: HtmlPage,
): string {
  if (scripts.some((script) => /<\/script|<!--/i.test(script))) {
    throw new RangeError("Cannot write the page: a script has what would end it");
  }
  const hashes = scripts.map((script) =>
    `'sha256-${createHash("sha256").update(script).digest("base64")}'`
  );
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    ...(hashes.length === 0 ? [] : [`script-src ${hashes.join(" ")}`]),
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(oneLine(title))}</title>
${head.text}<style>
${style}</style>
</head>
<body>
${body.text}${scripts.map((script) => `<script>${script}</script>\n`).join("")}</body>
</html>
`;
}
