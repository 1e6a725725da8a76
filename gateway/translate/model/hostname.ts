import { isIP } from 'node:net';

/** Stands for "no hostname", which every authority fits. */
export const anyHost = '*';

/** A listener's or route's hostname in the form that the IR uses. */
export function normalHostname(hostname: string | undefined): string {
  return hostname === undefined || hostname === '' ? anyHost : hostname.toLowerCase();
}

/** The route's hostnames, without IP addresses: the CRD's pattern lets them through, but they are no hostnames. */
export function routeHostnames(hostnames: readonly string[] | undefined): string[] {
  if (hostnames === undefined || hostnames.length === 0) return [anyHost];
  return [...new Set(hostnames.map(normalHostname))].filter((name) => isIP(name) === 0);
}

/** `*.a.b`; a bare `*` is none: it stands for every name. */
export function isWildcard(hostname: string): boolean {
  return hostname.startsWith('*.');
}

/**
 * Whether every name that `narrow` stands for also fits `wide`. `*.a.b` covers any number of labels before `.a.b`, at
 * least one, so it does not cover `a.b`.
 */
export function covers(wide: string, narrow: string): boolean {
  if (wide === narrow || wide === anyHost) return true;
  if (!isWildcard(wide)) return false;
  const suffix = wide.slice(1);
  return narrow.length > suffix.length && narrow.endsWith(suffix);
}

/** The names that both stand for; undefined when there are none. Two names overlap only when one covers the other. */
export function intersect(left: string, right: string): string | undefined {
  if (covers(left, right)) return right;
  if (covers(right, left)) return left;
  return undefined;
}

/** Orders hostnames from most to least specific: exact names, then longer wildcards first, `*` last. */
export function compareSpecificity(left: string, right: string): number {
  const byRank = rank(left) - rank(right);
  if (byRank !== 0) return byRank;
  if (left.startsWith('*') && left.length !== right.length) return right.length - left.length;
  return left < right ? -1 : left > right ? 1 : 0;
}

function rank(hostname: string): number {
  if (hostname === anyHost) return 2;
  return hostname.startsWith('*') ? 1 : 0;
}
