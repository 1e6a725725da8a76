/**
 * All values of a header, apart: on the way, equal headers may be joined into one with commas (RFC 9110, 5.3), so `[one, two]`
 * and `one, two` mean the same.
 */
export function valuesOf(headers: ReadonlyMap<string, string[]>, name: string): string[] {
  return (headers.get(name) ?? []).flatMap((value) => value.split(/,\s*/));
}
