import type { Condition, Gateway } from '../../translate/model/gateway-api.ts';
import type { TranslateInput } from '../../translate/model/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { acceptedForGood } from '../hooks/accepted-for-good.ts';
import { well } from '../hooks/listener-sets.ts';
import { namesGateway } from '../hooks/objects.ts';
import {
  isShared,
  isUnresolved,
  onAncestors,
  onConditions,
  onGatewayStatuses,
  onUnsharedListeners,
} from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['status'];

/** Whether a route of that Gateway has references that do not resolve. */
function hasBrokenRoute(gateway: Gateway, { objects }: TranslateInput): boolean {
  return objects.grpcRoutes.some(
    (route) =>
      namesGateway(route, gateway) &&
      (route.status?.parents ?? []).some(({ conditions = [] }) => conditions.some(isUnresolved)),
  );
}

/** Statuses of Gateways and listeners that are right one by one, and wrong for what is beside them. */
export const listenersBesideOthers: readonly Fault[] = [
  {
    name: 'broken-route-unresolves-listener',
    title: 'A listener says that its own references do not resolve when those of one of its routes do not.',
    clauses: ['listener-resolvedrefs-true'],
    layers: [...layers, 'programmed'],
    hooks: () => ({
      statuses: onGatewayStatuses((status, gateway, _update, input) =>
        isShared(gateway) || status.listeners === undefined || !hasBrokenRoute(gateway, input)
          ? status
          : {
              ...status,
              listeners: status.listeners.map((listener) => ({
                ...listener,
                conditions: listener.conditions.map((each) =>
                  each.type === 'ResolvedRefs' && listener.attachedRoutes > 0
                    ? { ...each, status: 'False', reason: 'RefNotPermitted', message: 'a route is broken' }
                    : each,
                ),
              })),
            },
      ),
    }),
  },
  {
    name: 'attached-routes-capped-at-ten',
    title: 'attachedRoutes is 10 where a listener has more routes than that.',
    clauses: ['listener-attachedroutes-count'],
    layers,
    hooks: () =>
      onUnsharedListeners((listener) => ({
        ...listener,
        attachedRoutes: Math.min(listener.attachedRoutes, 10),
      })),
  },
  {
    name: 'supported-kinds-of-another-group',
    title: 'The supported kinds of a listener name GRPCRoute with a group that it is not of.',
    clauses: ['listener-supportedkinds-grpcroute'],
    layers,
    hooks: () =>
      onUnsharedListeners((listener) => ({
        ...listener,
        ...(listener.supportedKinds && {
          supportedKinds: listener.supportedKinds.map((each) => ({ ...each, group: 'example.com' })),
        }),
      })),
  },
  {
    name: 'unknown-kinds-listed-as-supported',
    title: 'The supported kinds of a listener are those that it names, known or not.',
    clauses: ['listener-kinds-mixed', 'listener-kinds-invalid-only'],
    layers,
    hooks: () =>
      onUnsharedListeners((listener, _index, gateway) => {
        const written = gateway.spec.listeners?.find(({ name }) => name === listener.name);
        const kinds = written?.allowedRoutes?.kinds;
        return kinds === undefined || kinds.length === 0
          ? listener
          : {
              ...listener,
              supportedKinds: kinds.map(({ group = 'gateway.networking.k8s.io', kind }) => ({ group, kind })),
            };
      }),
  },
  {
    name: 'bad-certificate-reported-on-every-listener',
    title: 'A certificate that one listener misses is reported on every listener of its Gateway.',
    clauses: ['listener-resolvedrefs-true', 'tls-secret-nonexistent'],
    layers: [...layers, 'programmed', 'tls'],
    hooks: () =>
      onUnsharedListeners((listener, _index, _gateway, { listeners = [] }) => {
        const bad = listeners
          .flatMap(({ conditions }) => conditions)
          .find((each) => isUnresolved(each) && each.reason === 'InvalidCertificateRef');
        return {
          ...listener,
          conditions: listener.conditions.map((each) =>
            each.type === 'ResolvedRefs' && bad !== undefined ? bad : each,
          ),
        };
      }),
  },
  {
    name: 'some-invalid-listeners-unmentioned',
    title: 'A Gateway of whose listeners some are invalid is Accepted as if all were valid.',
    clauses: ['gateway-listenersnotvalid-some-valid'],
    layers: [...layers, 'programmed'],
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'gateway' && condition.type === 'Accepted' && condition.status === 'True'
          ? { ...condition, reason: 'Accepted', message: 'all is well' }
          : condition,
      ),
    }),
  },
];

