/**
 * Views of parts of buffers. Making one costs more than the copy it is for, and garbage besides;
 * in a loop the same part is asked for again and again, so the last one is kept.
 */
export class ViewCache {
  #bytes: Uint8Array = new Uint8Array(0);
  #from = 0;
  #to = 0;
  #view = this.#bytes;

  /** The bytes from `from` up to `to`, excluded, where they lie. */
  of(bytes: Uint8Array, from: number, to: number): Uint8Array {
    if (bytes !== this.#bytes || from !== this.#from || to !== this.#to) {
      this.#bytes = bytes;
      this.#from = from;
      this.#to = to;
      this.#view = bytes.subarray(from, to);
    }
    return this.#view;
  }
}
