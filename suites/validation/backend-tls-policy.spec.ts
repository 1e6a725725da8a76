import { scenario } from '../../harness/index.ts';
import type { KubernetesObject } from '../../harness/index.ts';
import { ca, hostname, policy, target, validating } from './backend-tls-objects.ts';
import {
  badPattern,
  clausesOf,
  judge,
  many,
  missing,
  tooFew,
  tooLong,
  tooMany,
  tooShort,
  unknownValue,
  type Case,
} from './judge.ts';

const withSans = (...subjectAltNames: object[]): KubernetesObject =>
  validating({ caCertificateRefs: [ca], subjectAltNames });
const targeting = (...targetRefs: object[]): KubernetesObject => policy({ targetRefs });
const options = (count: number): KubernetesObject =>
  policy({ options: Object.fromEntries(many(count, (i) => [`example.org/o${String(i)}`, 'v'])) });
const uri = 'spiffe://cluster.local/ns/a/sa/b';
const sans = 'spec.validation.subjectAltNames';

/** Labels of 62 letters, and what is left. */
const longName = (length: number): string =>
  'a'
    .repeat(length)
    .replace(/(.{62})./g, '$1.')
    .replace(/\.$/, 'a');

/** Two rules with a message each; one in the experimental channel from v1.7.0 on. */
const eitherOr = (older: RegExp): RegExp =>
  new RegExp(
    `${older.source}|exactly one of the fields in \\[caCertificateRefs wellKnownCACertificates\\] must be set`,
  );

