/** The same result for the same object: stages after a hook tell by identity what has changed. */
export function remembered<In extends object, Out>(make: (input: In) => Out): (input: In) => Out {
  const known = new WeakMap<In, { result: Out }>();
  return (input) => {
    let entry = known.get(input);
    if (entry === undefined) {
      entry = { result: make(input) };
      known.set(input, entry);
    }
    return entry.result;
  };
}

/** `map`, but the same list when no element came out different; undefined leaves an element out. */
export function mapSame<T>(list: T[], edit: (element: T, index: number) => T | undefined): T[];
export function mapSame<T>(
  list: readonly T[],
  edit: (element: T, index: number) => T | undefined,
): readonly T[];
export function mapSame<T>(
  list: readonly T[],
  edit: (element: T, index: number) => T | undefined,
): readonly T[] {
  const next = list.map(edit);
  if (next.every((element, index) => element === list[index])) return list;
  return next.filter((element) => element !== undefined);
}
