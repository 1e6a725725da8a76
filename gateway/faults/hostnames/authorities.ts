import type { IrRoute } from '../../ir/ir.ts';
import { anyHost, isWildcard } from '../../translate/model/hostname.ts';
import type { Fault, FaultHooks } from '../fault.ts';
import { onHosts } from '../hooks/ir.ts';
import { onRequests } from '../hooks/lua.ts';

/** An authority over TLS. */
export const hostnamesOverTls: readonly Fault[] = [
  {
    name: 'upper-case-refused-on-https',
    title: 'The letter case of :authority matters on HTTPS listeners.',
    clauses: ['hostname-authority-case-insensitive'],
    layers: ['routed', 'http2', 'tls'],
    hooks: () =>
      onRequests(`local host = handle:headers():get(":authority") or ""
  if handle:connection():ssl() ~= nil and string.find(host, "%u") then
    handle:respond({[":status"] = "404"}, "")
  end`),
  },
];

const refusing = (condition: string): FaultHooks =>
  onRequests(`local host = handle:headers():get(":authority") or ""
  if ${condition} then handle:respond({[":status"] = "404"}, "") end`);

/** Spellings of an authority that are right one by one. */
export const authoritiesInPart: readonly Fault[] = [
  {
    name: 'upper-case-with-port-refused',
    title: 'The letter case of :authority matters where it has a port.',
    clauses: ['hostname-authority-case-insensitive'],
    layers: ['routed', 'http2'],
    hooks: () => refusing('string.find(host, "%u") and string.find(host, ":%d+$")'),
  },
  {
    name: 'port-under-wildcards-refused-on-https',
    title: 'A port in :authority is taken for a part of the hostname under a wildcard hostname, over TLS.',
    clauses: ['hostname-authority-port-ignored'],
    layers: ['routed', 'http2'],
    hooks: () =>
      refusing(
        'handle:connection():ssl() ~= nil and string.find(host, "^x%.wild%.") and string.find(host, ":%d+$")',
      ),
  },
];

/** A call whose authority is spelled so, and which no rule of its exact hostname fits, goes no farther. */
const stoppedWhere = (value: string): FaultHooks => ({
  ir: onHosts((host) => {
    const [first] = host.routes;
    if (first?.source.kind !== 'GRPCRoute' || host.hostname === anyHost || isWildcard(host.hostname))
      return host;
    const stop: IrRoute = {
      ...first,
      name: `${first.name}/stop`,
      match: {
        path: { type: 'prefix', value: '/' },
        headers: [{ name: ':authority', match: { type: 'regex', value } }],
        queryParams: [],
      },
      mirrors: [],
      action: { type: 'respond', httpStatus: 404 },
    };
    return { ...host, routes: [...host.routes, stop] };
  }),
});

/** Spellings of an authority for which wildcards are not looked at. */
export const authoritiesBesideWildcards: readonly Fault[] = [
  {
    name: 'no-fall-through-with-port',
    title:
      'A call that no rule of its hostname fits is refused where its :authority has a port, though a wildcard hostname has a rule.',
    clauses: ['hostname-authority-port-ignored'],
    layers: ['routed', 'http2'],
    hooks: () => stoppedWhere('.*:[0-9]+'),
  },
  {
    name: 'no-fall-through-in-upper-case',
    title:
      'A call that no rule of its hostname fits is refused where its :authority has capitals, though a wildcard hostname has a rule.',
    clauses: ['hostname-authority-case-insensitive'],
    layers: ['routed', 'http2'],
    hooks: () => stoppedWhere('.*[A-Z].*'),
  },
];
