/**
 * The name that was most likely meant, by edit distance.
 *
 * @returns `undefined` where none is near: more than two fifths of the letters would have to change.
 */
export function suggest(word: string, names: readonly string[]): string | undefined {
  const [best] = names
    .map((name) => ({ name, distance: editDistance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  if (best === undefined) return undefined;
  return best.distance <= Math.max(word.length, best.name.length) * 0.4 ? best.name : undefined;
}

/** The end of an error message that lists what there is, with the likely one first. */
export function listWithSuggestion(word: string, names: readonly string[]): string {
  const meant = suggest(word, names);
  const list = `there is ${names.join(", ")}`;
  return meant === undefined ? list : `did you mean ${meant}? (${list})`;
}

/** Levenshtein's distance, with two neighbours that changed places as one slip (Damerau). */
function editDistance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= a.length; i++) {
    const above = rows[i - 1]!;
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      row.push(Math.min(row[j - 1]! + 1, above[j]! + 1, above[j - 1]! + (same ? 0 : 1)));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1);
      }
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
