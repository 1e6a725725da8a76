import { keyOf } from '../../../common/object-key.ts';
import type {
  Condition,
  Gateway,
  GatewayStatus,
  ListenerStatus,
  RouteParentStatus,
} from '../../translate/gateway-api.ts';
import type { TranslateInput } from '../../translate/types.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onRules, namesGateway } from '../hooks/objects.ts';
import {
  epoch,
  onAncestors,
  onConditions,
  onGatewayStatuses,
  onParents,
  onRouteStatuses,
} from '../hooks/statuses.ts';

const layers: Fault['layers'] = ['status'];

/** Every scenario looks at that one. */
const isShared = ({ metadata }: Gateway): boolean => metadata.name === 'shared';

const onListeners = (
  edit: (listener: ListenerStatus, index: number, gateway: Gateway, status: GatewayStatus) => ListenerStatus,
): FaultHooks => ({
  statuses: onGatewayStatuses((status, gateway) =>
    status.listeners === undefined || isShared(gateway)
      ? status
      : {
          ...status,
          listeners: status.listeners.map((each, index) => edit(each, index, gateway, status)),
        },
  ),
});

const isUnresolved = ({ type, status }: Condition): boolean => type === 'ResolvedRefs' && status === 'False';

/** Whether a route of that Gateway has references that do not resolve. */
function hasBrokenRoute(gateway: Gateway, { objects }: TranslateInput): boolean {
  return objects.grpcRoutes.some(
    (route) =>
      namesGateway(route, gateway) &&
      (route.status?.parents ?? []).some(({ conditions = [] }) => conditions.some(isUnresolved)),
  );
}

