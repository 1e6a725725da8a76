import type { ListenerAttachment } from './attach.ts';
import { compareText } from './compiled.ts';
import type { CompiledRoute } from './compiled.ts';
import type { ListenerModel } from './gateway-model.ts';
import { kindConflictLosers } from './kind-conflicts.ts';
import type { Contender } from './kind-conflicts.ts';
import type { Problem } from './problems.ts';
import { shorten } from './problems.ts';
import type { RouteEntry } from './route-memory.ts';
import type { ServedRoute } from './tables.ts';
import type { ProxyState } from './types.ts';

/** What became of a route at each of its parents; parallel to RouteEntry.parents. */
export type Verdicts = (Problem | undefined)[];

export interface Outcome {
  /** By listener, each route once: those that count as attached and are served. */
  served: Map<ListenerModel, ServedRoute[]>;
  verdicts: Map<RouteEntry, Verdicts>;
}

interface Candidate extends Contender {
  entry: RouteEntry;
  attachment: ListenerAttachment;
}

/** Decides which routes are accepted where: valid rules, not refused by Envoy, no older route of the other kind in the way. */
export function judge(entries: readonly RouteEntry[], proxies: ReadonlyMap<string, ProxyState>): Outcome {
  const verdicts = new Map<RouteEntry, Verdicts>();
  const candidates = new Map<ListenerModel, Candidate[]>();
  for (const entry of entries) {
    const own = entry.parents.map(
      (parent) =>
        parent.problem ??
        withoutRules(entry.compiled) ??
        refusedByProxy(entry, proxies.get(parent.gateway.key)),
    );
    verdicts.set(entry, own);
    addCandidates(entry, own, candidates);
  }
  const served = new Map<ListenerModel, ServedRoute[]>();
  const lost = new Map<RouteEntry, Set<ListenerModel>>();
  for (const [listener, list] of candidates) {
    const losers = conflictLosers(list);
    for (const { entry } of losers) {
      lost.set(entry, (lost.get(entry) ?? new Set()).add(listener));
    }
    const winners = losers.size === 0 ? list : list.filter((candidate) => !losers.has(candidate));
    served.set(
      listener,
      winners.map(({ entry, attachment }) => ({ compiled: entry.compiled, attachment })),
    );
  }
  for (const [entry, listeners] of lost) markConflicts(entry, listeners, verdicts.get(entry) ?? []);
  return { served, verdicts };
}

/** A route that reaches one listener through several parentRefs is one route there. */
function addCandidates(
  entry: RouteEntry,
  verdicts: Verdicts,
  candidates: Map<ListenerModel, Candidate[]>,
): void {
  const seen = new Set<ListenerModel>();
  for (const [index, parent] of entry.parents.entries()) {
    if (verdicts[index] !== undefined) continue;
    for (const attachment of parent.listeners) {
      const { listener, hostnames } = attachment;
      if (seen.has(listener)) continue;
      seen.add(listener);
      const list = candidates.get(listener);
      const candidate = { kind: entry.route.kind, hostnames, entry, attachment };
      if (list === undefined) candidates.set(listener, [candidate]);
      else list.push(candidate);
    }
  }
}

function conflictLosers(candidates: readonly Candidate[]): Set<Candidate> {
  const [first] = candidates;
  if (first === undefined || candidates.every(({ kind }) => kind === first.kind)) return new Set();
  const oldestFirst = [...candidates].sort(
    (a, b) =>
      a.entry.created - b.entry.created ||
      compareText(a.entry.key, b.entry.key) ||
      compareText(a.kind, b.kind),
  );
  return kindConflictLosers(oldestFirst);
}

/** A parentRef that lost on every listener it attached to is not accepted; one listener is enough to be. */
function markConflicts(entry: RouteEntry, lost: ReadonlySet<ListenerModel>, verdicts: Verdicts): void {
  const other = entry.route.kind === 'GRPCRoute' ? 'HTTPRoute' : 'GRPCRoute';
  for (const [index, parent] of entry.parents.entries()) {
    if (verdicts[index] !== undefined) continue;
    if (!parent.listeners.every(({ listener }) => lost.has(listener))) continue;
    const where = parent.listeners.map(({ listener }) => listener.name).join(', ');
    const message = `${other}s that come first (older, or first by namespace/name) have overlapping hostnames on listener ${where} of Gateway ${parent.gateway.key}`;
    verdicts[index] = { reason: 'HostnameConflict', message };
  }
}

function withoutRules({ invalidRules, ruleCount }: CompiledRoute): Problem | undefined {
  const [first] = invalidRules;
  if (first === undefined || invalidRules.length < ruleCount) return undefined;
  return { reason: first.reason, message: shorten(invalidRules.map(({ message }) => message).join('; ')) };
}

function refusedByProxy(entry: RouteEntry, proxy: ProxyState | undefined): Problem | undefined {
  if (proxy === undefined || proxy.rejected.length === 0) return undefined;
  const { generation } = entry.route.object.metadata;
  const rejection = proxy.rejected.find(
    ({ source, generation: rejected }) =>
      source?.kind === entry.route.kind &&
      source.key === entry.key &&
      (rejected === undefined || rejected === (generation ?? 0)),
  );
  if (rejection === undefined) return undefined;
  return { reason: 'UnsupportedValue', message: shorten(`the proxy refused it: ${rejection.message}`) };
}
