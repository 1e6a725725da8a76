import { describeObject } from '../../../common/object-key.ts';
import type { Issue, Rule } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { addTo, isGrpcRoute, perWorld } from '../world.ts';
import type { ListenerSpec, World } from '../world.ts';
import { admittingListeners } from './attachment.ts';
import { earlierThan } from './earlier.ts';
import { allMatchesOf, textOf, type PlacedMatch } from './grpc-matches.ts';

/** GRPCRoutes that ask for the same calls. */
export const rivalRouteRules: Rule[] = [
  { id: 'match-in-other-route', level: 'warning', clause: 'precedence-oldest-route', check: takenMatches },
];

/** Told at the later one in the files; which of them will be the older one is not known. */
function takenMatches(source: SourceObject, world: World): Issue[] {
  // Written twice it is one route.
  const same = new Set(world.alike(source.object));
  return allMatchesOf(source).flatMap((placed): Issue[] => {
    for (const { hostname, key } of callsOf(source, placed)) {
      const takers = takersOf(world).get(key) ?? [];
      for (const rival of earlierThan(takers, source)) {
        const listener = same.has(rival) ? undefined : sharedListener(source, rival, world);
        if (listener === undefined) continue;
        return [
          {
            path: placed.path,
            message: `${describeObject(rival.object)} has the same match for ${hostname ?? 'any hostname'} on listener ${listener.name ?? ''}: the older of the two takes those calls`,
            fix: 'remove one; for several backends, write both into one rule with weights',
          },
        ];
      }
    }
    return [];
  });
}

/** By hostname; undefined is any. */
function callsOf(
  { object }: SourceObject,
  { match }: PlacedMatch,
): { hostname: string | undefined; key: string }[] {
  if (!isGrpcRoute(object)) return [];
  const { hostnames = [] } = object.spec ?? {};
  const text = textOf(match);
  return (hostnames.length === 0 ? [undefined] : hostnames).map((hostname) => ({
    hostname,
    key: `${hostname ?? '*'} ${text}`,
  }));
}

/** The routes that ask for calls, in the order of the files. */
const takersOf = perWorld((world) => {
  const takers = new Map<string, SourceObject[]>();
  for (const source of world.ofKind('GRPCRoute'))
    for (const placed of allMatchesOf(source))
      for (const { key } of callsOf(source, placed)) addTo(takers, key, source);
  return takers;
});

function sharedListener(
  { object: one }: SourceObject,
  { object: other }: SourceObject,
  world: World,
): ListenerSpec | undefined {
  if (!isGrpcRoute(one) || !isGrpcRoute(other)) return undefined;
  const theirs = admittingListeners(other, world);
  return admittingListeners(one, world).find((listener) => theirs.includes(listener));
}
