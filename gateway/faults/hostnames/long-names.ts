import type { Fault, FaultHooks } from '../fault.ts';
import { onHosts } from '../hooks/ir.ts';
import { onObjects } from '../hooks/objects.ts';

const layers: Fault['layers'] = ['routed'];

/** Routes with more hostnames than most have. */
export const manyHostnames: readonly Fault[] = [
  {
    name: 'hostnames-beyond-eight-lost',
    title: 'Only the first eight hostnames of a route are served.',
    clauses: ['hostname-entries-ored'],
    layers,
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) =>
        route.spec.hostnames === undefined
          ? route
          : { ...route, spec: { ...route.spec, hostnames: route.spec.hostnames.slice(0, 8) } },
      ),
    }),
  },
];

const withoutHosts = (isLost: (hostname: string) => boolean): FaultHooks => ({
  ir: onHosts((host) => (isLost(host.hostname) ? undefined : host)),
});

const labelsOf = (hostname: string): string[] => hostname.split('.');

/** Hostnames that are longer than most, spelled in a way that few are, or shared by more routes. */
export const longHostnames: readonly Fault[] = [
  {
    name: 'long-hostname-unserved',
    title: 'Hostnames of more than 120 characters are not served.',
    clauses: ['hostname-listener-unset-uses-route', 'hostname-entries-ored'],
    layers,
    hooks: () => withoutHosts((hostname) => hostname.length > 120),
  },
  {
    name: 'long-label-unserved',
    title: 'Hostnames with a label of more than 50 characters are not served.',
    clauses: ['hostname-listener-unset-uses-route', 'hostname-entries-ored'],
    layers,
    hooks: () => withoutHosts((hostname) => labelsOf(hostname).some((label) => label.length > 50)),
  },
  {
    name: 'punycode-unserved',
    title: 'Hostnames of internationalised domain names (xn--) are not served.',
    clauses: ['hostname-listener-unset-uses-route', 'hostname-entries-ored'],
    layers,
    hooks: () => withoutHosts((hostname) => labelsOf(hostname).some((label) => label.startsWith('xn--'))),
  },
  {
    name: 'leading-digit-unserved',
    title: 'Hostnames that begin with a digit are not served.',
    clauses: ['hostname-listener-unset-uses-route', 'hostname-entries-ored'],
    layers,
    hooks: () => withoutHosts((hostname) => /^\d/.test(hostname)),
  },
  {
    name: 'third-route-of-a-host-lost',
    title: 'Of more than two routes that share a hostname the first two are served.',
    clauses: ['grpcroute-multiple-routes-share-listener'],
    layers,
    hooks: () => ({
      ir: onHosts((host) => {
        const sources = [...new Set(host.routes.map(({ source }) => source.key))];
        if (sources.length < 3) return host;
        return { ...host, routes: host.routes.filter(({ source }) => sources.indexOf(source.key) < 2) };
      }),
    }),
  },
];

/** Hostnames that have few labels, and a list of them that is written and empty. */
export const fewLabels: readonly Fault[] = [
  {
    name: 'single-label-hostname-unserved',
    title: 'Hostnames without a dot are not served.',
    clauses: ['hostname-listener-unset-uses-route', 'hostname-entries-ored'],
    layers,
    hooks: () => withoutHosts((hostname) => /^[^.*]+$/.test(hostname)),
  },
  {
    name: 'empty-hostnames-serve-nothing',
    title: 'A route whose list of hostnames is written and empty serves no host.',
    clauses: ['hostname-route-unset-inherits-listener', 'hostname-both-unset-any-authority'],
    layers: [...layers, 'status'],
    hooks: () => ({
      input: onObjects('grpcRoutes', (route) =>
        route.spec.hostnames?.length === 0
          ? { ...route, spec: { ...route.spec, hostnames: ['nobody.invalid'] } }
          : route,
      ),
    }),
  },
];
