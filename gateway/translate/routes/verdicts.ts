import type { ServedRoute } from './served-route.ts';
import { compareText } from '../memory/compare-text.ts';
import type { CompiledRoute } from './compiled.ts';
import { ConflictWatch } from './conflict-watch.ts';
import { kindConflictLosers } from './kind-conflicts.ts';
import type { ListenerModel } from '../gateways/listener-model.ts';
import { listDiff } from '../../../common/list-diff.ts';
import { editList } from '../memory/list-edit.ts';
import { keepList, sameElements } from '../memory/memo.ts';
import { shorten } from '../model/problems.ts';
import type { Problem } from '../model/problems.ts';
import type { RouteEntry } from './route-memory.ts';
import type { ProxyState } from '../model/types.ts';

/** What became of a route at each of its parents; parallel to RouteEntry.parents. */
export type Verdicts = readonly (Problem | undefined)[];

/** A route with what became of it; another object as soon as that, or anything about the route, changes. */
export interface JudgedRoute {
  readonly entry: RouteEntry;
  readonly verdicts: Verdicts;
}

export interface Outcome {
  /** By listener, each route once: those that count as attached and are served. */
  served: ReadonlyMap<ListenerModel, readonly ServedRoute[]>;
  /** Every route once. */
  routes: readonly JudgedRoute[];
}

type Proxies = ReadonlyMap<string, ProxyState>;

/** A route judged by itself, without the other routes. */
interface OwnVerdict extends JudgedRoute {
  candidates: ServedRoute[];
}

/** `own`: as it was put before the others. */
interface Judged {
  own: OwnVerdict;
  route: JudgedRoute;
}

interface Run {
  entries: readonly RouteEntry[];
  rejections: readonly unknown[];
  outcome: Outcome;
}

/**
 * Decides which routes are accepted where: valid rules, not refused by Envoy, no older route of the other kind in the way. Judges
 * those that have changed, and all of them again where one of these overlaps with a route of the other kind, or where what Envoy
 * refuses has changed: such a verdict depends on other routes.
 */
export class Judge {
  readonly #known = new WeakMap<RouteEntry, OwnVerdict>();
  /** Every entry of the last run. */
  #judged = new Map<RouteEntry, Judged>();
  #conflicts = new ConflictWatch();
  #last: Run | undefined;

  judge(entries: readonly RouteEntry[], proxies: Proxies): Outcome {
    const rejections = [...proxies].flatMap(([key, { rejected }]) => rejected.flatMap((one) => [key, one]));
    const refused = rejections.length === 0 ? noProxies : proxies;
    const last = this.#last;
    const amended =
      last !== undefined && sameElements(last.rejections, rejections)
        ? this.#amend(last, entries, refused)
        : undefined;
    const outcome = amended ?? this.#judgeAll(entries, refused);
    this.#last = { entries, rejections, outcome };
    return outcome;
  }

  /** The last outcome with what differs in these entries; undefined where others may be concerned. */
  #amend(last: Run, entries: readonly RouteEntry[], proxies: Proxies): Outcome | undefined {
    const { removed, added } = listDiff(last.entries, entries);
    if (removed.length + added.length === 0) return last.outcome;
    const before = removed.flatMap((entry) => this.#judged.get(entry) ?? []);
    const after = added.map((entry) => this.#own(entry, proxies));
    const gone = before.flatMap(({ own }) => own.candidates);
    const come = after.flatMap(({ candidates }) => candidates);
    if (!this.#conflicts.stayOut(gone, come)) return undefined;
    for (const entry of removed) this.#judged.delete(entry);
    for (const own of after) this.#judged.set(own.entry, { own, route: own });
    const old = before.map(({ route }) => route);
    return {
      served: amendedServed(last.outcome.served, gone, come),
      routes: editList(last.outcome.routes, old, after),
    };
  }

  #judgeAll(entries: readonly RouteEntry[], proxies: Proxies): Outcome {
    const served = new Map<ListenerModel, ServedRoute[]>();
    const judged = new Map<RouteEntry, Judged>();
    this.#conflicts = new ConflictWatch();
    for (const entry of entries) {
      const own = this.#own(entry, proxies);
      judged.set(entry, { own, route: own });
      this.#conflicts.add(own.candidates);
      for (const candidate of own.candidates) {
        const list = served.get(candidate.attachment.listener);
        if (list === undefined) served.set(candidate.attachment.listener, [candidate]);
        else list.push(candidate);
      }
    }
    for (const [entry, listeners] of removeLosers(served)) {
      const each = judged.get(entry);
      if (each === undefined) continue;
      each.route = { entry, verdicts: withConflicts(entry, each.own.verdicts, listeners) };
    }
    for (const [entry, each] of judged) {
      const known = this.#judged.get(entry)?.route;
      if (known !== undefined && sameVerdicts(known.verdicts, each.route.verdicts)) each.route = known;
    }
    this.#judged = judged;
    const before = this.#last?.outcome.served;
    for (const [listener, list] of served) served.set(listener, keepList(before?.get(listener), list));
    return { served, routes: Array.from(judged.values(), ({ route }) => route) };
  }

  #own(entry: RouteEntry, proxies: Proxies): OwnVerdict {
    const own = this.#known.get(entry) ?? ownVerdict(entry, ownVerdicts(entry, noProxies));
    this.#known.set(entry, own);
    if (proxies.size === 0) return own;
    // What a proxy refuses comes and goes without the route: such a verdict is not kept.
    const verdicts = ownVerdicts(entry, proxies);
    return sameVerdicts(own.verdicts, verdicts) ? own : ownVerdict(entry, verdicts);
  }
}

