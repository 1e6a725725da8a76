/** Whether two lists hold the same elements (by identity) in the same order. */
export function sameElements(left: readonly unknown[] | undefined, right: readonly unknown[]): boolean {
  if (left === undefined || left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

/** `previous` when it holds the same elements as `next`, so that identity tells whether a list has changed. */
export function keepList<T>(previous: readonly T[] | undefined, next: T[]): T[] {
  return sameElements(previous, next) ? (previous as T[]) : next;
}

/** Remembers the result for the last list only; one instance a call site. */
export class ListMemo<T, R> {
  readonly #derive: (items: readonly T[], previous: R | undefined) => R;
  #items: readonly T[] | undefined;
  #result: R | undefined;

  constructor(derive: (items: readonly T[], previous: R | undefined) => R) {
    this.#derive = derive;
  }

  of(items: readonly T[]): R {
    if (this.#result === undefined || !sameElements(this.#items, items)) {
      this.#result = this.#derive(items, this.#result);
      this.#items = [...items];
    }
    return this.#result;
  }
}

/** Remembers what is to be written into each object's status, as long as all that it is made from, but for the time, stays the same. */
export class StatusMemo<T extends { status?: S }, S> {
  readonly #judged = new WeakMap<T, { parts: readonly unknown[]; status: S | undefined }>();

  /**
   * The status to write, or undefined when the object has it already.
   *
   * @param empty - what an object without a status is taken to have
   */
  of(object: T, parts: readonly unknown[], make: () => S, empty?: S): S | undefined {
    const known = this.#judged.get(object);
    if (known !== undefined && sameElements(known.parts, parts)) return known.status;
    const wanted = make();
    const status = deepEqual(wanted, object.status ?? empty) ? undefined : wanted;
    this.#judged.set(object, { parts, status });
    return status;
  }
}

/** Structural equality of JSON-like values; a Date equals its RFC 3339 text. A missing field equals an undefined one. */
export function deepEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (left instanceof Date || right instanceof Date) return timeOf(left) === timeOf(right);
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  if (Array.isArray(left) !== Array.isArray(right)) return false;
  const a = left as Record<string, unknown>;
  const b = right as Record<string, unknown>;
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (!deepEqual(a[key], b[key])) return false;
  }
  return true;
}

/** Milliseconds since the epoch of a Kubernetes timestamp; 0 when it is missing or unreadable. */
export function timeOf(value: unknown): number {
  if (value instanceof Date) return value.getTime();
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(parsed) ? 0 : parsed;
}
