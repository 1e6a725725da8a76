export interface ListDiff<T> {
  removed: readonly T[];
  added: readonly T[];
}

/** How far apart two lists may have come, at one spot, to be in step again without a Set: several objects of one event. */
const furthest = 8;
/** Longer ones are not kept: they would keep alive what is gone, and comparing costs little beside so many changes. */
const longestNote = 1000;

/** By number, so that no list keeps another alive. */
const numbers = new WeakMap<readonly unknown[], number>();
let lastNumber = 0;
const notes = new WeakMap<readonly unknown[], { from: number; diff: ListDiff<unknown> }>();

/** Whoever makes a list out of another, and knows how they differ, says so here: then nobody has to compare them. */
export function noteDiff<T>(previous: readonly T[], next: readonly T[], diff: ListDiff<T>): void {
  if (diff.removed.length + diff.added.length > longestNote) return;
  let from = numbers.get(previous);
  if (from === undefined) {
    from = ++lastNumber;
    numbers.set(previous, from);
  }
  notes.set(next, { from, diff });
}

/**
 * What to take out of `previous` and put in to hold the elements of `next`, each of which is in a list once. Elements are compared by
 * identity and in place, unless it is known how `next` was made: nothing is looked up and nothing is read of those that are the same.
 * It is right in any case; lists that share elements out of step cost a Set of what follows. None of the lists changes afterwards.
 */
export function listDiff<T>(previous: readonly T[], next: readonly T[]): ListDiff<T> {
  if (previous === next) return { removed: [], added: [] };
  const note = notes.get(next);
  return note !== undefined && note.from === numbers.get(previous)
    ? (note.diff as ListDiff<T>)
    : compared(previous, next);
}

function compared<T>(previous: readonly T[], next: readonly T[]): ListDiff<T> {
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
