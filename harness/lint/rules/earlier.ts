/** Those that stand before `item` in the files; all where it is not among them, as an object with a mistake of its own is not. */
export function earlierThan<T>(items: readonly T[], item: T): T[] {
  const index = items.indexOf(item);
  return index === -1 ? [...items] : items.slice(0, index);
}
