import { scenario } from '../../harness/index.ts';
import { route, service, withBackends, withMethod, withRule } from './grpcroute-objects.ts';
import {
  clausesOf,
  judge,
  many,
  missing,
  outOfRange,
  tooLong,
  tooMany,
  tooShort,
  type Case,
} from './judge.ts';

const first = 'spec.rules[0].backendRefs[0]';

const cases: Case[] = [
  {
    clauses: ['validation-grpcroute-backendrefs-max'],
    wrong: '17 backendRefs',
    accepted: [withBackends(...many(16, () => service))],
    refused: [withBackends(...many(17, () => service))],
    field: 'spec.rules[0].backendRefs',
    says: tooMany,
  },
  {
    clauses: ['validation-grpcroute-backend-name-required'],
    wrong: 'no name',
    accepted: [withBackends({ name: 'v1', port: 9000 })],
    refused: [withBackends({ port: 9000 })],
    field: `${first}.name`,
    says: missing,
  },
  {
    clauses: ['validation-grpcroute-backend-name-required'],
    wrong: 'an empty name',
    accepted: [withBackends({ name: 'v', port: 9000 })],
    refused: [withBackends({ name: '', port: 9000 })],
    field: `${first}.name`,
    says: tooShort,
  },
  {
    clauses: ['validation-grpcroute-backend-name-required'],
    wrong: 'a name of 254 characters',
    accepted: [withBackends({ name: 'v'.repeat(253), port: 9000 })],
    refused: [withBackends({ name: 'v'.repeat(254), port: 9000 })],
    field: `${first}.name`,
    says: tooLong,
  },
  {
    clauses: [
      'validation-grpcroute-backend-service-port',
      'validation-grpcroute-backend-nonservice-portless',
    ],
    wrong: 'a Service without port',
    accepted: [withBackends({ group: 'example.org', kind: 'Foo', name: 'v1' }), withBackends(service)],
    refused: [withBackends({ name: 'v1' }), withBackends({ group: '', kind: 'Service', name: 'v1' })],
    field: first,
    says: /Must have port for Service reference/,
  },
  {
    clauses: ['validation-grpcroute-backend-port-range'],
    wrong: 'ports 0 and 65536',
    accepted: [withBackends({ name: 'v1', port: 1 }), withBackends({ name: 'v1', port: 65535 })],
    refused: [withBackends({ name: 'v1', port: 0 }), withBackends({ name: 'v1', port: 65536 })],
    field: `${first}.port`,
    says: outOfRange,
  },
  {
    clauses: ['validation-grpcroute-backend-weight-range'],
    wrong: 'weights -1 and 1000001',
    accepted: [withBackends({ ...service, weight: 0 }), withBackends({ ...service, weight: 1_000_000 })],
    refused: [withBackends({ ...service, weight: -1 }), withBackends({ ...service, weight: 1_000_001 })],
    field: `${first}.weight`,
    says: outOfRange,
  },
  {
    clauses: ['validation-grpcroute-strict-unknown-field'],
    wrong: 'fields that GRPCRoute does not have',
    accepted: [withRule({ name: 'a' }), withMethod({ method: 'Get' })],
    refused: [withRule({ name: 'a', timeouts: { request: '1s' } })],
    field: 'timeouts',
    says: /(unknown field|field not declared in schema)/,
  },
  {
    clauses: ['retry-grpcroute-has-no-field'],
    wrong: 'a retry section in a rule',
    accepted: [withRule({ name: 'a' })],
    refused: [withRule({ name: 'a', retry: { attempts: 2 } })],
    field: 'retry',
    says: /(unknown field|field not declared in schema)/,
  },
  {
    clauses: ['parentref-profile-kgateway-required-fields'],
    wrong: 'rules that are no list',
    accepted: [route({}), route({ hostnames: ['a.example.org'] })],
    refused: [route({ rules: {} })],
    field: 'rules',
    says: /(expected list|must be of type array|expected: list)/,
  },
];

scenario(
  {
    id: 'validation/grpcroute-backends',
    title: 'The API server refuses malformed backends and unknown fields of a GRPCRoute, and says where',
    support: 'core',
    clauses: clausesOf(cases),
    manifests: [],
  },
  (t) => judge(t, cases),
);
