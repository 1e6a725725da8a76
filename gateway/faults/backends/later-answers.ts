import type { IrRoute } from '../../ir/ir.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onGrpcRoutes } from '../hooks/ir.ts';

const clauses = ['backend-all-invalid-unavailable'];
const layers: Fault['layers'] = ['routed', 'backend'];

/** HTTP 500 where a rule has nobody to send calls to and is as `which` says. */
function brokenLater(which: (route: IrRoute) => boolean): FaultHooks {
  return {
    ir: onGrpcRoutes((route) => {
      const isBroken = route.action.type === 'respond' && route.action.httpStatus === 503;
      return which(route) && isBroken ? { ...route, action: { type: 'respond', httpStatus: 500 } } : route;
    }),
  };
}

/** What callers are told where a rule has lost its backends. */
export const laterAnswers: readonly Fault[] = [
  {
    name: 'edited-to-missing-answers-500',
    title:
      'A rule that is edited to name a missing Service answers HTTP 500; one that does from the start, 503.',
    clauses,
    layers,
    reference: 'envoyproxy/gateway#6287',
    hooks: () => brokenLater(({ generation }) => generation > 1),
  },
  {
    name: 'deleted-service-answers-500',
    title: 'A rule whose Service is deleted answers HTTP 500; one whose Service was never there, 503.',
    clauses,
    layers,
    hooks: () => {
      const forwarded = new Set<string>();
      return brokenLater(({ name, generation, action }) => {
        const version = `${name} ${String(generation)}`;
        if (action.type === 'forward') forwarded.add(version);
        return forwarded.has(version);
      });
    },
  },
];
