/** A suite's own prose, which is Markdown: read here, and written by the writers as all text is. */
import { Marked, type Token, type Tokens } from "marked";
import type { Result } from "../result/mod.ts";
import type { Code, Emphasis, Strong, Text } from "./document.ts";

const marked = new Marked({ gfm: true });

/** The most characters of a paragraph that is read as Markdown: marked's time grows by their square. */
const MOST_MARKDOWN = 8000;

/**
 * Reads prose of one paragraph: emphasis and code are kept, a link is its text with its target
 * beside it, and of all else (HTML, images, what only means something at the start of a line) the
 * text is shown as it stands, so that nothing of it acts and nothing is lost. A paragraph of more than
 * 8,000 characters is no prose, and shown as it stands whole.
 *
 * @param result Whose prose it is. What was imported has an importer's words with names from files
 * in them, and names are no Markdown.
 */
export function prose(text: string, { imported }: Pick<Result, "imported">): ProseInline[] {
  if (imported !== undefined || text.length > MOST_MARKDOWN) return [{ type: "text", text }];
  return joined(read(marked.Lexer.lexInline(text), "text"));
}

/** What prose consists of. */
type ProseInline = Text | Code | Strong | Emphasis;

type Stress = "text" | "strong" | "emphasis";

/** Neighbours of one kind as one piece, with the spaces at the ends of stressed ones outside. */
function joined(pieces: readonly ProseInline[]): ProseInline[] {
  return merged(
    merged(pieces).flatMap((piece): ProseInline[] => {
      if (piece.type === "text" || piece.type === "code") return [piece];
      const [, before, text, after] = /^(\s*)([^]*?)(\s*)$/.exec(piece.text)!;
      return [
        { type: "text", text: before! },
        { type: piece.type, text: text! },
        { type: "text", text: after! },
      ];
    }),
  );
}

function merged(pieces: readonly ProseInline[]): ProseInline[] {
  const all: ProseInline[] = [];
  for (const { type, text } of pieces) {
    const last = all.at(-1);
    if (text === "") continue;
    if (type !== "code" && last?.type === type) {
      all[all.length - 1] = { type, text: last.text + text };
    } else all.push({ type, text });
  }
  return all;
}

function read(tokens: readonly Token[], type: Stress): ProseInline[] {
  return tokens.flatMap((token): ProseInline[] => {
    switch (token.type) {
      case "strong":
        return read((token as Tokens.Strong).tokens, "strong");
      case "em":
        return read((token as Tokens.Em).tokens, type === "strong" ? type : "emphasis");
      case "codespan":
        return [{ type: "code", text: (token as Tokens.Codespan).text }];
      case "link":
        return readLink(token as Tokens.Link, type);
      case "escape":
        return [{ type, text: (token as Tokens.Escape).text }];
      case "br":
        return [{ type, text: " " }];
      default:
        return [{ type, text: token.raw }];
    }
  });
}

function readLink(
  { tokens, text, href }: Tokens.Link,
  type: Stress,
): ProseInline[] {
  const words = read(tokens, type);
  return [text, `mailto:${text}`, `http://${text}`].includes(href)
    ? words
    : [...words, { type, text: ` (${href})` }];
}
