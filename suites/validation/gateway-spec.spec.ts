import { scenario } from '../../harness/index.ts';
import { gateway } from './gateway-objects.ts';
import {
  badPattern,
  clausesOf,
  duplicate,
  judge,
  many,
  missing,
  tooFew,
  tooLong,
  tooMany,
  unknownValue,
  type Case,
} from './judge.ts';

const addresses = (...values: string[]): object =>
  gateway({ addresses: values.map((value) => ({ type: 'IPAddress', value })) });
const hostnames = (...values: string[]): object =>
  gateway({ addresses: values.map((value) => ({ type: 'Hostname', value })) });
const labels = (entries: Record<string, string>): object => gateway({ infrastructure: { labels: entries } });
const annotations = (entries: Record<string, string>): object =>
  gateway({ infrastructure: { annotations: entries } });
const keys = (count: number): Record<string, string> =>
  Object.fromEntries(many(count, (i) => [`example.org/k${String(i)}`, 'v']));
const longPrefix = (length: number): string => 'abcdefghi.'.repeat(30).slice(0, length - 1) + 'z';

const ca = { kind: 'ConfigMap', group: '', name: 'ca' };
const validation = (more: object): object => ({ caCertificateRefs: [ca], ...more });
const frontend = (value: object): object => gateway({ tls: { frontend: value } });
const byDefault = { validation: validation({}) };

