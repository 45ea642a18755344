/** HTML pages that need nothing else: what is around their body. */
import { createHash } from "node:crypto";
import type { ComponentChildren } from "preact";
import { oneLine, withoutUnseen } from "../plain_text.ts";
import { onLines, writeMarkup } from "./markup.tsx";

/**
 * Data for a script in the page, which finds it by the element's id. Nothing in it can end the
 * element or begin a comment.
 */
export function DataBlock({ id, data }: { id: string; data: unknown }) {
  const json = JSON.stringify(data).replace(
    /[<>&]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return <script type="application/json" id={id} dangerouslySetInnerHTML={{ __html: json }} />;
}

/** A whole page. */
interface HtmlPage {
  /** BCP 47 tag. */
  language: string;
  title: string;
  style: string;
  /** Between `<body>` and the scripts. */
  body: ComponentChildren;
  /** Scripts of this program, run in order at the body's end. @default none */
  scripts?: readonly string[];
  /** More of the head. @default nothing */
  head?: ComponentChildren;
}

/**
 * Writes a page. Its Content-Security-Policy forbids every request, and every script but the very
 * ones that are given here, by their digests.
 *
 * @throws {RangeError} Where a script would end its element, or has what is not written as it is.
 */
export function writeHtmlPage(
  { language, title, style, body, scripts = [], head = null }: HtmlPage,
): string {
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    ...(scripts.length === 0 ? [] : [`script-src ${scripts.map(sourceOf).join(" ")}`]),
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const page = writeMarkup(
    <html lang={language}>
      {"\n"}
      <head>
        {onLines([
          null,
          <meta charset="utf-8" />,
          <meta http-equiv="Content-Security-Policy" content={policy} />,
          <meta name="viewport" content="width=device-width, initial-scale=1" />,
          <meta name="color-scheme" content="light dark" />,
          <meta name="referrer" content="no-referrer" />,
          <title>{oneLine(title)}</title>,
        ])}
        {head}
        <style dangerouslySetInnerHTML={{ __html: `\n${style}` }} />
        {"\n"}
      </head>
      {"\n"}
      <body>
        {"\n"}
        {body}
        {onLines(
          scripts.map((script) => <script dangerouslySetInnerHTML={{ __html: script }} />),
        )}
      </body>
      {"\n"}
    </html>,
  );
  return `<!DOCTYPE html>\n${page}\n`;
}

/** The sources of scripts that were met: most pages of a site have the same ones. */
const sources = new Map<string, string>();

/** By what a policy knows a script. */
function sourceOf(script: string): string {
  const known = sources.get(script);
  if (known !== undefined) return known;
  if (/<\/script|<!--/i.test(script)) {
    throw new RangeError("Cannot write the page: a script has what would end it");
  }
  if (withoutUnseen(script) !== script) {
    throw new RangeError("Cannot write the page: a script has unseen characters");
  }
  const source = `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
  sources.set(script, source);
  return source;
}
