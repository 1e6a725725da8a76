import type { Fault } from '../fault.ts';
import { acceptedForGood } from '../hooks/accepted-for-good.ts';
import { epoch, onClassConditions } from '../hooks/statuses.ts';
import { moves, returns, stays } from '../hooks/transition-times.ts';
import { isOwn } from '../hooks/write-storms.ts';

/** Conditions of classes. */
export const classConditions: readonly Fault[] = [
  {
    name: 'class-transition-time-is-epoch',
    title: 'lastTransitionTime of conditions of classes is the beginning of 1970.',
    clauses: ['status-lasttransitiontime-set', 'class-accepted-true'],
    layers: ['status'],
    hooks: () => onClassConditions((condition) => ({ ...condition, lastTransitionTime: epoch })),
  },
  {
    name: 'foreign-conditions-of-classes-dropped',
    title: 'Conditions that somebody else put on a class are dropped.',
    clauses: ['status-foreign-conditions-kept'],
    layers: ['status'],
    hooks: () => onClassConditions((condition) => (isOwn(condition) ? condition : undefined)),
  },
];

/** Verdicts that an edit does not turn back. */
export const classAcceptedForGood: Fault = {
  name: 'class-accepted-for-good',
  title: 'A class that was accepted stays so when it gets parameters that cannot be used.',
  clauses: ['class-parametersref-invalid'],
  layers: ['status'],
  hooks: () => acceptedForGood('GatewayClass'),
};

const stable = ['status-lasttransitiontime-stable'];

const onFlip = ['status-lasttransitiontime-on-flip'];

const layers: Fault['layers'] = ['status'];

/** lastTransitionTime of classes. */
export const classTimes: readonly Fault[] = [
  {
    name: 'class-transition-times-move',
    title: 'lastTransitionTime of classes moves with every write.',
    clauses: stable,
    layers,
    hooks: moves('GatewayClass'),
  },
  {
    name: 'class-transition-times-stay',
    title: 'lastTransitionTime of classes stays where it was when a condition flips.',
    clauses: onFlip,
    layers,
    hooks: stays('GatewayClass'),
  },
  {
    name: 'class-time-stays-when-refused',
    title: 'lastTransitionTime of classes stays where it was when a condition turns False.',
    clauses: onFlip,
    layers,
    hooks: stays('GatewayClass', ({ status }) => status === 'False'),
  },
  {
    name: 'class-condition-gets-old-time-back',
    title:
      'lastTransitionTime of classes is that of the first time when a condition is again what it once was.',
    clauses: onFlip,
    layers,
    hooks: returns('GatewayClass'),
  },
];
