/** An initial file system for Linux, as small as a test needs it; for the tests of the launcher. */

const FILE = 0o100755;
const FOLDER = 0o040755;

/**
 * Packs files as a cpio archive in the "newc" form, which Linux unpacks at its start
 * (Documentation/driver-api/early-userspace/buffer-format.rst).
 *
 * @param files Executable files by path, without a slash before it; folders before what is in them,
 * as `null`.
 */
export function initramfs(files: Record<string, Uint8Array | null>): Uint8Array {
  const entries = Object.entries(files).map(([name, data], i) =>
    entry(name, i + 1, data === null ? FOLDER : FILE, data ?? new Uint8Array())
  );
  return concat([...entries, entry("TRAILER!!!", 0, 0, new Uint8Array())].flat());
}

/** Header, name and data, each filled up to a multiple of four bytes. */
function entry(name: string, inode: number, mode: number, data: Uint8Array): Uint8Array[] {
  const named = new TextEncoder().encode(`${name}\0`);
  const hex = (value: number) => value.toString(16).padStart(8, "0");
  const [owner, links, time, device] = [0, 1, 0, 0];
  const fields = [
    ...[inode, mode, owner, owner, links, time, data.length],
    ...[device, device, device, device, named.length, 0],
  ];
  const header = new TextEncoder().encode(`070701${fields.map(hex).join("")}`);
  return [...padded([header, named]), ...padded([data])];
}

function padded(parts: Uint8Array[]): Uint8Array[] {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  return [...parts, new Uint8Array((4 - length % 4) % 4)];
}

function concat(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
