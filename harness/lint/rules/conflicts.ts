import { narrower, overlap } from '../hostnames.ts';
import type { Issue } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { isGrpcRoute, isRoute } from '../world.ts';
import type { ListenerSpec, World } from '../world.ts';
import { admittingListeners } from './attachment.ts';

/**
 * HTTPRoutes among the manifests that share a listener and a hostname with the GRPCRoute.
 *
 * @param takesGrpc - whether GRPCRoutes attach to the listener at all
 */
function rivalsOf(
  { object }: SourceObject,
  world: World,
  takesGrpc: (listener: ListenerSpec) => boolean,
): { rival: SourceObject; listener: ListenerSpec }[] {
  if (!isGrpcRoute(object)) return [];
  const found = new Map<SourceObject, ListenerSpec>();
  for (const listener of admittingListeners(object, world).filter(takesGrpc))
    for (const { rival, hostnames } of httpRoutesOf(listener, world))
      if (!found.has(rival) && meet(listener, object.spec?.hostnames, hostnames)) found.set(rival, listener);
  return [...found].map(([rival, listener]) => ({ rival, listener }));
}

interface Rival {
  rival: SourceObject;
  hostnames: string[] | undefined;
}

const rivalsByListener = new WeakMap<World, Map<ListenerSpec, Rival[]>>();

/** Those that attach to the listener. All are looked at together, the first time one is asked for. */
function httpRoutesOf(listener: ListenerSpec, world: World): Rival[] {
  const known = rivalsByListener.get(world);
  if (known !== undefined) return known.get(listener) ?? [];
  const rivals = new Map<ListenerSpec, Rival[]>();
  for (const rival of world.ofKind('HTTPRoute')) {
    if (!isRoute(rival.object)) continue;
    const { hostnames } = rival.object.spec ?? {};
    for (const theirs of new Set(admittingListeners(rival.object, world))) {
      const list = rivals.get(theirs) ?? [];
      list.push({ rival, hostnames });
      rivals.set(theirs, list);
    }
  }
  rivalsByListener.set(world, rivals);
  return rivals.get(listener) ?? [];
}

/** An issue for each rival, at the route's hostnames. */
export function conflictIssues(
  source: SourceObject,
  world: World,
  say: (rival: string, listener: string) => Omit<Issue, 'path'>,
  takesGrpc: (listener: ListenerSpec) => boolean = () => true,
): Issue[] {
  return rivalsOf(source, world, takesGrpc).map(({ rival, listener }) => ({
    path: ['spec', 'hostnames'],
    ...say(rival.object.metadata?.name ?? '', listener.name ?? ''),
  }));
}

/** Whether some host fits an entry of both, within what the listener takes. */
function meet({ hostname }: ListenerSpec, a: string[] = [], b: string[] = []): boolean {
  const [ours, theirs] = [a, b].map((list) => served(list, hostname));
  return (ours ?? []).some((one) => (theirs ?? []).some((other) => overlap(one, other)));
}

/** What is left of a route's hostnames on a listener: of two that overlap the narrower one. */
function served(hostnames: string[], hostname: string | undefined): (string | undefined)[] {
  if (hostnames.length === 0) return [hostname];
  return hostnames.flatMap((each) => (overlap(each, hostname) ? [narrower(each, hostname)] : []));
}
