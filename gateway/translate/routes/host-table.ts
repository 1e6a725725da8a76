import type { IrHost, IrRoute } from '../../ir/ir.ts';
import type { ListenerAttachment } from './attach.ts';
import { comparePrecedence } from './compiled.ts';
import type { CompiledRoute } from './compiled.ts';
import { anyHost, compareSpecificity, covers } from '../model/hostname.ts';
import { listDiff } from '../../../common/list-diff.ts';
import { editSorted } from '../memory/list-edit.ts';
import type { ServedRoute } from './served-route.ts';

/** What a table holds whatever its routes are: hostname, and the answer that stands in for routes, if any. */
export type Frame = ReadonlyMap<string, IrRoute | undefined>;

type Parts = ReadonlySet<CompiledRoute>;

const bySpecificity = { keyOf: ({ hostname }: IrHost): string => hostname, compare: compareSpecificity };

/**
 * The hosts of one table. Takes in only what differs from the last call: a change among thousands of routes costs a few
 * microseconds and a copy of the list.
 */
export class HostTable {
  #frame: Frame = new Map();
  #served: readonly ServedRoute[] = [];
  /** By hostname, what its host is made of. */
  readonly #parts = new Map<string, Parts>();
  #hosts: IrHost[] = [];

  /** @param frame - hostnames of listeners: these end the search, even when no route names them */
  update(frame: Frame, served: readonly ServedRoute[]): IrHost[] {
    const dirty = this.#edit(served);
    for (const hostname of frameChanges(this.#frame, frame)) dirty.add(hostname);
    this.#frame = frame;
    if (dirty.size > 0) this.#rebuild(dirty, frame);
    return this.#hosts;
  }

  /** @returns every host that gains or loses a route */
  #edit(served: readonly ServedRoute[]): Set<string> {
    const { removed, added } = listDiff(this.#served, served);
    this.#served = served;
    const edited = new Map<string, Set<CompiledRoute>>();
    const partsOf = (hostname: string): Set<CompiledRoute> => {
      const parts = edited.get(hostname) ?? new Set(this.#parts.get(hostname));
      edited.set(hostname, parts);
      return parts;
    };
    for (const { compiled, attachment } of removed) {
      for (const hostname of hostsOf(compiled, attachment)) partsOf(hostname).delete(compiled);
    }
    for (const { compiled, attachment } of added) {
      for (const hostname of hostsOf(compiled, attachment)) partsOf(hostname).add(compiled);
    }
    const dirty = new Set<string>();
    for (const [hostname, parts] of edited) {
      // Another object of a route, after a write of its status, is the same in here.
      if (isSameSet(this.#parts.get(hostname), parts)) continue;
      if (parts.size === 0) this.#parts.delete(hostname);
      else this.#parts.set(hostname, parts);
      dirty.add(hostname);
    }
    return dirty;
  }

  #rebuild(dirty: ReadonlySet<string>, frame: Frame): void {
    const edits = new Map<string, IrHost | undefined>();
    for (const hostname of dirty) {
      const parts = this.#parts.get(hostname);
      if (parts === undefined && !frame.has(hostname)) edits.set(hostname, undefined);
      else {
        const routes = routesOf(hostname, parts ?? new Set(), frame.get(hostname));
        edits.set(hostname, { hostname, routes, fallThrough: !frame.has(hostname) });
      }
    }
    this.#hosts = editSorted(this.#hosts, edits, bySpecificity);
  }
}

function isSameSet<T>(left: ReadonlySet<T> | undefined, right: ReadonlySet<T>): boolean {
  return (left?.size ?? 0) === right.size && [...right].every((item) => left?.has(item));
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
