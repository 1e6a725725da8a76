import { keyOf } from '../../../common/object-key.ts';
import type { Fault } from '../fault.ts';
import { onGatewayStatuses, onListenerStatuses } from '../hooks/statuses.ts';

/** How many routes listeners with TLS have. */
export const httpsUncounted: readonly Fault[] = [
  {
    name: 'routes-of-https-uncounted',
    title: 'attachedRoutes of HTTPS listeners is 0.',
    clauses: ['listener-attachedroutes-count', 'listener-attachedroutes-per-listener'],
    layers: ['status'],
    hooks: () => ({
      statuses: onListenerStatuses((listener, gateway) => {
        const written = gateway.spec.listeners?.find(({ name }) => name === listener.name);
        const isHealthy = listener.conditions.every((each) => each.status !== 'False');
        return written?.protocol === 'HTTPS' && isHealthy ? { ...listener, attachedRoutes: 0 } : listener;
      }),
    }),
  },
];

/** How many routes are left where several go. */
export const countsAtOnce: readonly Fault[] = [
  {
    name: 'attached-routes-fall-one-at-a-time',
    title: 'attachedRoutes goes down by one where several routes leave a listener at once.',
    clauses: ['listener-attachedroutes-decrements'],
    layers: ['status'],
    hooks: () => {
      const known = new Map<string, { told: number; was: number }>();
      return {
        statuses: onGatewayStatuses((status, gateway) => {
          const listeners = status.listeners?.map((listener) => {
            const id = `${keyOf(gateway)} ${String(gateway.metadata.creationTimestamp)} ${listener.name}`;
            const is = listener.attachedRoutes;
            const { told, was } = known.get(id) ?? { told: is, was: is };
            const now = is === was ? told : is < was ? told - 1 : is;
            known.set(id, { told: Math.max(0, now), was: is });
            return { ...listener, attachedRoutes: Math.max(0, now) };
          });
          return { ...status, ...(listeners && { listeners }) };
        }),
      };
    },
  },
];

const layers: Fault['layers'] = ['status', 'programmed'];

/** How many routes listeners have that change places. */
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
