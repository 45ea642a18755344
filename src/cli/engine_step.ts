/** Getting a release, with progress for people. Only the process that fetches it has a network. */
import { type EngineLibrary, type Machine, obtainRelease } from "../engine/mod.ts";
import { ERASED_LINE, formatBytes } from "../format/mod.ts";
import type { Streams } from "./streams.ts";

/** Rewriting the line more often than this is for nobody's eyes, ms. */
const REDRAW_MS = 200;

/** How to get a release. */
interface StepOptions {
  /** The kind of machine that the library is for. @default this one */
  machine?: Machine;
  /** How not to get it, as the end of the sentence that says what is got. */
  avoid?: string;
  signal?: AbortSignal;
}

/**
 * Gets a release, if it is not here.
 *
 * @throws {EngineError} Why it cannot be had.
 */
export async function obtainWithProgress(
  release: string,
  streams: Streams,
  { machine, avoid = "", signal }: StepOptions = {},
): Promise<EngineLibrary> {
  let drawnAt = -Infinity;
  let drawn = false;
  const draw = (text: string) => {
    streams.error(ERASED_LINE + text);
    drawn = text !== "";
  };
  try {
    return await obtainRelease(release, {
      machine,
      signal,
      events: {
        waiting: () => streams.error(`Another process is getting ${release}; waiting for it\n`),
        fetching: ({ engine, version }, host, bytes) =>
          streams.error(
            `Getting ${engine} ${version} from ${host} (${
              bytes === null ? "not pinned" : formatBytes(bytes)
            }, once)${avoid}\n`,
          ),
        progress: (received, total) => {
          const now = performance.now();
          if (!streams.interactive || now - drawnAt < REDRAW_MS) return;
          drawnAt = now;
          draw(`${formatBytes(received)}${total === null ? "" : ` of ${formatBytes(total)}`}`);
        },
      },
    });
  } finally {
    if (drawn) draw("");
  }
}
