/** The part of npm:yauzl that Tidemark calls. */
import type { Readable } from "node:stream";

/** An entry of an archive, as its central directory has it. Sizes are bytes. */
export interface Entry {
  fileName: string;
  compressedSize: number;
  uncompressedSize: number;
}

/** An open archive. */
export interface ZipFile {
  entryCount: number;
  /** The entries, in the directory's order. */
  eachEntry(): AsyncIterable<Entry>;
  /** An entry's content; it fails where that has not the size or the checksum that was said. */
  openReadStreamPromise(entry: Entry): Promise<Readable>;
  close(): void;
}

declare const yauzl: {
  /** Opens an archive. It fails where the file is none. */
  openPromise(
    path: string,
    options?: { autoClose?: boolean; strictFileNames?: boolean },
  ): Promise<ZipFile>;
};
export default yauzl;
