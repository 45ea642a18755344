/**
 * The version of RocksDB that opened a database last: it writes it into the database's newest
 * OPTIONS file. Neither the C API nor npm:rocksdb can be asked.
 *
 * @param path The database's directory.
 * @returns E.g. `7.8.3`, or `undefined` where there is no such file.
 */
export function rocksVersion(path: string): string | undefined {
  const numbers = [...Deno.readDirSync(path)].flatMap(({ name }) =>
    /^OPTIONS-(\d+)$/.exec(name)?.[1] ?? []
  );
  const newest = numbers.sort((a, b) => Number(b) - Number(a))[0];
  if (newest === undefined) return undefined;
  const text = Deno.readTextFileSync(`${path}/OPTIONS-${newest}`);
  return /^\s*rocksdb_version=(.+)$/m.exec(text)?.[1];
}
