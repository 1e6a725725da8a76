import { describeObject } from '../../../common/object-key.ts';
import { narrower, overlap } from '../hostnames.ts';
import type { Issue } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { addTo, isGrpcRoute, isRoute, perWorld } from '../world.ts';
import type { ListenerSpec, World } from '../world.ts';
import { admittingListeners } from './attachment.ts';

/** An HTTPRoute that shares a listener and a hostname with a GRPCRoute. */
interface Conflict {
  rival: SourceObject;
  listener: ListenerSpec;
  hostname: string;
}

/** One for each HTTPRoute among the manifests. */
function conflictsOf(
  { object }: SourceObject,
  world: World,
  takesGrpc: (listener: ListenerSpec) => boolean,
): Conflict[] {
  if (!isGrpcRoute(object)) return [];
  const found = new Map<SourceObject, Conflict>();
  for (const listener of admittingListeners(object, world).filter(takesGrpc)) {
    for (const { rival, hostnames } of httpRoutesOf(world).get(listener) ?? []) {
      if (found.has(rival)) continue;
      const hostname = meeting(listener, object.spec?.hostnames, hostnames);
      if (hostname !== undefined) found.set(rival, { rival, listener, hostname });
    }
  }
  return [...found.values()];
}

/** Those that attach to a listener. */
const httpRoutesOf = perWorld((world) => {
  const rivals = new Map<ListenerSpec, { rival: SourceObject; hostnames: string[] | undefined }[]>();
  for (const rival of world.ofKind('HTTPRoute')) {
    if (!isRoute(rival.object)) continue;
    const { hostnames } = rival.object.spec ?? {};
    for (const listener of new Set(admittingListeners(rival.object, world)))
      addTo(rivals, listener, { rival, hostnames });
  }
  return rivals;
});

/**
 * An issue for each rival, at the entry of the route's hostnames that both have.
 *
 * @param takesGrpc - whether GRPCRoutes attach to the listener at all
 */
export function conflictIssues(
  source: SourceObject,
  world: World,
  say: (names: { rival: string; hostname: string; listener: string }) => Omit<Issue, 'path'>,
  takesGrpc: (listener: ListenerSpec) => boolean = () => true,
): Issue[] {
  const { hostnames = [] } = isRoute(source.object) ? (source.object.spec ?? {}) : {};
  return conflictsOf(source, world, takesGrpc).map(({ rival, hostname, listener }) => ({
    path: [
      'spec',
      'hostnames',
      ...(hostnames.length === 0 ? [] : [hostnames.findIndex((each) => overlap(each, hostname))]),
    ],
    ...say({ rival: describeObject(rival.object), hostname, listener: listener.name ?? '' }),
  }));
}

/** A hostname that fits an entry of both, within what the listener takes. */
function meeting({ hostname }: ListenerSpec, a: string[] = [], b: string[] = []): string | undefined {
  const theirs = served(b, hostname);
  for (const one of served(a, hostname))
    for (const other of theirs)
      if (overlap(one, other)) return one === undefined ? (other ?? 'any hostname') : narrower(one, other);
  return undefined;
}

/** What is left of a route's hostnames on a listener: of two that overlap the narrower one. */
function served(hostnames: string[], hostname: string | undefined): (string | undefined)[] {
  if (hostnames.length === 0) return [hostname];
  return hostnames.flatMap((each) => (overlap(each, hostname) ? [narrower(each, hostname)] : []));
}
