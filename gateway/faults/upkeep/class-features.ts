import type { GatewayClass, GatewayClassStatus } from '../../translate/model/gateway-api.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { ownClassesByAge } from '../hooks/objects.ts';
import { onClassStatuses, statusHook } from '../hooks/statuses.ts';

function onFeatures(edit: (names: string[]) => string[]): FaultHooks {
  return onClassStatuses((update) => ({
    ...update,
    status: {
      ...update.status,
      supportedFeatures: edit((update.status.supportedFeatures ?? []).map(({ name }) => name)).map(
        (name) => ({
          name,
        }),
      ),
    },
  }));
}

/** The features that a class lists. */
export const features: readonly Fault[] = [
  {
    name: 'features-unsorted',
    title: 'The features of a class are not in ascending order.',
    clauses: ['class-supportedfeatures-sorted'],
    layers: ['status'],
    hooks: () => onFeatures((names) => [...names].reverse()),
  },
  {
    name: 'features-without-grpcroute',
    title: 'GRPCRoute is missing among the features of a class.',
    clauses: ['class-supportedfeatures-grpcroute'],
    layers: ['status'],
    reference: 'kubernetes-sigs/gateway-api#3651',
    hooks: () => onFeatures((names) => names.filter((name) => name !== 'GRPCRoute')),
  },
  {
    name: 'features-of-a-mesh',
    title: 'A class of Gateways claims a feature of a mesh.',
    clauses: ['class-supportedfeatures-no-mesh'],
    layers: ['status'],
    hooks: () => onFeatures((names) => [...names, 'Mesh'].sort()),
  },
];

/** Leaves the features out of the statuses of some classes. */
function withoutFeatures(of: (gatewayClass: GatewayClass, input: TranslateInput) => boolean): FaultHooks {
  return {
    statuses: statusHook((update, object, input) => {
      if (update.kind !== 'GatewayClass' || !of(object as GatewayClass, input)) return update;
      const { supportedFeatures: _features, ...status } = update.status;
      return { ...update, status: status satisfies GatewayClassStatus };
    }),
  };
}

/** Features of a class that is edited, or not the first. */
export const laterFeatures: readonly Fault[] = [
  {
    name: 'features-lost-with-edit',
    title: 'A class that is edited lists no features any more.',
    clauses: ['class-supportedfeatures-published'],
    layers: ['status'],
    hooks: () => withoutFeatures(({ metadata }) => (metadata.generation ?? 0) > 1),
  },
  {
    name: 'features-of-later-class-unsorted',
    title: 'The features of all classes of ours but the oldest are not in ascending order.',
    clauses: ['class-supportedfeatures-sorted'],
    layers: ['status'],
    hooks: () => ({
      statuses: statusHook((update, object, input) =>
        update.kind !== 'GatewayClass' || object === ownClassesByAge(input)[0]
          ? update
          : {
              ...update,
              status: {
                ...update.status,
                ...(update.status.supportedFeatures && {
                  supportedFeatures: update.status.supportedFeatures.toReversed(),
                }),
              },
            },
      ),
    }),
  },
];

/** Features that are missing at times, or from some classes. */
export const lateFeatures: readonly Fault[] = [
  {
    name: 'features-of-first-class-only',
    title: 'Of several classes of ours only the oldest lists its features.',
    clauses: ['class-supportedfeatures-published'],
    layers: ['status'],
    hooks: () => withoutFeatures((gatewayClass, input) => gatewayClass !== ownClassesByAge(input)[0]),
  },
  {
    name: 'features-after-acceptance',
    title: 'The features of a class are written after its acceptance.',
    clauses: ['class-supportedfeatures-published'],
    layers: ['status'],
    hooks: () =>
      withoutFeatures(({ status }) =>
        (status?.conditions ?? []).every(
          ({ type, status: value }) => type !== 'Accepted' || value !== 'True',
        ),
      ),
  },
];
