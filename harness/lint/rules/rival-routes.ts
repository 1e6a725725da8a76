import type { Issue, Rule } from '../rule.ts';
import type { SourceObject } from '../source.ts';
import { isGrpcRoute } from '../world.ts';
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
    const first = callsOf(source, placed, world).map((calls) =>
      takersOf(world).get(calls.listener)?.get(calls.key),
    );
    const rival = first.find((each) => each !== undefined && !same.has(each));
    if (rival === undefined) return [];
    return [
      {
        path: placed.path,
        message: `GRPCRoute ${rival.object.metadata?.name ?? ''} has the same hostname and match on the same listener: the older of the two takes those calls`,
        fix: 'remove one; for several backends, write both into one rule with weights',
      },
    ];
  });
}

interface Calls {
  listener: ListenerSpec;
  /** Hostname and match. */
  key: string;
}

function callsOf({ object }: SourceObject, { match }: PlacedMatch, world: World): Calls[] {
  if (!isGrpcRoute(object)) return [];
  const { hostnames = [] } = object.spec ?? {};
  const keys = (hostnames.length === 0 ? ['*'] : hostnames).map((hostname) => `${hostname} ${textOf(match)}`);
  return admittingListeners(object, world).flatMap((listener) => keys.map((key) => ({ listener, key })));
}

type Takers = Map<ListenerSpec, Map<string, SourceObject>>;
const takersByWorld = new WeakMap<World, Takers>();

/** The first route in the files that asks for calls. */
function takersOf(world: World): Takers {
  const known = takersByWorld.get(world);
  if (known !== undefined) return known;
  const takers: Takers = new Map();
  for (const source of world.ofKind('GRPCRoute')) {
    for (const { listener, key } of allMatchesOf(source).flatMap((placed) =>
      callsOf(source, placed, world),
    )) {
      const byKey = takers.get(listener) ?? new Map<string, SourceObject>();
      takers.set(listener, byKey);
      if (!byKey.has(key)) byKey.set(key, source);
    }
  }
  takersByWorld.set(world, takers);
  return takers;
}
