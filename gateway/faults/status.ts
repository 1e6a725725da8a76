import type { Fault } from './fault.ts';
import { claimsTrue, onConditions } from './hooks/statuses.ts';

/** What statuses say. */
export const status: readonly Fault[] = [
  {
    name: 'resolvedrefs-always-true',
    title: 'ResolvedRefs is True on routes whose backends do not exist.',
    clauses: ['backend-not-found-status', 'backend-not-found-message'],
    layers: ['status'],
    reference: 'aws/aws-application-networking-k8s#544',
    hooks: () => ({ statuses: claimsTrue('ResolvedRefs') }),
  },
  {
    name: 'stale-observed-generation',
    title: 'Conditions of routes keep the generation that they were first written for.',
    clauses: ['status-observedgeneration-current', 'status-unchanged-verdict-still-bumped'],
    layers: ['status'],
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'parent' ? { ...condition, observedGeneration: 1 } : condition,
      ),
    }),
  },
];
