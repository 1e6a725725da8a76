import type { Fault } from '../fault.ts';
import { moves, returns, stays } from '../hooks/transition-times.ts';

const stable = ['status-lasttransitiontime-stable'];

const onFlip = ['status-lasttransitiontime-on-flip'];

const layers: Fault['layers'] = ['status'];

/** lastTransitionTime of BackendTLSPolicies. */
export const policyTimes: readonly Fault[] = [
  {
    name: 'policy-transition-times-move',
    title: 'lastTransitionTime of BackendTLSPolicies moves with every write.',
    clauses: stable,
    layers,
    hooks: moves('BackendTLSPolicy'),
  },
  {
    name: 'policy-transition-times-stay',
    title: 'lastTransitionTime of BackendTLSPolicies stays where it was when a condition flips.',
    clauses: onFlip,
    layers,
    hooks: stays('BackendTLSPolicy'),
  },
  {
    name: 'policy-accepted-time-stays',
    title: 'lastTransitionTime of BackendTLSPolicies stays where it was when Accepted flips.',
    clauses: onFlip,
    layers,
    hooks: stays('BackendTLSPolicy', ({ type }) => type === 'Accepted'),
  },
  {
    name: 'policy-time-stays-when-mended',
    title: 'lastTransitionTime of BackendTLSPolicies stays where it was when a condition turns True.',
    clauses: onFlip,
    layers,
    hooks: stays('BackendTLSPolicy', ({ status }) => status === 'True'),
  },
  {
    name: 'policy-condition-gets-old-time-back',
    title:
      'lastTransitionTime of BackendTLSPolicies is that of the first time when a condition is again what it once was.',
    clauses: onFlip,
    layers,
    hooks: returns('BackendTLSPolicy'),
  },
];
