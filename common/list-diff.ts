export interface ListDiff<T> {
  removed: readonly T[];
  added: readonly T[];
}

/** How far apart two lists may have come, at one spot, to be in step again without a Set: several objects of one event. */
const furthest = 8;

/**
 * What to take out of `previous` and put in to hold the elements of `next`, each of which is in a list once. Elements are compared by
 * identity and in place, 1 ns each: as long as few have changed, nothing is looked up and nothing is read of those that have not.
 * It is right in any case; lists that share elements out of step cost a Set of what follows.
 */
export function listDiff<T>(previous: readonly T[], next: readonly T[]): ListDiff<T> {
  if (previous === next) return { removed: [], added: [] };
  const removed: T[] = [];
  const added: T[] = [];
  let before = 0;
  let after = 0;
  while (before < previous.length && after < next.length) {
    if (previous[before] === next[after]) {
      before++;
      after++;
      continue;
    }
    const { gone, come } = stepOf(previous, before, next, after);
    for (const end = before + gone; before < end; before++) removed.push(previous[before] as T);
    for (const end = after + come; after < end; after++) added.push(next[after] as T);
  }
  for (; before < previous.length; before++) removed.push(previous[before] as T);
  for (; after < next.length; after++) added.push(next[after] as T);
  return removed.length === 0 || added.length === 0 ? { removed, added } : withoutMoved(removed, added);
}

/** How many elements to skip on both sides to be in step again. */
function stepOf<T>(
  previous: readonly T[],
  before: number,
  next: readonly T[],
  after: number,
): { gone: number; come: number } {
  for (let far = 1; far <= furthest; far++) {
    if (before + far < previous.length && previous[before + far] === next[after + far])
      return { gone: far, come: far };
    if (previous[before] === next[after + far] && after + far < next.length) return { gone: 0, come: far };
    if (previous[before + far] === next[after] && before + far < previous.length)
      return { gone: far, come: 0 };
  }
  return { gone: 1, come: 1 };
}

/** What is on both sides has only moved. */
function withoutMoved<T>(removed: readonly T[], added: readonly T[]): ListDiff<T> {
  const before = new Set(removed);
  const after = new Set(added);
  return {
    removed: removed.filter((item) => !after.has(item)),
    added: added.filter((item) => !before.has(item)),
  };
}
