import type { GatewayClass } from '../../translate/model/gateway-api.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onObjects, ownClassesByAge, uidOf } from '../hooks/objects.ts';
import { onClassStatuses } from '../hooks/statuses.ts';

/** Which classes are ours, and accepted. */
export const classes: readonly Fault[] = [
  {
    name: 'foreign-class-accepted',
    title: 'Classes of other controllers are accepted, and their Gateways served.',
    clauses: ['class-foreign-ignored', 'gateway-foreign-class-ignored'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      input: (input) => ({
        ...input,
        objects: {
          ...input.objects,
          gatewayClasses: input.objects.gatewayClasses.map((gatewayClass) =>
            gatewayClass.spec.controllerName.startsWith('routeproof.dev/')
              ? gatewayClass
              : { ...gatewayClass, spec: { ...gatewayClass.spec, controllerName: input.controllerName } },
          ),
        },
      }),
    }),
  },
  {
    name: 'late-class-unnoticed',
    title: 'A class that is created after its Gateway is not noticed.',
    clauses: ['class-accepted-true', 'class-accepted-decided'],
    layers: ['status', 'programmed'],
    hooks: () => {
      const missed = new Set<string>();
      return {
        input: (input) => {
          const known = new Set(input.objects.gatewayClasses.map(({ metadata }) => metadata.name));
          for (const { spec } of input.objects.gateways)
            if (!known.has(spec.gatewayClassName)) missed.add(spec.gatewayClassName);
          const gatewayClasses = input.objects.gatewayClasses.filter(
            ({ metadata }) => !missed.has(metadata.name) || metadata.name.startsWith('fault-'),
          );
          return { ...input, objects: { ...input.objects, gatewayClasses } };
        },
      };
    },
  },
  {
    name: 'class-parameters-ignored',
    title: 'A class with parameters that nobody knows is accepted.',
    clauses: ['class-parametersref-invalid'],
    layers: ['status'],
    hooks: () => ({
      input: onObjects('gatewayClasses', (gatewayClass) => {
        const { parametersRef: _parametersRef, ...spec } = gatewayClass.spec;
        return { ...gatewayClass, spec };
      }),
    }),
  },
  {
    name: 'class-generation-missing',
    title: 'The condition of a class carries no generation.',
    clauses: ['class-observedgeneration-current'],
    layers: ['status'],
    hooks: () =>
      onClassStatuses((update) =>
        update.name.startsWith('fault-')
          ? update
          : {
              ...update,
              status: {
                ...update.status,
                conditions: (update.status.conditions ?? []).map(
                  ({ observedGeneration: _observedGeneration, ...condition }) => condition,
                ),
              },
            },
      ),
  },
];

const layers: Fault['layers'] = ['status', 'programmed'];

/** Takes the classes of other controllerNames for ours that `isOurs` says so of. */
function alsoOurs(isOurs: (gatewayClass: GatewayClass, controllerName: string) => boolean): FaultHooks {
  return {
    input: (input) => {
      const { controllerName } = input;
      const gatewayClasses = input.objects.gatewayClasses.map((each) =>
        isOurs(each, controllerName) ? { ...each, spec: { ...each.spec, controllerName } } : each,
      );
      return { ...input, objects: { ...input.objects, gatewayClasses } };
    },
  };
}

/** Classes that are nearly ours, or were, and such as are made again or about to go. */
export const classNames: readonly Fault[] = [
  {
    name: 'controller-name-prefix-taken',
    title: 'Classes whose controllerName begins with ours are accepted, and their Gateways served.',
    clauses: ['class-foreign-ignored', 'gateway-foreign-class-ignored'],
    layers,
    hooks: () => alsoOurs(({ spec }, controllerName) => spec.controllerName.startsWith(controllerName)),
  },
  {
    name: 'controller-name-case-ignored',
    title: 'Classes whose controllerName differs from ours in capital letters alone are accepted.',
    clauses: ['class-foreign-ignored', 'gateway-foreign-class-ignored'],
    layers,
    hooks: () => alsoOurs(({ spec }, ours) => spec.controllerName.toLowerCase() === ours.toLowerCase()),
  },
  {
    name: 'class-taken-by-its-name',
    title: 'A class that is made again for another controller, under a name that was one of ours, is taken.',
    clauses: ['class-foreign-ignored', 'gateway-foreign-class-ignored'],
    layers,
    hooks: () => {
      const names = new Set<string>();
      return alsoOurs(({ metadata, spec }, ours) => {
        if (spec.controllerName === ours) names.add(metadata.name);
        return names.has(metadata.name);
      });
    },
  },
  {
    name: 'gateways-of-recreated-class-unjudged',
    title: 'The Gateways of a class that was deleted and made again under its name are not looked at.',
    clauses: ['gateway-class-must-be-accepted', 'class-accepted-true'],
    layers,
    hooks: () => {
      const first = new Map<string, string | undefined>();
      const again = new Set<string>();
      return {
        input: (input) => {
          for (const each of ownClassesByAge(input)) {
            const { name } = each.metadata;
            if (!first.has(name)) first.set(name, uidOf(each));
            if (first.get(name) !== uidOf(each)) again.add(name);
          }
          if (again.size === 0) return input;
          const gateways = input.objects.gateways.filter(({ spec }) => !again.has(spec.gatewayClassName));
          return { ...input, objects: { ...input.objects, gateways } };
        },
        usedClasses: (used) => new Set([...used, ...again]),
      };
    },
  },
  {
    name: 'deleted-class-unserved',
    title: 'The Gateways of a class that waits to be deleted are not looked at any more.',
    clauses: ['gateway-observedgeneration-current', 'class-finalizer'],
    layers,
    hooks: () => ({
      input: onObjects('gatewayClasses', (gatewayClass) =>
        'deletionTimestamp' in gatewayClass.metadata ? undefined : gatewayClass,
      ),
    }),
  },
];

/** Classes beside others, and unused ones. */
export const severalClasses: readonly Fault[] = [
  {
    name: 'second-class-unaccepted',
    title: 'Of several classes of ours only the oldest is accepted.',
    clauses: ['class-accepted-true', 'class-accepted-decided'],
    layers,
    hooks: () => ({
      input: (input) => {
        const ours = ownClassesByAge(input);
        const gatewayClasses = input.objects.gatewayClasses.filter(
          (each) => !ours.includes(each) || each === ours[0],
        );
        return { ...input, objects: { ...input.objects, gatewayClasses } };
      },
    }),
  },
  {
    name: 'unused-class-unaccepted',
    title: 'A class is accepted only once a Gateway names it.',
    clauses: ['class-accepted-true', 'class-accepted-decided'],
    layers,
    hooks: () => ({
      input: (input) => {
        const used = new Set(input.objects.gateways.map(({ spec }) => spec.gatewayClassName));
        const gatewayClasses = input.objects.gatewayClasses.filter(({ metadata }) => used.has(metadata.name));
        return { ...input, objects: { ...input.objects, gatewayClasses } };
      },
    }),
  },
];