const cases: Case[] = [
  {
    clauses: ['validation-gateway-addresses-max'],
    wrong: '17 addresses',
    accepted: [addresses(...many(16, (i) => `192.0.2.${String(i)}`))],
    refused: [addresses(...many(17, (i) => `192.0.2.${String(i)}`))],
    field: 'spec.addresses',
    says: tooMany,
  },
  {
    clauses: ['validation-gateway-addresses-ip-unique'],
    wrong: 'one IP address twice',
    accepted: [addresses('192.0.2.1', '192.0.2.2')],
    refused: [addresses('192.0.2.1', '192.0.2.1')],
    field: 'spec.addresses',
    says: /IPAddress values must be unique/,
  },
  {
    clauses: ['validation-gateway-addresses-hostname-unique'],
    wrong: 'one hostname twice',
    accepted: [hostnames('a.example.org', 'b.example.org')],
    refused: [hostnames('a.example.org', 'a.example.org')],
    field: 'spec.addresses',
    says: /Hostname values must be unique/,
  },
  {
    clauses: ['validation-gateway-addresses-hostname-format'],
    wrong: 'an underscore in a hostname',
    accepted: [hostnames('a-b.example.org')],
    refused: [hostnames('a_b.example.org')],
    field: 'spec.addresses[0]',
    says: /Hostname value must be empty or contain only valid characters/,
  },
  {
    clauses: ['validation-gateway-addresses-ip-format'],
    wrong: 'an IP address that is none',
    accepted: [addresses('192.0.2.1'), addresses('2001:db8::1')],
    refused: [addresses('not-an-ip'), addresses('192.0.2.256')],
    field: 'spec.addresses[0].value',
    says: /must be of type ipv[46]/,
  },
  {
    clauses: ['validation-gateway-infrastructure-labels-max'],
    wrong: '9 labels',
    accepted: [labels(keys(8))],
    refused: [labels(keys(9))],
    field: 'spec.infrastructure.labels',
    says: /Too many|must have at most/,
  },
  {
    clauses: ['validation-gateway-infrastructure-label-keys'],
    wrong: 'a space in a key, a hyphen in front',
    accepted: [labels({ 'example.org/a_b': 'v' }), labels({ plain: 'v' })],
    refused: [labels({ 'example.org/a b': 'v' }), labels({ '-plain': 'v' })],
    field: 'spec.infrastructure.labels',
    says: /Label keys must be in the form/,
  },
  {
    clauses: ['validation-gateway-infrastructure-label-keys'],
    wrong: 'a prefix of 254 characters',
    accepted: [labels({ [`${longPrefix(252)}/a`]: 'v' })],
    refused: [labels({ [`${longPrefix(254)}/a`]: 'v' })],
    field: 'spec.infrastructure.labels',
    says: /label key's prefix must be a DNS subdomain/,
  },
  {
    clauses: ['validation-gateway-infrastructure-label-values'],
    wrong: 'a value that ends in a hyphen',
    accepted: [labels({ a: 'v-1' }), labels({ a: '' })],
    refused: [labels({ a: 'v-' })],
    field: 'spec.infrastructure.labels',
    says: badPattern,
  },
  {
    clauses: ['validation-gateway-infrastructure-label-values'],
    wrong: 'a value of 64 characters',
    accepted: [labels({ a: 'v'.repeat(63) })],
    refused: [labels({ a: 'v'.repeat(64) })],
    field: 'spec.infrastructure.labels',
    says: tooLong,
  },
  {
    clauses: ['validation-gateway-infrastructure-annotations'],
    wrong: '17 annotations',
    accepted: [annotations(keys(16))],
    refused: [annotations(keys(17))],
    field: 'spec.infrastructure.annotations',
    says: /Too many|must have at most/,
  },
  {
    clauses: ['validation-gateway-infrastructure-annotations'],
    wrong: 'a space in a key',
    accepted: [annotations({ 'example.org/a_b': 'v' })],
    refused: [annotations({ 'example.org/a b': 'v' })],
    field: 'spec.infrastructure.annotations',
    says: /Annotation keys must be in the form/,
  },
  {
    clauses: ['validation-gateway-frontend-default-required'],
    wrong: 'no default beside perPort',
    accepted: [frontend({ default: byDefault, perPort: [{ port: 443, tls: byDefault }] })],
    refused: [frontend({ perPort: [{ port: 443, tls: byDefault }] })],
    field: 'spec.tls.frontend.default',
    says: missing,
  },
  {
    clauses: ['validation-gateway-frontend-perport-unique'],
    wrong: 'one port twice',
    accepted: [
      frontend({ default: byDefault, perPort: [443, 8443].map((port) => ({ port, tls: byDefault })) }),
    ],
    refused: [
      frontend({ default: byDefault, perPort: [443, 443].map((port) => ({ port, tls: byDefault })) }),
    ],
    field: 'spec.tls.frontend.perPort',
    says: duplicate,
  },
  {
    clauses: ['validation-gateway-frontend-ca-bounds'],
    wrong: 'no CA',
    accepted: [frontend({ default: byDefault })],
    refused: [frontend({ default: { validation: { caCertificateRefs: [] } } })],
    field: 'spec.tls.frontend.default.validation.caCertificateRefs',
    says: tooFew,
  },
  {
    clauses: ['validation-gateway-frontend-ca-bounds'],
    wrong: '17 CAs',
    accepted: [frontend({ default: { validation: { caCertificateRefs: many(16, () => ca) } } })],
    refused: [frontend({ default: { validation: { caCertificateRefs: many(17, () => ca) } } })],
    field: 'spec.tls.frontend.default.validation.caCertificateRefs',
    says: tooMany,
  },
  {
    clauses: ['validation-gateway-frontend-mode-enum'],
    wrong: 'the mode Optional',
    accepted: ['AllowValidOnly', 'AllowInsecureFallback'].map((mode) =>
      frontend({ default: { validation: validation({ mode }) } }),
    ),
    refused: [frontend({ default: { validation: validation({ mode: 'Optional' }) } })],
    field: 'spec.tls.frontend.default.validation.mode',
    says: unknownValue,
  },
];

scenario(
  {
    id: 'validation/gateway-spec',
    title:
      'The API server refuses malformed addresses, infrastructure and client certificate settings of a Gateway',
    support: 'core',
    clauses: clausesOf(cases),
    manifests: [],
  },
  (t) => judge(t, cases),
);
