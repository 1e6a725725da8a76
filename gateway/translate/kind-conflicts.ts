import type { RouteKind } from './kinds.ts';

/** A set of hostnames that answers whether a name overlaps with any of them, without walking through all. */
class HostnameSet {
  readonly #exact = new Set<string>();
  /** Suffixes (`.example.com`, '' for `*`) of the wildcards in the set. */
  readonly #wildcards = new Set<string>();
  /** Every suffix that a name in the set ends with, so that a wildcard finds the names below it. */
  readonly #suffixes = new Set<string>();

  add(hostname: string): void {
    if (hostname.startsWith('*')) this.#wildcards.add(hostname.slice(1));
    else this.#exact.add(hostname);
    for (const suffix of suffixesOf(hostname)) this.#suffixes.add(suffix);
  }

  overlaps(hostname: string): boolean {
    if (this.#exact.has(hostname)) return true;
    if (hostname.startsWith('*')) {
      const suffix = hostname.slice(1);
      if (this.#wildcards.has(suffix) || this.#suffixes.has(suffix)) return true;
    }
    return suffixesOf(hostname).some((suffix) => this.#wildcards.has(suffix));
  }
}

/** Suffixes that wildcards covering `hostname` have: of `a.b.c` they are `.b.c`, `.c` and '' (for `*`). */
function suffixesOf(hostname: string): string[] {
  const suffixes = [''];
  // The first dot of `*.b.c` starts its own suffix, which covers the wildcard's names but not a wider name.
  for (let dot = hostname.indexOf('.', hostname.startsWith('*') ? 2 : 0); dot >= 0;) {
    suffixes.push(hostname.slice(dot));
    dot = hostname.indexOf('.', dot + 1);
  }
  return suffixes;
}

export interface Contender {
  kind: RouteKind;
  hostnames: readonly string[];
}

/**
 * The losers where GRPCRoutes and HTTPRoutes of one listener overlap in a hostname: exactly one of the two kinds may have it,
 * the oldest route wins (docs/decisions/route-kind-conflicts.md). A loser does not stand in the way of later routes.
 *
 * @param contenders - routes of one listener, oldest first, ties by namespace/name
 */
export function kindConflictLosers<T extends Contender>(contenders: readonly T[]): Set<T> {
  const losers = new Set<T>();
  const [first] = contenders;
  if (first === undefined || contenders.every(({ kind }) => kind === first.kind)) return losers;
  const taken: Record<RouteKind, HostnameSet> = {
    GRPCRoute: new HostnameSet(),
    HTTPRoute: new HostnameSet(),
  };
  for (const contender of contenders) {
    const other = taken[contender.kind === 'GRPCRoute' ? 'HTTPRoute' : 'GRPCRoute'];
    if (contender.hostnames.some((hostname) => other.overlaps(hostname))) losers.add(contender);
    else for (const hostname of contender.hostnames) taken[contender.kind].add(hostname);
  }
  return losers;
}
