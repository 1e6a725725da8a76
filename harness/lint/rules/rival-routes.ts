import { describeObject } from '../../../common/object-key.ts';
import type { Issue, Rule } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { isGrpcRoute, perWorld } from '../world.ts';
import type { ListenerSpec, World } from '../world.ts';
import { admittingListeners } from './attachment.ts';
import { allMatchesOf, textOf, type PlacedMatch } from './grpc-matches.ts';

/** GRPCRoutes that ask for the same calls. */
export const rivalRouteRules: Rule[] = [
  { id: 'match-in-other-route', level: 'warning', clause: 'precedence-oldest-route', check: takenMatches },
];

/** Told at the later one in the files; which of them will be the older one is not known. */
function takenMatches(source: SourceObject, world: World): Issue[] {
  // Written twice it is one route.
  const same = new Set([source, ...world.alike(source.object)]);
  return allMatchesOf(source).flatMap((placed): Issue[] => {
    for (const { listener, hostname, key } of callsOf(source, placed, world)) {
      const rival = takersOf(world).get(listener)?.get(key);
      if (rival === undefined || same.has(rival)) continue;
      return [
        {
          path: placed.path,
          message: `${describeObject(rival.object)} has the same match for ${hostname ?? 'any hostname'} on listener ${listener.name ?? ''}: the older of the two takes those calls`,
          fix: 'remove one; for several backends, write both into one rule with weights',
        },
      ];
    }
    return [];
  });
}

interface Calls {
  listener: ListenerSpec;
  hostname: string | undefined;
  /** Hostname and match. */
  key: string;
}

function callsOf({ object }: SourceObject, { match }: PlacedMatch, world: World): Calls[] {
  if (!isGrpcRoute(object)) return [];
  const { hostnames = [] } = object.spec ?? {};
  const text = textOf(match);
  const asked = (hostnames.length === 0 ? [undefined] : hostnames).map((hostname) => ({
    hostname,
    key: `${hostname ?? '*'} ${text}`,
  }));
  return admittingListeners(object, world).flatMap((listener) =>
    asked.map((each) => ({ listener, ...each })),
  );
}

/** The first route in the files that asks for calls. */
const takersOf = perWorld((world) => {
  const takers = new Map<ListenerSpec, Map<string, SourceObject>>();
  for (const source of world.ofKind('GRPCRoute')) {
    for (const { listener, key } of allMatchesOf(source).flatMap((placed) =>
      callsOf(source, placed, world),
    )) {
      const byKey = takers.get(listener) ?? new Map<string, SourceObject>();
      takers.set(listener, byKey);
      if (!byKey.has(key)) byKey.set(key, source);
    }
  }
  return takers;
});
