/** Hostnames of Gateway API: exact, or `*.suffix` for one label and more. */

/** Whether some host fits both; undefined is any host. */
export function overlap(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return true;
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  return covers(one, other) || covers(other, one);
}

function covers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  return wide.startsWith('*.') && narrow.endsWith(wide.slice(1)) && narrow.length > wide.length - 1;
}

/** Of two that overlap the one with fewer hosts. */
export function narrower(a: string, b: string | undefined): string {
  return b !== undefined && covers(a.toLowerCase(), b.toLowerCase()) ? b : a;
}
