import { scenario } from '../../harness/index.ts';
import { certificate, gateway, http, https } from './gateway-objects.ts';
import {
  badPattern,
  clausesOf,
  judge,
  many,
  missing,
  outOfRange,
  tooFew,
  tooMany,
  unknownValue,
  type Case,
} from './judge.ts';
import { listenerCases } from './listener-cases.ts';

const withListeners = (...listeners: Record<string, unknown>[]): ReturnType<typeof gateway> =>
  gateway({ listeners });
const numbered = (count: number): object =>
  gateway({ listeners: many(count, (i) => ({ ...http, name: `l${String(i)}`, port: 8000 + i })) });
const withTls = (tls: object): object => withListeners({ ...https, tls });
const certificates = (count: number): object =>
  withTls({ mode: 'Terminate', certificateRefs: many(count, (i) => ({ name: `cert${String(i)}` })) });
const options = (count: number): object =>
  withTls({
    ...certificate,
    options: Object.fromEntries(many(count, (i) => [`example.org/o${String(i)}`, 'v'])),
  });
const kinds = (count: number): object =>
  withListeners({ ...http, allowedRoutes: { kinds: many(count, (i) => ({ kind: `Kind${String(i)}` })) } });
const from = (value: string): object => ({
  namespaces: { from: value, ...(value === 'Selector' ? { selector: { matchLabels: { a: 'b' } } } : {}) },
});

const cases: Case[] = [
  ...listenerCases(withListeners, {
    'name-unique': 'validation-gateway-listener-name-unique',
    'combination-unique': 'validation-gateway-listener-combination-unique',
    'tls-forbidden': 'validation-gateway-listener-tls-forbidden',
    'https-mode': 'validation-gateway-listener-https-mode',
    'https-tls-optional': 'validation-gateway-listener-https-tls-optional',
    'tls-mode-required': 'validation-gateway-listener-tls-mode-required',
    'l4-hostname': 'validation-gateway-listener-l4-hostname',
    'needs-cert': 'validation-gateway-tls-terminate-needs-cert',
    'hostname-pattern': 'validation-gateway-listener-hostname-pattern',
  }),
  {
    clauses: ['validation-gateway-listeners-min'],
    wrong: 'no listener',
    accepted: [withListeners(http)],
    refused: [withListeners()],
    field: 'spec.listeners',
    says: tooFew,
  },
  {
    clauses: ['validation-gateway-listeners-max'],
    wrong: '65 listeners',
    accepted: [numbered(64)],
    refused: [numbered(65)],
    field: 'spec.listeners',
    says: tooMany,
  },
  {
    clauses: ['validation-gateway-listener-name-pattern'],
    wrong: 'a capital, an underscore',
    accepted: [withListeners({ ...http, name: 'good-name' })],
    refused: [withListeners({ ...http, name: 'Bad' }), withListeners({ ...http, name: 'bad_name' })],
    field: 'spec.listeners[0].name',
    says: badPattern,
  },
  {
    clauses: ['validation-gateway-listener-port-range'],
    wrong: 'ports 0 and 65536',
    accepted: [withListeners({ ...http, port: 1 }), withListeners({ ...http, port: 65535 })],
    refused: [withListeners({ ...http, port: 0 }), withListeners({ ...http, port: 65536 })],
    field: 'spec.listeners[0].port',
    says: outOfRange,
  },
  {
    clauses: ['validation-gateway-listener-protocol-pattern'],
    wrong: 'a domain without a path',
    accepted: [
      withListeners({ ...http, protocol: 'example.org/bar' }),
      withListeners({ ...http, protocol: 'Foo' }),
    ],
    refused: [withListeners({ ...http, protocol: 'example.org' })],
    field: 'spec.listeners[0].protocol',
    says: badPattern,
  },
  {
    clauses: ['validation-gateway-tls-certificaterefs-max'],
    wrong: '65 certificates',
    accepted: [certificates(64)],
    refused: [certificates(65)],
    field: 'spec.listeners[0].tls.certificateRefs',
    says: tooMany,
  },
  {
    clauses: ['validation-gateway-tls-options-max'],
    wrong: '17 options',
    accepted: [options(16)],
    refused: [options(17)],
    field: 'spec.listeners[0].tls.options',
    says: /Too many|must have at most/,
  },
  {
    clauses: ['validation-gateway-allowedroutes-kinds-max'],
    wrong: '9 kinds',
    accepted: [kinds(8)],
    refused: [kinds(9)],
    field: 'spec.listeners[0].allowedRoutes.kinds',
    says: tooMany,
  },
  {
    clauses: ['validation-gateway-allowedroutes-from-enum'],
    wrong: 'routes from Any and from None',
    accepted: ['All', 'Selector', 'Same'].map((value) =>
      withListeners({ ...http, allowedRoutes: from(value) }),
    ),
    refused: ['Any', 'None'].map((value) => withListeners({ ...http, allowedRoutes: from(value) })),
    field: 'spec.listeners[0].allowedRoutes.namespaces.from',
    says: unknownValue,
  },
  {
    clauses: ['validation-gateway-allowedlisteners-from-enum'],
    wrong: 'listeners from Any',
    accepted: ['All', 'Selector', 'Same', 'None'].map((value) => gateway({ allowedListeners: from(value) })),
    refused: [gateway({ allowedListeners: from('Any') })],
    field: 'spec.allowedListeners.namespaces.from',
    says: unknownValue,
  },
  {
    clauses: ['validation-gateway-class-name-required'],
    wrong: 'no class',
    accepted: [gateway({})],
    refused: [gateway({ gatewayClassName: undefined })],
    field: 'spec.gatewayClassName',
    says: missing,
  },
];

scenario(
  {
    id: 'validation/gateway-listeners',
    title: 'The API server refuses listeners that a Gateway does not allow, and says where',
    support: 'core',
    clauses: clausesOf(cases),
    manifests: [],
  },
  (t) => judge(t, cases),
);