/** What Gateways and their listeners, and policies, leave out. */
export const emptyGatewayMessages: readonly Fault[] = [
  {
    name: 'failing-gateway-messages-empty',
    title: 'Conditions of Gateways and listeners that are False have no message.',
    clauses: ['status-reason-message-nonempty'],
    layers: [...layers, 'programmed', 'tls'],
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level !== 'parent' && condition.status === 'False' ? { ...condition, message: '' } : condition,
      ),
    }),
  },
  {
    name: 'ancestor-without-namespace',
    title: 'The entries of a policy name Gateways without their namespace.',
    clauses: ['btls-ancestor-status'],
    layers,
    hooks: () => ({
      statuses: onAncestors(({ ancestorRef: { namespace: _namespace, ...ancestorRef }, ...ancestor }) => ({
        ...ancestor,
        ancestorRef,
      })),
    }),
  },
];

/** A verdict that an edit does not turn back. */
export const gatewayAcceptedForGood: Fault = {
  name: 'gateway-accepted-for-good',
  title: 'A Gateway that was accepted stays so when an edit leaves it without a valid listener.',
  clauses: ['gateway-listenersnotvalid-none-valid', 'gateway-parametersref-invalid'],
  layers: ['status'],
  hooks: () => acceptedForGood('Gateway'),
};

/** A Gateway with parameters that cannot be used says of itself, or of its listeners, that they are programmed. */
function programmedThoughRefused(level: 'gateway' | 'listener'): FaultHooks {
  return {
    statuses: onConditions((condition, place) =>
      place.level === level &&
      condition.type === 'Programmed' &&
      place.object.spec.infrastructure?.parametersRef !== undefined
        ? well(condition)
        : condition,
    ),
  };
}

/** Gateways that are refused, and say that they serve. */
export const refusedAndProgrammed: readonly Fault[] = [
  {
    name: 'refused-gateway-programmed',
    title: 'A Gateway whose parameters cannot be used is refused, and Programmed.',
    clauses: ['gateway-summary-conditions-always-present', 'gateway-parametersref-invalid'],
    layers: ['status', 'programmed'],
    hooks: () => programmedThoughRefused('gateway'),
  },
  {
    name: 'listeners-of-refused-gateway-programmed',
    title: 'The listeners of a Gateway whose parameters cannot be used are Programmed.',
    clauses: ['gateway-parametersref-invalid'],
    layers: ['status', 'programmed'],
    hooks: () => programmedThoughRefused('listener'),
  },
];

const isProgrammed = ({ type, status }: Condition): boolean => type === 'Programmed' && status === 'True';

/** Programmed of Gateways where it does not go by what is served. */
export const programmedInVain: readonly Fault[] = [
  {
    name: 'gateway-without-certificate-programmed',
    title: 'A Gateway is Programmed of whose listeners none has a certificate that can be used.',
    clauses: ['gateway-programmed-false-nothing-served'],
    layers: ['status', 'programmed'],
    hooks: () => ({
      statuses: onGatewayStatuses((status) => {
        const { listeners = [], conditions = [] } = status;
        const isWaiting =
          listeners.length > 0 &&
          listeners.every(
            (listener) => listener.conditions.some(isUnresolved) && !listener.conditions.some(isProgrammed),
          );
        if (!isWaiting) return status;
        return {
          ...status,
          conditions: conditions.map((each) => (each.type === 'Programmed' ? well(each) : each)),
        };
      }),
    }),
  },
  {
    name: 'programmed-flips-with-routes',
    title: 'A Gateway and its listeners are not Programmed for a moment whenever a route comes or goes.',
    clauses: ['status-steady-state-quiet'],
    layers: ['status', 'programmed'],
    hooks: ({ refreshAfter }) => ({
      statuses: onGatewayStatuses((status, gateway) => {
        const countOf = (name: string): number | undefined =>
          gateway.status?.listeners?.find((listener) => listener.name === name)?.attachedRoutes;
        const { listeners = [], conditions = [] } = status;
        if (listeners.every(({ name, attachedRoutes }) => countOf(name) === attachedRoutes)) return status;
        refreshAfter(100);
        const pending = (all: readonly Condition[]): Condition[] =>
          all.map((each) =>
            isProgrammed(each)
              ? { ...each, status: 'False', reason: 'Pending', message: 'in a moment' }
              : each,
          );
        return {
          ...status,
          conditions: pending(conditions),
          listeners: listeners.map((each) => ({ ...each, conditions: pending(each.conditions) })),
        };
      }),
    }),
  },
];
