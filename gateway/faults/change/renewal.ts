import { keyOf } from '../../../common/object-key.ts';
import type { GrpcRoute, Secret } from '../../translate/model/gateway-api.ts';
import type { Fault } from '../fault.ts';
import { onObjects } from '../hooks/objects.ts';

const isMarker = ({ metadata }: GrpcRoute): boolean => metadata.name.startsWith('rp-marker');

/** Objects that come back under a name that was known, or keep something that they have lost. */
export const renewal: readonly Fault[] = [
  {
    name: 'recreated-route-as-before',
    title: 'A route that is deleted and made again is served as it was, until it is edited.',
    clauses: ['grpcroute-update-takes-effect', 'grpcroute-delete-stops-traffic'],
    layers: ['routed', 'backend'],
    hooks: () => {
      const known = new Map<string, GrpcRoute['spec']>();
      return {
        input: onObjects('grpcRoutes', (route) => {
          const id = `${keyOf(route)} ${route.metadata.generation}`;
          const spec = known.get(id) ?? route.spec;
          known.set(id, spec);
          return spec === route.spec ? route : { ...route, spec };
        }),
      };
    },
  },
  {
    name: 'lost-hostname-served',
    title: 'A route goes on serving hosts that it names no more.',
    clauses: ['grpcroute-update-takes-effect'],
    layers: ['routed'],
    hooks: () => {
      const known = new Map<string, Set<string>>();
      return {
        input: onObjects('grpcRoutes', (route) => {
          if (route.spec.hostnames === undefined || isMarker(route)) return route;
          const all = known.get(keyOf(route)) ?? new Set<string>();
          known.set(keyOf(route), all);
          for (const hostname of route.spec.hostnames) all.add(hostname);
          return { ...route, spec: { ...route.spec, hostnames: [...all] } };
        }),
      };
    },
  },
  {
    name: 'renewed-grant-unnoticed',
    title: 'A ReferenceGrant that is deleted and made again permits nothing.',
    clauses: ['refgrant-addition-enables'],
    layers: ['status', 'routed', 'backend'],
    hooks: () => {
      const first = new Map<string, string | undefined>();
      return {
        input: onObjects('referenceGrants', (grant) => {
          const { uid } = grant.metadata as { uid?: string };
          if (!first.has(keyOf(grant))) first.set(keyOf(grant), uid);
          return first.get(keyOf(grant)) === uid ? grant : undefined;
        }),
      };
    },
  },
  {
    name: 'listener-port-change-unnoticed',
    title: 'A listener that moves to another port stays at the one that it had.',
    clauses: ['gateway-listener-added', 'gateway-listener-removed'],
    layers: ['connect', 'programmed', 'routed', 'status'],
    hooks: () => {
      const ports = new Map<string, number>();
      return {
        input: onObjects('gateways', (gateway) => {
          const listeners = (gateway.spec.listeners ?? []).map((listener) => {
            const id = `${keyOf(gateway)} ${listener.name}`;
            const port = ports.get(id) ?? listener.port;
            ports.set(id, port);
            return { ...listener, port };
          });
          return { ...gateway, spec: { ...gateway.spec, listeners } };
        }),
      };
    },
  },
  {
    name: 'deleted-certificate-unreported',
    title: 'A listener whose Secret is deleted looks healthy as before.',
    clauses: ['tls-secret-nonexistent', 'tls-secret-malformed'],
    layers: ['status', 'programmed', 'tls'],
    hooks: () => {
      const known = new Map<string, Secret>();
      return {
        input: (input) => {
          for (const secret of input.objects.secrets) known.set(keyOf(secret), secret);
          return { ...input, objects: { ...input.objects, secrets: [...known.values()] } };
        },
      };
    },
  },
];
