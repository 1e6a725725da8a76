import type { GrpcRoute } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { onObjects, uidOf } from '../hooks/objects.ts';
import { onConditions } from '../hooks/statuses.ts';
import { storedOf } from '../status/restless-times.ts';

/** As long as proxies may take to come back. */
const awayMs = 3_000;

/** Whether a controller of that class has judged the route, and an older state of it. */
function isEditedSince({ metadata, status }: GrpcRoute): boolean {
  const judged = (status?.parents ?? []).flatMap(({ conditions = [] }) => conditions);
  return (
    judged.length > 0 &&
    judged.every(({ observedGeneration = 0 }) => observedGeneration < (metadata.generation ?? 0))
  );
}

/** What a new controller makes of what the one before has left. */
export const restarts: readonly Fault[] = [
  {
    name: 'times-new-after-restart',
    title: 'A controller that starts writes all conditions with a new time.',
    clauses: ['status-lasttransitiontime-stable'],
    layers: ['status'],
    quiet: true,
    hooks: ({ now, refreshAfter }) => {
      const start = now();
      const time = new Date().toISOString();
      refreshAfter(awayMs);
      return {
        statuses: onConditions((condition, place) =>
          now() - start < awayMs && storedOf(condition.type, place) !== undefined
            ? { ...condition, lastTransitionTime: time }
            : condition,
        ),
        writesRestlessly: true,
      };
    },
  },
  {
    name: 'unprogrammed-until-proxies-return',
    title:
      'A controller that starts says Programmed=False of every Gateway until its proxies have come back.',
    clauses: ['status-steady-state-quiet'],
    layers: ['status', 'programmed'],
    quiet: true,
    hooks: ({ now, refreshAfter }) => {
      const start = now();
      refreshAfter(awayMs);
      return {
        input: (input) => {
          if (now() - start >= awayMs) return input;
          const proxies = [...input.proxies].map(
            ([key, state]) => [key, { ...state, ready: false }] as const,
          );
          return { ...input, proxies: new Map(proxies) };
        },
      };
    },
  },
  {
    name: 'edited-meanwhile-unserved',
    title: 'A route that was edited while no controller ran is not served before its next edit.',
    clauses: ['grpcroute-update-takes-effect'],
    layers: ['status', 'routed', 'backend'],
    quiet: true,
    hooks: () => {
      const seen = new Map<string | undefined, { generation: number | undefined; isLost: boolean }>();
      return {
        input: onObjects('grpcRoutes', (route) => {
          const { generation } = route.metadata as { generation?: number };
          const known = seen.get(uidOf(route));
          const isLost =
            known === undefined ? isEditedSince(route) : known.isLost && known.generation === generation;
          seen.set(uidOf(route), { generation, isLost });
          return isLost ? undefined : route;
        }),
      };
    },
  },
];