/** Statuses that are right one by one, and wrong for what is beside them. */
export const finerStatuses: readonly Fault[] = [
  {
    name: 'entry-doubled-by-edit',
    title: 'A route that is edited has a second entry for each of its parentRefs.',
    clauses: ['status-no-duplicate-entries'],
    layers,
    hooks: () => ({
      statuses: onRouteStatuses((status, route, _update, { controllerName }) => {
        const seen = new Set<string>();
        const parents = status.parents.flatMap((parent): RouteParentStatus[] => {
          const text = JSON.stringify([parent.controllerName, parent.parentRef]);
          if (seen.has(text)) return [];
          seen.add(text);
          const isEdited = (route.metadata.generation ?? 0) > 1;
          return isEdited && parent.controllerName === controllerName ? [parent, parent] : [parent];
        });
        return { parents };
      }),
    }),
  },
  {
    name: 'later-listener-generation-stale',
    title:
      'The conditions of all listeners of a Gateway but the first keep the generation that they were first written for.',
    clauses: ['gateway-listener-observedgeneration-current'],
    layers: [...layers, 'programmed'],
    hooks: () =>
      onListeners((listener, index) => ({
        ...listener,
        conditions: listener.conditions.map((each) =>
          index === 0 ? each : { ...each, observedGeneration: 1 },
        ),
      })),
  },
  {
    name: 'later-ancestor-generation-stale',
    title: 'Of the entries of a policy only the first has the generation of the latest edit.',
    clauses: ['btls-observedgeneration-current'],
    layers,
    hooks: () => ({
      statuses: onAncestors((ancestor, _policy, index) => ({
        ...ancestor,
        conditions: ancestor.conditions.map((each) =>
          index === 0 ? each : { ...each, observedGeneration: 1 },
        ),
      })),
    }),
  },
  {
    name: 'lasting-problem-generation-stale',
    title: 'ResolvedRefs=False keeps the generation that it was first written for through later edits.',
    clauses: ['status-observedgeneration-current', 'status-unchanged-verdict-still-bumped'],
    layers,
    hooks: () => ({
      statuses: onParents((parent, route) => {
        const before = (route.status?.parents ?? [])
          .flatMap(({ conditions = [] }) => conditions)
          .find(isUnresolved)?.observedGeneration;
        const conditions = (parent.conditions ?? []).map((each) =>
          isUnresolved(each) && before !== undefined ? { ...each, observedGeneration: before } : each,
        );
        return { ...parent, conditions };
      }),
    }),
  },
  {
    name: 'gateway-transition-time-is-epoch',
    title: 'lastTransitionTime of conditions of Gateways and listeners is the beginning of 1970.',
    clauses: ['status-lasttransitiontime-set'],
    layers,
    hooks: () => ({
      statuses: onConditions((condition, { level }) =>
        level === 'parent' ? condition : { ...condition, lastTransitionTime: epoch },
      ),
    }),
  },
  {
    name: 'policy-transition-time-is-epoch',
    title: 'lastTransitionTime of conditions of policies is the beginning of 1970.',
    clauses: ['status-lasttransitiontime-set'],
    layers,
    hooks: () => ({
      statuses: onAncestors((ancestor) => ({
        ...ancestor,
        conditions: ancestor.conditions.map((each) => ({ ...each, lastTransitionTime: epoch })),
      })),
    }),
  },
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
      onListeners((listener) => ({ ...listener, attachedRoutes: Math.min(listener.attachedRoutes, 10) })),
  },
  {
    name: 'supported-kinds-of-another-group',
    title: 'The supported kinds of a listener name GRPCRoute with a group that it is not of.',
    clauses: ['listener-supportedkinds-grpcroute'],
    layers,
    hooks: () =>
      onListeners((listener) => ({
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
      onListeners((listener, _index, gateway) => {
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
      onListeners((listener, _index, _gateway, { listeners = [] }) => {
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
  {
    name: 'rules-after-invalid-one-lost',
    title: 'Rules that come after one that cannot be used are not served either.',
    clauses: [
      'status-accepted-when-one-rule-works',
      'status-partiallyinvalid-dropped-rule',
      'method-regex-invalid-pattern',
    ],
    layers: ['routed', ...layers],
    hooks: () => ({
      input: onRules((rule, index, route) => {
        const before = (route.spec.rules ?? []).slice(0, index);
        const isBad = before.some(({ matches = [] }) =>
          matches.some(({ method, headers = [] }) =>
            [method?.service, method?.method, ...headers.map(({ value }) => value)].some(
              (text) => text !== undefined && !compiles(text),
            ),
          ),
        );
        return isBad ? { ...rule, matches: [{ headers: [{ name: 'x-none', value: 'never' }] }] } : rule;
      }),
    }),
  },
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

function compiles(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u');
    return true;
  } catch {
    return false;
  }
}

/** Objects whose names are told apart by something that is not looked at. */
export const dottedNames: readonly Fault[] = [
  {
    name: 'dotted-listener-name-unknown',
    title: 'A route finds no listener whose name has a dot.',
    clauses: ['parentref-sectionname-selects-listener'],
    layers: ['status', 'routed'],
    hooks: () => ({
      input: (input) => {
        const grpcRoutes = input.objects.grpcRoutes.map((route) =>
          (route.spec.parentRefs ?? []).some(({ sectionName = '' }) => sectionName.includes('.'))
            ? {
                ...route,
                spec: {
                  ...route.spec,
                  parentRefs: (route.spec.parentRefs ?? []).map((ref) =>
                    ref.sectionName?.includes('.') === true
                      ? { ...ref, sectionName: ref.sectionName.replaceAll('.', '-') }
                      : ref,
                  ),
                },
              }
            : route,
        );
        return { ...input, objects: { ...input.objects, grpcRoutes } };
      },
    }),
  },
  {
    name: 'dots-and-dashes-of-routes-mixed-up',
    title: 'Of two routes whose names differ in dots and dashes alone only one is served.',
    clauses: ['grpcroute-multiple-routes-share-listener'],
    layers: ['routed', 'backend'],
    hooks: () => ({
      input: (input) => {
        const plain = new Set(input.objects.grpcRoutes.map(keyOf));
        const grpcRoutes = input.objects.grpcRoutes.filter((route) => {
          const key = keyOf(route);
          return !key.includes('.') || !plain.has(key.replaceAll('.', '-'));
        });
        return grpcRoutes.length === input.objects.grpcRoutes.length
          ? input
          : { ...input, objects: { ...input.objects, grpcRoutes } };
      },
    }),
  },
];
