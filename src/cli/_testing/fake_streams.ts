/** Streams for tests, which keep what is written. */
import type { Streams } from "../streams.ts";

/** Streams that keep what was written to them. */
export interface FakeStreams extends Streams {
  /** All that was written to `out`. */
  written: string;
  /** All that was written to `error`. */
  told: string;
}

/** New streams, off a terminal unless told otherwise. */
export function fakeStreams(
  { interactive = false, columns = 80 }: { interactive?: boolean; columns?: number } = {},
): FakeStreams {
  return {
    written: "",
    told: "",
    out(text) {
      this.written += text;
    },
    error(text) {
      this.told += text;
    },
    interactive,
    colors: false,
    columns: () => columns,
  };
}
