/** Running text without its markup. */
import { joinRange } from "../format/mod.ts";
import type { Inline } from "./document.ts";
import { oneLine } from "./plain_text.ts";
import { statusText } from "./status_text.ts";

/** The text of a run as a reader sees it, on one line. */
export function inlineText(content: readonly Inline[]): string {
  return oneLine(content.map(pieceText).join(""));
}

function pieceText(piece: Inline): string {
  switch (piece.type) {
    case "status":
      return statusText(piece.status, piece.words);
    case "quantity":
      return joinRange(piece);
    case "link":
      return piece.content.map(pieceText).join("");
    case "aside":
      return `; ${piece.content.map(pieceText).join("")}`;
    case "text":
      return piece.text;
    default:
      return oneLine(piece.text);
  }
}