function ownVerdict(entry: RouteEntry, verdicts: Verdicts): OwnVerdict {
  return { entry, verdicts, candidates: candidatesOf(entry, verdicts) };
}

const noProxies: Proxies = new Map();

function sameVerdicts(left: Verdicts, right: Verdicts): boolean {
  if (left === right) return true;
  return left.every(
    (problem, index) =>
      problem?.reason === right[index]?.reason && problem?.message === right[index]?.message,
  );
}

function ownVerdicts(entry: RouteEntry, proxies: Proxies): Verdicts {
  return entry.parents.map(
    (parent) =>
      parent.problem ?? withoutRules(entry.compiled) ?? refusedByProxy(entry, proxies.get(parent.gatewayKey)),
  );
}

/** A route that reaches one listener through several parentRefs is one route there. */
function candidatesOf(entry: RouteEntry, verdicts: Verdicts): ServedRoute[] {
  const candidates: ServedRoute[] = [];
  const seen = new Set<ListenerModel>();
  for (const [index, parent] of entry.parents.entries()) {
    if (verdicts[index] !== undefined) continue;
    for (const attachment of parent.listeners) {
      const { listener, hostnames } = attachment;
      if (seen.has(listener)) continue;
      seen.add(listener);
      candidates.push({ entry, kind: entry.route.kind, hostnames, compiled: entry.compiled, attachment });
    }
  }
  return candidates;
}

/** Lists of listeners that no changed route reaches stay the same. */
function amendedServed(
  last: Outcome['served'],
  gone: readonly ServedRoute[],
  come: readonly ServedRoute[],
): Outcome['served'] {
  const served = new Map(last);
  const listenerOf = ({ attachment }: ServedRoute): ListenerModel => attachment.listener;
  const removed = Map.groupBy(gone, listenerOf);
  const added = Map.groupBy(come, listenerOf);
  for (const listener of new Set([...removed.keys(), ...added.keys()])) {
    const before = last.get(listener) ?? [];
    const list = editList(before, removed.get(listener) ?? [], added.get(listener) ?? []);
    if (list.length === 0) served.delete(listener);
    else served.set(listener, list);
  }
  return served;
}

type Lost = ReadonlyMap<RouteEntry, ReadonlySet<ListenerModel>>;

function removeLosers(served: Map<ListenerModel, ServedRoute[]>): Lost {
  const lost = new Map<RouteEntry, Set<ListenerModel>>();
  for (const [listener, list] of served) {
    const losers = kindConflictLosers(list, olderFirst);
    if (losers.size === 0) continue;
    served.set(
      listener,
      list.filter((candidate) => !losers.has(candidate)),
    );
    for (const { entry } of losers) lost.set(entry, (lost.get(entry) ?? new Set()).add(listener));
  }
  return lost;
}

function olderFirst({ entry: a }: ServedRoute, { entry: b }: ServedRoute): number {
  return a.created - b.created || compareText(a.key, b.key) || compareText(a.route.kind, b.route.kind);
}

/** A parentRef that lost on every listener it attached to is not accepted; one listener is enough to be. */
function withConflicts(
  entry: RouteEntry,
  verdicts: Verdicts,
  listeners: ReadonlySet<ListenerModel>,
): Verdicts {
  const other = entry.route.kind === 'GRPCRoute' ? 'HTTPRoute' : 'GRPCRoute';
  return entry.parents.map((parent, index) => {
    const own = verdicts[index];
    if (own !== undefined || !parent.listeners.every(({ listener }) => listeners.has(listener))) return own;
    const where = parent.listeners.map(({ listener }) => listener.name).join(', ');
    const message = `${other}s that come first (older, or first by namespace/name) have overlapping hostnames on listener ${where} of ${parent.name}`;
    return { reason: 'HostnameConflict', message };
  });
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
