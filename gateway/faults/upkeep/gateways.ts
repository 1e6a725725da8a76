import { keyOf } from '../../../common/object-key.ts';
import type { Condition, GatewayStatus } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { onObjects } from '../hooks/objects.ts';
import { onGatewayStatuses, onListenerStatuses } from '../hooks/statuses.ts';

/** The conditions with Ready beside them, if it is not among them. */
function withReady(conditions: Condition[] = [], generation: number | undefined, now: string): Condition[] {
  if (conditions.some(({ type }) => type === 'Ready')) return conditions;
  const ready = {
    type: 'Ready',
    status: 'True' as const,
    reason: 'Ready',
    message: 'all is ready',
    ...(generation !== undefined && { observedGeneration: generation }),
    lastTransitionTime: now,
  };
  return [...conditions, ready];
}

/** Gateways: their addresses, their class, and a condition that is reserved. */
export const gateways: readonly Fault[] = [
  {
    name: 'address-comes-and-goes',
    title: 'A Gateway other than the first is Programmed without an address.',
    clauses: ['gateway-address-reported'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onGatewayStatuses(({ addresses, ...status }, gateway) =>
        gateway.metadata.name === 'shared' && addresses !== undefined ? { addresses, ...status } : status,
      ),
    }),
  },
  {
    name: 'address-of-nobody',
    title: 'A Gateway reports a further address at which nothing answers.',
    clauses: ['gateway-listeners-on-every-address'],
    layers: ['connect'],
    hooks: () => ({
      statuses: onGatewayStatuses(({ addresses, ...status }) =>
        addresses === undefined
          ? status
          : { ...status, addresses: [...addresses, { type: 'IPAddress', value: '192.0.2.1' }] },
      ),
    }),
  },
  {
    name: 'moved-gateway-served',
    title: 'A Gateway that has moved to a class of another controller goes on being served and written.',
    clauses: ['gateway-foreign-class-ignored', 'parentref-foreign-class-no-entry'],
    layers: ['status', 'programmed', 'routed', 'connect'],
    hooks: () => {
      const mine = new Map<string, string>();
      return {
        input: (input) => {
          const classes = new Set(
            input.objects.gatewayClasses
              .filter(({ spec }) => spec.controllerName === input.controllerName)
              .map(({ metadata }) => metadata.name),
          );
          const gateways = input.objects.gateways.map((gateway) => {
            const key = keyOf(gateway);
            if (classes.has(gateway.spec.gatewayClassName)) mine.set(key, gateway.spec.gatewayClassName);
            const gatewayClassName = mine.get(key);
            return gatewayClassName === undefined || gatewayClassName === gateway.spec.gatewayClassName
              ? gateway
              : { ...gateway, spec: { ...gateway.spec, gatewayClassName } };
          });
          return { ...input, objects: { ...input.objects, gateways } };
        },
      };
    },
  },
  {
    name: 'gateway-ready-written',
    title: 'A Gateway carries a Ready condition, which is reserved.',
    clauses: ['gateway-ready-not-used'],
    layers: ['status'],
    hooks: () => ({
      statuses: onGatewayStatuses((status, gateway, _update, { now }) =>
        gateway.metadata.name === 'shared'
          ? status
          : { ...status, conditions: withReady(status.conditions, gateway.metadata.generation, now) },
      ),
    }),
  },
  {
    name: 'listener-ready-written',
    title: 'A listener carries a Ready condition, which is reserved.',
    clauses: ['gateway-ready-not-used'],
    layers: ['status'],
    hooks: () => ({
      statuses: onListenerStatuses((listener, { metadata: { name, generation } }, { now }) =>
        name === 'shared'
          ? listener
          : { ...listener, conditions: withReady(listener.conditions, generation, now) },
      ),
    }),
  },
];

/** A Gateway whose name is longer than those of what is made for it may be. */
export const wholeGatewayNames: readonly Fault[] = [
  {
    name: 'gateway-longer-than-a-label-unseen',
    title: 'A Gateway whose name is too long for the value of a label is never judged.',
    clauses: ['gateway-summary-conditions-always-present', 'gateway-observedgeneration-current'],
    layers: ['status', 'programmed'],
    reference: 'projectcontour/contour#5970',
    hooks: () => ({
      input: onObjects('gateways', (gateway) => (gateway.metadata.name.length > 63 ? undefined : gateway)),
    }),
  },
];

/** Gateways that move from one class of ours to another. */
export const movedBetweenClasses: readonly Fault[] = [
  {
    name: 'address-of-former-class-kept',
    title: 'A Gateway that has moved to another class of ours goes on reporting the address that it had.',
    clauses: ['gateway-address-reported'],
    layers: ['connect', 'routed', 'programmed'],
    hooks: () => {
      const first = new Map<string, { gatewayClass: string; addresses: GatewayStatus['addresses'] }>();
      return {
        statuses: onGatewayStatuses((status, { metadata, spec }) => {
          const id = `${keyOf({ metadata })} ${String(metadata.creationTimestamp)}`;
          const known = first.get(id);
          const { gatewayClassName: gatewayClass } = spec;
          if (known === undefined || known.gatewayClass === gatewayClass) {
            if (status.addresses !== undefined) first.set(id, { gatewayClass, addresses: status.addresses });
            return status;
          }
          return status.addresses === undefined || known.addresses === undefined
            ? status
            : { ...status, addresses: known.addresses };
        }),
      };
    },
  },
];
