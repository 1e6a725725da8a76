import { RouteproofError, type ErrorCode } from './errors.ts';

/**
 * What every unknown name is told: those that are like it, else those that there are.
 *
 * @throws RouteproofError of that code
 */
export function mustBeKnown<Name extends string>(
  code: ErrorCode,
  what: string,
  name: string,
  known: Iterable<Name>,
): Name {
  const names = [...known];
  const found = names.find((one) => one === name);
  if (found !== undefined) return found;
  const near = nearMatches(name, names);
  throw new RouteproofError(code, `unknown ${what} ${name}`, {
    hint:
      near.length > 0
        ? `did you mean ${near.join(', ')}?`
        : `one of ${names.slice(0, 30).join(', ')}${names.length > 30 ? ', …' : ''}`,
  });
}

/** The known names closest to a wrong one, best first; at most `count`. */
export function nearMatches(wrong: string, known: Iterable<string>, count = 3): string[] {
  const scored = [...new Set(known)].map((name) => ({ name, distance: distanceOf(wrong, name) }));
  const limit = Math.max(3, Math.ceil(wrong.length / 2));
  return scored
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, count)
    .map(({ name }) => name);
}

/**
 * Levenshtein distance, one row at a time.
 *
 * @param limit - where it is above that, by how much does not matter
 */
export function editDistance(a: string, b: string, limit = Infinity): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
    if (Math.min(...row) > limit) return Infinity;
  }
  return row[b.length] ?? 0;
}

/** Containment counts as near: `exact` finds `hostname/exact`. */
function distanceOf(wrong: string, name: string): number {
  return name.includes(wrong) ? 1 : editDistance(wrong, name);
}
