import { keyOf } from '../../../common/object-key.ts';
import type { RouteBackendRef } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { onClusters, onForwards } from '../hooks/ir.ts';
import { onGrpcRoutesWith, onObjects } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['routed', 'backend'];

/** Backends that are reached as far as a number, a place or a port goes. */
export const backendReach: readonly Fault[] = [
  {
    name: 'endpoints-beyond-three-unserved',
    title: 'Only three endpoints of a Service get calls.',
    clauses: ['backend-endpoints-follow', 'backend-service-forwarding'],
    layers,
    hooks: () => ({
      ir: onClusters((cluster) =>
        cluster.endpoints.length > 3 ? { ...cluster, endpoints: cluster.endpoints.slice(0, 3) } : cluster,
      ),
    }),
  },
  {
    name: 'missing-port-takes-first',
    title: 'A backendRef to a port that its Service has not goes to the first port of the Service.',
    clauses: ['backend-port-is-service-port', 'backend-not-found-status'],
    layers: [...layers, 'status'],
    hooks: () => ({
      input: onGrpcRoutesWith((route, { objects }) => {
        const services = new Map(objects.services.map((service) => [keyOf(service), service]));
        const { namespace: own } = route.metadata;
        const portsOf = ({ namespace = own, name }: RouteBackendRef): number[] =>
          (services.get(`${namespace}/${name}`)?.spec?.ports ?? []).map(({ port }) => port);
        const isAstray = (ref: RouteBackendRef): boolean => {
          const ports = portsOf(ref);
          return ports.length > 0 && !ports.includes(ref.port ?? 0);
        };
        const rules = route.spec.rules ?? [];
        if (!rules.some(({ backendRefs }) => backendRefs?.some(isAstray))) return route;
        const edited = rules.map(({ backendRefs = [], ...rule }) => ({
          ...rule,
          backendRefs: backendRefs.map((ref) => {
            const [port] = isAstray(ref) ? portsOf(ref) : [];
            return port === undefined ? ref : { ...ref, port };
          }),
        }));
        return { ...route, spec: { ...route.spec, rules: edited } };
      }),
    }),
  },
  {
    name: 'app-protocol-of-first-port-for-all',
    title: 'The appProtocol of the first port of a Service counts for all of its ports.',
    clauses: ['backend-appprotocol-honoured', 'backend-appprotocol-unsupported-status'],
    layers: [...layers, 'status'],
    hooks: () => ({
      input: onObjects('services', (service) => {
        const ports = service.spec?.ports ?? [];
        if (ports.length < 2) return service;
        const [{ appProtocol } = {}] = ports;
        const alike = ports.map(({ appProtocol: _own, ...port }) => ({
          ...port,
          ...(appProtocol !== undefined && { appProtocol }),
        }));
        return { ...service, spec: { ...service.spec, ports: alike } };
      }),
    }),
  },
  {
    name: 'app-protocol-of-later-ports-ignored',
    title: 'The appProtocol of all ports of a Service but the first is not looked at.',
    clauses: ['backend-appprotocol-honoured', 'backend-appprotocol-unsupported-status'],
    layers: [...layers, 'status'],
    hooks: () => ({
      input: onObjects('services', (service) => {
        const [first, ...others] = service.spec?.ports ?? [];
        if (first === undefined || others.length === 0) return service;
        const ports = [first, ...others.map(({ appProtocol: _own, ...port }) => port)];
        return { ...service, spec: { ...service.spec, ports } };
      }),
    }),
  },
  {
    name: 'later-invalid-share-redistributed',
    title: 'The share of an invalid backend goes to the others where it is not the first of its rule.',
    clauses: ['backend-invalid-not-redistributed', 'backend-invalid-share-unavailable'],
    layers,
    hooks: () => ({
      ir: onForwards((action) => {
        const backends = action.backends.filter(({ cluster }, index) => index === 0 || cluster !== undefined);
        return backends.length === action.backends.length ? action : { ...action, backends };
      }),
    }),
  },
  {
    name: 'first-invalid-share-redistributed',
    title: 'The share of an invalid backend goes to the others where it is the first of its rule.',
    clauses: ['backend-invalid-not-redistributed', 'backend-invalid-share-unavailable'],
    layers,
    hooks: () => ({
      ir: onForwards((action) => {
        const backends = action.backends.filter(({ cluster }, index) => index > 0 || cluster !== undefined);
        return backends.length === action.backends.length ? action : { ...action, backends };
      }),
    }),
  },
];
