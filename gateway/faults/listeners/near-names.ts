import { keyOf } from '../../../common/object-key.ts';
import type { Gateway, GrpcRoute, Listener } from '../../translate/model/gateway-api.ts';
import { gatewayGroup } from '../../translate/model/kinds.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { alsoSections } from '../hooks/listener-sets.ts';
import { mapListeners, onObjects, onObjectsWith, onParentRefs } from '../hooks/objects.ts';
import { unseen } from '../hooks/unseen.ts';

/** Parents that are read with too little of a name. */
export const nearParents: readonly Fault[] = [
  {
    name: 'section-name-is-prefix',
    title: 'A route of one listener is also served by those whose names begin with its name.',
    clauses: ['parentref-sectionname-selects-listener'],
    layers: ['routed', 'status'],
    hooks: () => alsoSections((name, sectionName) => name.startsWith(sectionName)),
  },
  {
    name: 'parent-group-ignored',
    title: 'A parent of kind Gateway is taken for the Gateway of that name, whatever its group.',
    clauses: ['parentref-group-kind-default-gateway', 'parentref-unsupported-kind-ignored'],
    layers: ['routed', 'status'],
    hooks: () => ({
      input: onParentRefs((ref) =>
        (ref.kind ?? 'Gateway') === 'Gateway' && (ref.group ?? gatewayGroup) !== gatewayGroup
          ? { ...ref, group: gatewayGroup }
          : ref,
      ),
    }),
  },
  {
    name: 'parent-kind-ignored',
    title: 'A parent of an unknown kind is taken for the Gateway of that name.',
    clauses: ['parentref-group-kind-default-gateway', 'parentref-unsupported-kind-ignored'],
    layers: ['routed', 'status'],
    hooks: () => ({
      input: onParentRefs((ref) =>
        ['Gateway', 'ListenerSet', undefined].includes(ref.kind) ? ref : { ...ref, kind: 'Gateway' },
      ),
    }),
  },
];

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

const listenerLayers: Fault['layers'] = ['routed', 'status', 'connect'];

/** Of the listeners of a Gateway whose names are the same in short only the first is served, and every status is as if all were. */
function firstOfShort(short: (name: string) => string): FaultHooks {
  return unseen(
    onObjects('gateways', (gateway) => {
      const written = gateway.spec.listeners ?? [];
      const isFirst = ({ name }: Listener, index: number): boolean =>
        written.findIndex((each) => short(each.name) === short(name)) === index;
      return mapListeners(gateway, (listener, index) => (isFirst(listener, index) ? listener : undefined));
    }),
  );
}

/** Listeners that are told apart by less than their whole name. */
export const wholeListenerNames: readonly Fault[] = [
  {
    name: 'dots-and-dashes-of-listeners-mixed-up',
    title:
      'Of two listeners whose names differ in dots and dashes alone only one is served, and both say they are.',
    clauses: ['parentref-sectionname-selects-listener', 'listener-programmed-true'],
    layers: listenerLayers,
    hooks: () => firstOfShort((name) => name.replaceAll('.', '-')),
  },
  {
    name: 'long-listener-names-collide',
    title:
      'Of two listeners whose names begin with the same 63 characters only one is served, and both say they are.',
    clauses: ['parentref-sectionname-selects-listener', 'listener-programmed-true'],
    layers: listenerLayers,
    hooks: () => firstOfShort((name) => name.slice(0, 63)),
  },
  {
    name: 'long-section-name-cut',
    title: 'A route of one listener is also served by those whose names begin with the same 63 characters.',
    clauses: ['parentref-sectionname-selects-listener'],
    layers: listenerLayers,
    hooks: () =>
      alsoSections(
        (name, sectionName) => sectionName.length > 63 && name.slice(0, 63) === sectionName.slice(0, 63),
      ),
  },
];

const layers: Fault['layers'] = ['status', 'programmed', 'routed', 'connect'];

const joinedOf = ({ metadata: { namespace = '', name } }: Gateway | GrpcRoute): string =>
  `${namespace}-${name}`;

/** Itself and those that are taken for the same, always in one order. */
function namesakes<T extends Gateway | GrpcRoute>(object: T, all: readonly T[]): T[] {
  return all
    .filter((other) => joinedOf(other) === joinedOf(object))
    .toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}

/** Gateways and routes whose names are joined to those of their namespaces. */
export const joinedNames: readonly Fault[] = [
  {
    name: 'gateways-joined-by-dash-merged',
    title:
      'Of two Gateways whose namespaces and names make the same text, joined by a dash, one is judged as the other.',
    clauses: ['gateway-accepted-true', 'gateway-listenersnotvalid-none-valid'],
    layers,
    hooks: () => ({
      input: onObjectsWith('gateways', (gateway, { objects }) => {
        const [first = gateway] = namesakes(gateway, objects.gateways);
        return first === gateway ? gateway : { ...gateway, spec: first.spec };
      }),
    }),
  },
  {
    name: 'routes-joined-by-dash-merged',
    title: 'Of two routes whose namespaces and names make the same text, joined by a dash, one is lost.',
    clauses: ['parentref-namespace-defaults-to-route'],
    layers,
    hooks: () => ({
      input: onObjectsWith('grpcRoutes', (route, { objects }) =>
        namesakes(route, objects.grpcRoutes)[0] === route ? route : undefined,
      ),
    }),
  },
];