const cases: Case[] = [
  {
    clauses: ['validation-btls-ca-xor-wellknown'],
    wrong: 'references and well-known CAs',
    accepted: [validating({ caCertificateRefs: [ca] }), validating({ wellKnownCACertificates: 'System' })],
    refused: [validating({ caCertificateRefs: [ca], wellKnownCACertificates: 'System' })],
    field: 'spec.validation',
    says: eitherOr(/must not contain both CACertificateRefs and WellKnownCACertificates/),
  },
  {
    clauses: ['validation-btls-ca-or-wellknown'],
    wrong: 'neither references nor well-known CAs',
    accepted: [validating({ wellKnownCACertificates: 'System' })],
    refused: [validating({})],
    field: 'spec.validation',
    says: eitherOr(/must specify either CACertificateRefs or WellKnownCACertificates/),
  },
  {
    clauses: ['validation-btls-hostname-precise'],
    wrong: 'no hostname',
    accepted: [policy({ validation: { hostname, caCertificateRefs: [ca] } })],
    refused: [policy({ validation: { caCertificateRefs: [ca] } })],
    field: 'spec.validation.hostname',
    says: missing,
  },
  {
    clauses: ['validation-btls-hostname-precise'],
    wrong: 'a wildcard',
    accepted: [validating({ hostname: 'a.example.org', caCertificateRefs: [ca] })],
    refused: [validating({ hostname: '*.example.org', caCertificateRefs: [ca] })],
    field: 'spec.validation.hostname',
    says: badPattern,
  },
  {
    clauses: ['validation-btls-hostname-precise'],
    wrong: 'an empty hostname',
    accepted: [validating({ hostname: 'a', caCertificateRefs: [ca] })],
    refused: [validating({ hostname: '', caCertificateRefs: [ca] })],
    field: 'spec.validation.hostname',
    says: tooShort,
  },
  {
    clauses: ['validation-btls-wellknown-pattern'],
    wrong: 'a name without domain',
    accepted: [validating({ wellKnownCACertificates: 'example.org/custom' })],
    refused: [validating({ wellKnownCACertificates: 'Custom' })],
    field: 'spec.validation.wellKnownCACertificates',
    says: badPattern,
  },
  {
    clauses: ['validation-btls-san-max'],
    wrong: '6 names',
    accepted: [withSans(...many(5, (i) => ({ type: 'Hostname', hostname: `h${String(i)}.example.org` })))],
    refused: [withSans(...many(6, (i) => ({ type: 'Hostname', hostname: `h${String(i)}.example.org` })))],
    field: sans,
    says: tooMany,
  },
  {
    clauses: ['validation-btls-san-hostname-required'],
    wrong: 'type Hostname without one',
    accepted: [withSans({ type: 'Hostname', hostname })],
    refused: [withSans({ type: 'Hostname' })],
    field: `${sans}[0]`,
    says: /must contain Hostname, if Type is set to Hostname/,
  },
  {
    clauses: ['validation-btls-san-hostname-misplaced'],
    wrong: 'a hostname in type URI',
    accepted: [withSans({ type: 'URI', uri })],
    refused: [withSans({ type: 'URI', uri, hostname })],
    field: `${sans}[0]`,
    says: /must not contain Hostname, if Type is not set to Hostname/,
  },
  {
    clauses: ['validation-btls-san-uri-required'],
    wrong: 'type URI without one',
    accepted: [withSans({ type: 'URI', uri })],
    refused: [withSans({ type: 'URI' })],
    field: `${sans}[0]`,
    says: /must contain URI, if Type is set to URI/,
  },
  {
    clauses: ['validation-btls-san-uri-misplaced'],
    wrong: 'a uri in type Hostname',
    accepted: [withSans({ type: 'Hostname', hostname })],
    refused: [withSans({ type: 'Hostname', hostname, uri })],
    field: `${sans}[0]`,
    says: /must not contain URI, if Type is not set to URI/,
  },
  {
    clauses: ['validation-btls-san-uri-absolute'],
    wrong: 'a relative uri',
    accepted: [withSans({ type: 'URI', uri: 'https://a.example.org/relative' })],
    refused: [withSans({ type: 'URI', uri: '/relative' })],
    field: `${sans}[0].uri`,
    says: badPattern,
  },
  {
    clauses: ['validation-btls-ca-max'],
    wrong: '9 CAs',
    accepted: [validating({ caCertificateRefs: many(8, (i) => ({ ...ca, name: `ca${String(i)}` })) })],
    refused: [validating({ caCertificateRefs: many(9, (i) => ({ ...ca, name: `ca${String(i)}` })) })],
    field: 'spec.validation.caCertificateRefs',
    says: tooMany,
  },
  {
    clauses: ['validation-btls-targetrefs-bounds'],
    wrong: 'no target',
    accepted: [targeting(target)],
    refused: [targeting()],
    field: 'spec.targetRefs',
    says: tooFew,
  },
  {
    clauses: ['validation-btls-targetrefs-bounds'],
    wrong: '17 targets',
    accepted: [targeting(...many(16, (i) => ({ ...target, name: `v${String(i)}` })))],
    refused: [targeting(...many(17, (i) => ({ ...target, name: `v${String(i)}` })))],
    field: 'spec.targetRefs',
    says: tooMany,
  },
  {
    clauses: ['validation-btls-targetrefs-section-all-or-none'],
    wrong: 'one Service with and without sectionName',
    accepted: [targeting({ ...target, sectionName: 'a' }, { ...target, sectionName: 'b' })],
    refused: [targeting({ ...target, sectionName: 'a' }, target)],
    field: 'spec.targetRefs',
    says: /sectionName must be specified when targetRefs includes 2 or more/,
  },
  {
    clauses: ['validation-btls-targetrefs-section-unique'],
    wrong: 'one Service twice with the same sectionName, or twice with none',
    accepted: [targeting(target, { ...target, name: 'v2' })],
    refused: [
      targeting({ ...target, sectionName: 'a' }, { ...target, sectionName: 'a' }),
      targeting(target, target),
    ],
    field: 'spec.targetRefs',
    says: /sectionName must be unique when targetRefs includes 2 or more/,
  },
  {
    clauses: ['validation-btls-hostname-precise'],
    wrong: 'a hostname of 254 letters',
    accepted: [validating({ hostname: longName(253), caCertificateRefs: [ca] })],
    refused: [validating({ hostname: longName(254), caCertificateRefs: [ca] })],
    field: 'spec.validation.hostname',
    says: tooLong,
  },
  {
    clauses: ['validation-btls-san-hostname-misplaced'],
    wrong: 'a type that there is not',
    accepted: [withSans({ type: 'Hostname', hostname })],
    refused: [withSans({ type: 'Email', hostname })],
    field: `${sans}[0].type`,
    says: unknownValue,
  },
  {
    clauses: ['validation-btls-options-max'],
    wrong: '17 options',
    accepted: [options(16)],
    refused: [options(17)],
    field: 'spec.options',
    says: /Too many|must have at most/,
  },
];

scenario(
  {
    id: 'validation/backend-tls-policy',
    title: 'The API server refuses BackendTLSPolicies that the API does not allow, and says where',
    support: 'extended',
    clauses: clausesOf(cases),
    manifests: [],
  },
  (t) => judge(t, cases),
);
