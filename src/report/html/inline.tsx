/** Running text as HTML, the same in reports, tables and the history's pages. */
import type { ComponentChildren } from "preact";
import type { Drawing, Inline } from "../document.ts";
import { oneLine } from "../plain_text.ts";
import { statusClass, statusText } from "../status_text.ts";

/** A longer interval, as one of single runs is, may be broken by a line's end. */
const LONG_INTERVAL = 30;

/** Running text. */
export function Inlines({ of }: { of: readonly Inline[] }) {
  return <>{of.map(writePiece)}</>;
}

function writePiece(piece: Inline): ComponentChildren {
  switch (piece.type) {
    case "text":
      return piece.text;
    case "code":
      return piece.text.trim() === "" ? null : <code>{oneLine(piece.text)}</code>;
    case "name":
      return oneLine(piece.text).split(/(?<=[/_])/).flatMap((part, i) =>
        i === 0 ? [part] : [<wbr />, part]
      );
    case "strong":
      return <strong>{oneLine(piece.text)}</strong>;
    case "emphasis":
      return <em>{oneLine(piece.text)}</em>;
    case "status":
      return (
        <strong class={statusClass(piece.status)}>{statusText(piece.status, piece.words)}</strong>
      );
    case "quantity":
      return (
        <>
          <span class="quantity">{piece.text}</span>
          {piece.interval !== undefined && (
            <>
              {" "}
              <span class={piece.interval.length > LONG_INTERVAL ? "interval long" : "interval"}>
                ({piece.interval})
              </span>
            </>
          )}
        </>
      );
    case "link":
      return (
        <a href={piece.href}>
          <Inlines of={piece.content} />
        </a>
      );
    case "aside":
      return (
        <span class="aside">
          <Inlines of={piece.content} />
        </span>
      );
    case "sketch":
      return <Svg drawing={piece.drawing} look="spark" label={piece.text} />;
  }
}

/** A drawing in the page, which has its style. */
export function Svg({ drawing, look, label }: { drawing: Drawing; look: string; label: string }) {
  const { width, height, marks } = drawing;
  return (
    <svg
      class={look}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-label={label}
    >
      {marks}
    </svg>
  );
}
