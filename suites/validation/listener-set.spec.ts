import { scenario } from '../../harness/index.ts';
import { http, listenerSet } from './gateway-objects.ts';
import {
  clausesOf,
  judge,
  many,
  missing,
  outOfRange,
  tooFew,
  tooLong,
  tooMany,
  unknownValue,
  type Case,
} from './judge.ts';
import { listenerCases } from './listener-cases.ts';

const numbered = (count: number): object =>
  listenerSet(many(count, (i) => ({ ...http, name: `l${String(i)}`, port: 8000 + i })));
const rules = 'validation-listenerset-tls-rules';
const https = (mode: string): Record<string, unknown> => ({
  ...http,
  protocol: 'HTTPS',
  tls: { mode, certificateRefs: [{ name: 'cert' }] },
});

const cases: Case[] = [
  ...listenerCases((...listeners) => listenerSet(listeners), {
    'name-unique': 'validation-listenerset-listener-name-unique',
    'combination-unique': 'validation-listenerset-combination-unique',
    'tls-forbidden': rules,
    'https-mode': rules,
    'https-tls-optional': rules,
    'tls-mode-required': rules,
    'l4-hostname': rules,
    'needs-cert': rules,
    'hostname-pattern': 'listenerset-hostname-semantics',
  }),
  {
    clauses: ['validation-listenerset-parentref-required'],
    wrong: 'no parentRef',
    accepted: [listenerSet([http])],
    refused: [listenerSet([http], { parentRef: undefined })],
    field: 'spec.parentRef',
    says: missing,
  },
  {
    clauses: ['validation-listenerset-parentref-required'],
    wrong: 'a parentRef without name',
    accepted: [listenerSet([http], { parentRef: { name: 'gw', kind: 'Gateway' } })],
    refused: [listenerSet([http], { parentRef: { kind: 'Gateway' } })],
    field: 'spec.parentRef.name',
    says: missing,
  },
  {
    clauses: ['validation-listenerset-listeners-bounds'],
    wrong: 'no listener',
    accepted: [numbered(1)],
    refused: [numbered(0)],
    field: 'spec.listeners',
    says: tooFew,
  },
  {
    clauses: ['validation-listenerset-listeners-bounds'],
    wrong: '65 listeners',
    accepted: [numbered(64)],
    refused: [numbered(65)],
    field: 'spec.listeners',
    says: tooMany,
  },
  {
    clauses: ['validation-listenerset-port-required'],
    wrong: 'no port',
    accepted: [listenerSet([http])],
    refused: [listenerSet([{ ...http, port: undefined }])],
    field: 'spec.listeners[0].port',
    says: missing,
  },
  {
    clauses: ['validation-listenerset-port-required'],
    wrong: 'port 0',
    accepted: [listenerSet([{ ...http, port: 1 }])],
    refused: [listenerSet([{ ...http, port: 0 }])],
    field: 'spec.listeners[0].port',
    says: outOfRange,
  },
  {
    clauses: ['validation-listenerset-port-required'],
    wrong: 'port 65536',
    accepted: [listenerSet([{ ...http, port: 65535 }])],
    refused: [listenerSet([{ ...http, port: 65536 }])],
    field: 'spec.listeners[0].port',
    says: outOfRange,
  },
  {
    clauses: ['validation-listenerset-listener-name-unique'],
    wrong: 'a name of 254 letters',
    accepted: [listenerSet([{ ...http, name: 'n'.repeat(253) }])],
    refused: [listenerSet([{ ...http, name: 'n'.repeat(254) }])],
    field: 'spec.listeners[0].name',
    says: tooLong,
  },
  {
    clauses: [rules],
    wrong: 'a TLS mode that there is not',
    accepted: [listenerSet([https('Terminate')])],
    refused: [listenerSet([https('Reencrypt')])],
    field: 'spec.listeners[0].tls.mode',
    says: unknownValue,
  },
];

scenario(
  {
    id: 'validation/listener-set',
    title: 'The API server refuses ListenerSets that the API does not allow, and says where',
    support: 'extended',
    clauses: clausesOf(cases),
    manifests: [],
  },
  (t) => judge(t, cases),
);
