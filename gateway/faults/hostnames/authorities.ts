import type { Fault, FaultHooks } from '../fault.ts';
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
