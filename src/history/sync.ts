/**
 * Brings a file's content, or a folder's list of names, to the device.
 *
 * @throws As Deno does.
 */
export function syncPath(path: string): void {
  using file = Deno.openSync(path);
  file.syncSync();
}
