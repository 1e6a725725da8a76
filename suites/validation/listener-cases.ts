import type { KubernetesObject } from '../../harness/index.ts';
import { certificate, http, https } from './gateway-objects.ts';
import { badPattern, duplicate, tooShort, type Case } from './judge.ts';

type Plain = Record<string, unknown>;
type Rule =
  | 'name-unique'
  | 'combination-unique'
  | 'tls-forbidden'
  | 'https-mode'
  | 'https-tls-optional'
  | 'tls-mode-required'
  | 'l4-hostname'
  | 'needs-cert'
  | 'hostname-pattern';

/** What Gateways and ListenerSets demand of listeners alike. `clause` names the clause that stands for each rule there. */
export function listenerCases(
  object: (...listeners: Plain[]) => KubernetesObject,
  clause: Record<Rule, string>,
): Case[] {
  const passthrough = { mode: 'Passthrough' };
  const tls = { name: 'tls', port: 8443, protocol: 'TLS', tls: passthrough };
  const [tcp, udp] = ['TCP', 'UDP'].map((protocol) => ({ name: 'l4', port: 9000, protocol }));
  return [
    {
      clauses: [clause['name-unique']],
      wrong: 'two listeners of one name',
      accepted: [object(http, { ...http, name: 'other', port: 81 })],
      refused: [object(http, { ...http, port: 81 })],
      field: 'spec.listeners',
      says: duplicate,
    },
    {
      clauses: [clause['combination-unique']],
      wrong: 'one port and protocol twice, without hostname or with the same',
      accepted: [
        object(http, { ...http, name: 'b', hostname: 'b.example.org' }),
        object(http, { ...http, name: 'b', protocol: 'example.org/other' }),
      ],
      refused: [
        object(http, { ...http, name: 'b' }),
        object({ ...http, hostname: 'b.example.org' }, { ...http, name: 'b', hostname: 'b.example.org' }),
      ],
      field: 'spec.listeners',
      says: /Combination of port, protocol and hostname must be unique/,
    },
    {
      clauses: [clause['tls-forbidden']],
      wrong: 'tls on HTTP, TCP and UDP',
      accepted: [object(http), object(tcp ?? {}), object(udp ?? {})],
      refused: [http, tcp, udp].map((listener) => object({ ...listener, tls: certificate })),
      field: 'spec.listeners',
      says: /tls must not be specified for protocols/,
    },
    {
      clauses: [clause['https-mode'], clause['https-tls-optional']],
      wrong: 'HTTPS that does not terminate',
      accepted: [object(https), object({ ...https, tls: undefined })],
      refused: [object({ ...https, tls: passthrough })],
      field: 'spec.listeners',
      says: /tls mode must be Terminate for protocol HTTPS/,
    },
    {
      clauses: [clause['tls-mode-required']],
      wrong: 'TLS without a tls section',
      accepted: [object(tls)],
      refused: [object({ ...tls, tls: undefined })],
      field: 'spec.listeners',
      says: /tls mode must be set for protocol TLS/,
    },
    {
      clauses: [clause['l4-hostname']],
      wrong: 'a hostname on TCP and UDP',
      accepted: [object(tcp ?? {}), object(udp ?? {})],
      refused: [tcp, udp].map((listener) => object({ ...listener, hostname: 'a.example.org' })),
      field: 'spec.listeners',
      says: /hostname must not be specified for protocols/,
    },
    {
      clauses: [clause['needs-cert']],
      wrong: 'Terminate without certificates and options',
      accepted: [
        object(https),
        object({ ...https, tls: { mode: 'Terminate', options: { 'example.org/a': 'b' } } }),
      ],
      refused: [object({ ...https, tls: { mode: 'Terminate' } })],
      field: 'spec.listeners[0].tls',
      says: /certificateRefs or options must be specified when mode is Terminate/,
    },
    {
      clauses: [clause['hostname-pattern']],
      wrong: 'a capital, a port, a star alone',
      accepted: [
        object({ ...http, hostname: 'foo.example.org' }),
        object({ ...http, hostname: '*.example.org' }),
      ],
      refused: ['Foo.example.org', 'foo.example.org:80', '*'].map((hostname) =>
        object({ ...http, hostname }),
      ),
      field: 'spec.listeners[0].hostname',
      says: badPattern,
    },
    {
      clauses: [clause['hostname-pattern']],
      wrong: 'an empty hostname',
      accepted: [object({ ...http, hostname: 'f' })],
      refused: [object({ ...http, hostname: '' })],
      field: 'spec.listeners[0].hostname',
      says: tooShort,
    },
  ];
}
