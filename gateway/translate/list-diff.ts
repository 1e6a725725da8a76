export interface ListDiff<T> {
  removed: readonly T[];
  added: readonly T[];
}

/**
 * What to take out of `previous` and put in to hold the elements of `next`. Elements at both ends that are the same are
 * skipped, so it is short where little has changed in place, at the end, or at one spot; it need not be the shortest.
 */
export function listDiff<T>(previous: readonly T[], next: readonly T[]): ListDiff<T> {
  const shorter = Math.min(previous.length, next.length);
  let start = 0;
  while (start < shorter && previous[start] === next[start]) start++;
  let end = 0;
  while (end < shorter - start && previous[previous.length - 1 - end] === next[next.length - 1 - end]) end++;
  const removed = previous.slice(start, previous.length - end);
  const added = next.slice(start, next.length - end);
  if (removed.length < 2 && added.length < 2) return { removed, added };
  const before = new Set(removed);
  const after = new Set(added);
  return {
    removed: removed.filter((item) => !after.has(item)),
    added: added.filter((item) => !before.has(item)),
  };
}
