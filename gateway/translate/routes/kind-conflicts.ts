import type { RouteKind } from '../model/kinds.ts';

/** How often each text is in it. */
class Counts {
  readonly #counts = new Map<string, number>();

  has(text: string): boolean {
    return this.#counts.has(text);
  }

  /** @param by - 1 or -1 */
  change(text: string, by: number): void {
    const count = (this.#counts.get(text) ?? 0) + by;
    if (count === 0) this.#counts.delete(text);
    else this.#counts.set(text, count);
  }
}

/** Hostnames, each as often as it was added, that answer whether a name overlaps with any of them, without walking through all. */
export class HostnameSet {
  readonly #exact = new Counts();
  /** Suffixes (`.example.com`, '' for `*`) of the wildcards in the set. */
  readonly #wildcards = new Counts();
  /** Every suffix that a name in the set ends with, so that a wildcard finds the names below it. */
  readonly #suffixes = new Counts();

  add(hostname: string): void {
    this.#change(hostname, 1);
  }

  /** @param hostname - that was added before */
  delete(hostname: string): void {
    this.#change(hostname, -1);
  }

  overlaps(hostname: string): boolean {
    if (this.#exact.has(hostname)) return true;
    if (hostname.startsWith('*')) {
      const suffix = hostname.slice(1);
      if (this.#wildcards.has(suffix) || this.#suffixes.has(suffix)) return true;
    }
    return suffixesOf(hostname).some((suffix) => this.#wildcards.has(suffix));
  }

  #change(hostname: string, by: number): void {
    if (hostname.startsWith('*')) this.#wildcards.change(hostname.slice(1), by);
    else this.#exact.change(hostname, by);
    for (const suffix of suffixesOf(hostname)) this.#suffixes.change(suffix, by);
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
 * @param olderFirst - orders contenders by age, ties by namespace/name
 */
export function kindConflictLosers<T extends Contender>(
  contenders: readonly T[],
  olderFirst: (left: T, right: T) => number,
): Set<T> {
  const losers = new Set<T>();
  const taken: Record<RouteKind, HostnameSet> = {
    GRPCRoute: new HostnameSet(),
    HTTPRoute: new HostnameSet(),
  };
  for (const contender of inReach(contenders).sort(olderFirst)) {
    const other = taken[contender.kind === 'GRPCRoute' ? 'HTTPRoute' : 'GRPCRoute'];
    if (contender.hostnames.some((hostname) => other.overlaps(hostname))) losers.add(contender);
    else for (const hostname of contender.hostnames) taken[contender.kind].add(hostname);
  }
  return losers;
}

/** Those that could meet one of the other kind: of thousands of routes of one kind, few meet the few of the other. */
function inReach<T extends Contender>(contenders: readonly T[]): T[] {
  const grpcRoutes = contenders.filter(({ kind }) => kind === 'GRPCRoute').length;
  if (grpcRoutes === 0 || grpcRoutes === contenders.length) return [];
  const rareKind: RouteKind = grpcRoutes * 2 < contenders.length ? 'GRPCRoute' : 'HTTPRoute';
  const rare = new HostnameSet();
  for (const { kind, hostnames } of contenders) {
    if (kind === rareKind) for (const hostname of hostnames) rare.add(hostname);
  }
  return contenders.filter(
    ({ kind, hostnames }) => kind === rareKind || hostnames.some((hostname) => rare.overlaps(hostname)),
  );
}
