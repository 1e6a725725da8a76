import type { Fault } from './fault.ts';
import { onForwards, onGrpcRoutes } from './hooks/ir.ts';

/** Where calls go. */
export const backends: readonly Fault[] = [
  {
    name: 'all-invalid-answers-500',
    title: 'A rule whose references are all invalid answers HTTP 500, which gRPC clients read as UNKNOWN.',
    clauses: ['backend-all-invalid-unavailable', 'backend-error-code-is-unavailable'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      ir: onGrpcRoutes((route) =>
        route.action.type === 'respond' ? { ...route, action: { type: 'respond', httpStatus: 500 } } : route,
      ),
    }),
  },
  {
    name: 'invalid-share-redistributed',
    title: 'The share of an invalid backend goes to the valid ones.',
    clauses: ['backend-invalid-not-redistributed', 'backend-invalid-share-unavailable'],
    layers: ['routed', 'backend'],
    reference: 'agentgateway/agentgateway#1339',
    hooks: () => ({
      ir: onForwards((action) => ({
        ...action,
        backends: action.backends.filter(({ cluster }) => cluster !== undefined),
      })),
    }),
  },
];
