import { keyOf } from '../../../common/object-key.ts';
import type { ParentRef } from '../../translate/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { onGatewayStatuses, onRouteStatuses } from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['status', 'programmed'];

const refOf = ({ namespace = '', name, sectionName = '', port }: ParentRef): string =>
  [namespace, name, sectionName, port ?? ''].join(' ');

/** Verdicts that stay at their place when what they are about has moved. */
export const verdictPlaces: readonly Fault[] = [
  {
    name: 'verdicts-stay-at-their-place',
    title:
      'Where the parentRefs of a route change places, each gets the verdict on the one that is at its old place.',
    clauses: [
      'status-entry-per-parentref',
      'parentref-multiple-sections-same-gateway',
      'status-nomatchingparent',
    ],
    layers,
    hooks: () => ({
      statuses: onRouteStatuses(({ parents }, route, _update, { controllerName }) => {
        const own = parents.filter((entry) => entry.controllerName === controllerName);
        const byRef = new Map(own.map(({ parentRef, conditions }) => [refOf(parentRef), conditions]));
        return {
          parents: parents.map((entry) => {
            const ref = route.spec.parentRefs?.[own.indexOf(entry)];
            const conditions = ref === undefined ? undefined : byRef.get(refOf(ref));
            return conditions === undefined ? entry : { ...entry, conditions };
          }),
        };
      }),
    }),
  },
];

export const countPlaces: readonly Fault[] = [
  {
    name: 'counts-stay-at-their-place',
    title:
      'Where the listeners of a Gateway change places, the attached routes are counted in the order that they had.',
    clauses: ['listener-attachedroutes-per-listener', 'listener-attachedroutes-count'],
    layers,
    hooks: () => {
      const first = new Map<string, string[]>();
      return {
        statuses: onGatewayStatuses((status, gateway) => {
          const { listeners } = status;
          if (listeners === undefined) return status;
          const counts = new Map(listeners.map(({ name, attachedRoutes }) => [name, attachedRoutes]));
          const key = keyOf(gateway);
          const order = first.get(key);
          const isSame = order?.length === counts.size && order.every((name) => counts.has(name));
          const names = isSame ? order : [...counts.keys()];
          first.set(key, names);
          return {
            ...status,
            listeners: listeners.map((listener, place) => ({
              ...listener,
              attachedRoutes: counts.get(names[place] ?? '') ?? 0,
            })),
          };
        }),
      };
    },
  },
];
