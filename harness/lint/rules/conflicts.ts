import { narrower, overlap } from '../hostnames.ts';
import type { Issue } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { isGrpcRoute, isRoute } from '../world.ts';
import type { ListenerSpec, World } from '../world.ts';
import { admittingListeners } from './attachment.ts';

/** HTTPRoutes among the manifests that share a listener and a hostname with the GRPCRoute. */
export function rivalsOf(
  source: SourceObject,
  world: World,
): { rival: SourceObject; listener: ListenerSpec }[] {
  const { object } = source;
  if (!isGrpcRoute(object)) return [];
  const own = admittingListeners(object, world);
  return world.ofKind('HTTPRoute').flatMap((rival) => {
    if (!isRoute(rival.object)) return [];
    const theirs = new Set(admittingListeners(rival.object, world));
    const hosts = rival.object.spec?.hostnames;
    const shared = own.find(
      (listener) => theirs.has(listener) && meet(listener, object.spec?.hostnames, hosts),
    );
    return shared === undefined ? [] : [{ rival, listener: shared }];
  });
}

/** An issue for each rival, at the route's hostnames. */
export function conflictIssues(
  source: SourceObject,
  world: World,
  say: (rival: string, listener: string) => Omit<Issue, 'path'>,
): Issue[] {
  return rivalsOf(source, world).map(({ rival, listener }) => ({
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
