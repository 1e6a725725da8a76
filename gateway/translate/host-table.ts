import type { IrHost, IrRoute } from '../ir/ir.ts';
import type { ListenerAttachment } from './attach.ts';
import { comparePrecedence } from './compiled.ts';
import type { CompiledRoute } from './compiled.ts';
import { anyHost, compareSpecificity, covers } from './hostname.ts';
import { listDiff } from './list-diff.ts';
import type { ServedRoute } from './verdicts.ts';

/** What a table holds whatever its routes are: hostname, and the answer that stands in for routes, if any. */
export type Frame = ReadonlyMap<string, IrRoute | undefined>;

type Parts = ReadonlySet<CompiledRoute>;

interface Known {
  parts: Parts;
  host: IrHost;
}

/**
 * The hosts of one table. Takes in only what differs from the last call: a change among thousands of routes costs a few
 * microseconds and a copy of the list.
 */
export class HostTable {
  #frame: Frame = new Map();
  #served: readonly ServedRoute[] = [];
  readonly #known = new Map<string, Known>();
  #hosts: IrHost[] = [];

  /** @param frame - hostnames of listeners: these end the search, even when no route names them */
  update(frame: Frame, served: readonly ServedRoute[]): IrHost[] {
    const edited = this.#edit(served);
    const dirty = new Set(edited.keys());
    for (const hostname of frameChanges(this.#frame, frame)) dirty.add(hostname);
    this.#frame = frame;
    if (dirty.size > 0) this.#rebuild(dirty, edited, frame);
    return this.#hosts;
  }

  /** The new parts of every host that gains or loses a route. */
  #edit(served: readonly ServedRoute[]): Map<string, Set<CompiledRoute>> {
    const { removed, added } = listDiff(this.#served, served);
    this.#served = served;
    const edited = new Map<string, Set<CompiledRoute>>();
    const partsOf = (hostname: string): Set<CompiledRoute> => {
      const parts = edited.get(hostname) ?? new Set(this.#known.get(hostname)?.parts);
      edited.set(hostname, parts);
      return parts;
    };
    for (const { compiled, attachment } of removed) {
      for (const hostname of hostsOf(compiled, attachment)) partsOf(hostname).delete(compiled);
    }
    for (const { compiled, attachment } of added) {
      for (const hostname of hostsOf(compiled, attachment)) partsOf(hostname).add(compiled);
    }
    return edited;
  }

  #rebuild(dirty: ReadonlySet<string>, edited: ReadonlyMap<string, Parts>, frame: Frame): void {
    const fresh = new Map<string, IrHost>();
    let sameNames = true;
    for (const hostname of dirty) {
      const known = this.#known.get(hostname);
      const parts = edited.get(hostname) ?? known?.parts ?? new Set();
      if (parts.size === 0 && !frame.has(hostname)) {
        if (this.#known.delete(hostname)) sameNames = false;
        continue;
      }
      if (known === undefined) sameNames = false;
      const routes = routesOf(hostname, parts, frame.get(hostname));
      const host = { hostname, routes, fallThrough: !frame.has(hostname) };
      this.#known.set(hostname, { parts, host });
      fresh.set(hostname, host);
    }
    this.#hosts = sameNames
      ? this.#hosts.map((host) => fresh.get(host.hostname) ?? host)
      : this.#merged(fresh);
  }

  /** The hosts that are left, in order already, with the fresh ones put between them. */
  #merged(fresh: ReadonlyMap<string, IrHost>): IrHost[] {
    const kept = this.#hosts.filter(({ hostname }) => this.#known.has(hostname) && !fresh.has(hostname));
    const others = [...fresh.values()].sort((a, b) => compareSpecificity(a.hostname, b.hostname));
    const merged: IrHost[] = [];
    let next = 0;
    for (const host of kept) {
      for (let other = others[next]; other !== undefined; other = others[++next]) {
        if (compareSpecificity(other.hostname, host.hostname) > 0) break;
        merged.push(other);
      }
      merged.push(host);
    }
    return [...merged, ...others.slice(next)];
  }
}

/** Hostnames that come, go, or get another answer. */
function frameChanges(previous: Frame, next: Frame): string[] {
  return [...new Set([...previous.keys(), ...next.keys()])].filter(
    (hostname) =>
      previous.has(hostname) !== next.has(hostname) ||
      previous.get(hostname)?.name !== next.get(hostname)?.name,
  );
}

function hostsOf(compiled: CompiledRoute, attachment: ListenerAttachment): readonly string[] {
  return compiled.routes.length === 0 ? [] : attachment.served;
}

/**
 * The hostname that a route was written with comes first, then its matches: cut to the hostname of a listener, `*.com` and
 * `*.example.com` may be the same host, and the rules of the more specific one still go first (GRPCRoute and HTTPRoute, hostnames).
 */
function routesOf(hostname: string, parts: Parts, answer: IrRoute | undefined): IrRoute[] {
  if (answer !== undefined) return [answer];
  const groups = Map.groupBy(parts, ({ hostnames }) => asWritten(hostnames, hostname));
  return [...groups.entries()]
    .sort(([left], [right]) => compareSpecificity(left, right))
    .flatMap(([, group]) => group.flatMap(({ routes }) => routes).sort(comparePrecedence))
    .map(({ route }) => route);
}

/** The most specific of a route's hostnames that stands for this host. */
function asWritten(hostnames: readonly string[], hostname: string): string {
  const [only] = hostnames;
  if (hostnames.length === 1 && only !== undefined) return only;
  return hostnames.filter((each) => covers(each, hostname)).sort(compareSpecificity)[0] ?? anyHost;
}
