/** Up to that many are looked for one by one, each in 5 µs among 10,000; more of them with a Set. */
const few = 32;

/** `list` without `removed`, all of which it has, and with `added`, in their places as far as there are any. A new list. */
export function editList<T>(list: readonly T[], removed: readonly T[], added: readonly T[]): T[] {
  if (removed.length > few) {
    const gone = new Set(removed);
    return list.filter((item) => !gone.has(item)).concat(added);
  }
  const next = list.slice();
  const rest = [...added].reverse();
  for (const item of removed) {
    const index = next.indexOf(item);
    const instead = rest.pop();
    if (instead !== undefined) next[index] = instead;
    else next.splice(index, 1);
  }
  return next.concat(rest.reverse());
}

/**
 * `list` with each of `edits`, by key, in its place; undefined takes away what has that key. A new list: what lies between two edits
 * is copied without being looked at.
 *
 * @param list - in order of `compare`, each key once
 */
export function editSorted<T>(
  list: readonly T[],
  edits: ReadonlyMap<string, T | undefined>,
  { keyOf, compare }: { keyOf: (item: T) => string; compare: (left: string, right: string) => number },
): T[] {
  const pieces: (readonly T[])[] = [];
  let from = 0;
  for (const key of [...edits.keys()].sort(compare)) {
    const at = firstNotBefore(list, from, (item) => compare(keyOf(item), key) < 0);
    const item = edits.get(key);
    pieces.push(list.slice(from, at));
    if (item !== undefined) pieces.push([item]);
    const found = list[at];
    from = found !== undefined && compare(keyOf(found), key) === 0 ? at + 1 : at;
  }
  pieces.push(list.slice(from));
  return pieces.flat();
}

function firstNotBefore<T>(list: readonly T[], from: number, isBefore: (item: T) => boolean): number {
  let low = from;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = list[middle];
    if (item !== undefined && isBefore(item)) low = middle + 1;
    else high = middle;
  }
  return low;
}
