/** Archives as a test needs them: whole ones, and every kind of broken one. */
import { deflateRawSync } from "node:zlib";
import { crc32 } from "node:zlib";
import { sharedObject } from "../../native/shared_object.ts";

/** A shared library of one function that returns, for a processor. */
export function smallLibrary(arch: "x86_64" | "aarch64" = Deno.build.arch): Uint8Array {
  return sharedObject(Uint8Array.of(0xc3), arch);
}

/** An entry of an archive. */
export interface ArchiveEntry {
  name: string;
  content: Uint8Array;
  /** The size that the archive says. @default the content's */
  saidBytes?: number;
}

/** A zip archive. */
export function zip(entries: readonly ArchiveEntry[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, content, saidBytes = content.length } of entries) {
    const packed = deflateRawSync(content);
    const bytes = new TextEncoder().encode(name);
    const common = (view: DataView, at: number) => {
      view.setUint16(at, 20, true);
      view.setUint16(at + 4, 8, true);
      view.setUint32(at + 10, crc32(content), true);
      view.setUint32(at + 14, packed.length, true);
      view.setUint32(at + 18, saidBytes, true);
      view.setUint16(at + 22, bytes.length, true);
    };
    const local = record(30, 0x04034b50, (view) => common(view, 4));
    parts.push(local, bytes, packed);
    directory.push(
      record(46, 0x02014b50, (view) => {
        view.setUint16(4, 20, true);
        common(view, 6);
        view.setUint32(42, offset, true);
      }),
      bytes,
    );
    offset += local.length + bytes.length + packed.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = record(22, 0x06054b50, (view) => {
    view.setUint16(8, entries.length, true);
    view.setUint16(10, entries.length, true);
    view.setUint32(12, size, true);
    view.setUint32(16, offset, true);
  });
  return joined([...parts, ...directory, end]);
}

function record(length: number, signature: number, fill: (view: DataView) => void): Uint8Array {
  const view = new DataView(new ArrayBuffer(length));
  view.setUint32(0, signature, true);
  fill(view);
  return new Uint8Array(view.buffer);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
