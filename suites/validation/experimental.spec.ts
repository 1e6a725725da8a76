import { NotRun, scenario } from '../../harness/index.ts';
import type { KubernetesObject } from '../../harness/index.ts';
import { gateway } from './gateway-objects.ts';
import { ca, validating } from './backend-tls-objects.ts';
import { route, withBackends, withFilters, withParents } from './grpcroute-objects.ts';
import { gatewayApiCrds, releaseOf } from './installed-crds.ts';
import { badPattern, clausesOf, judge, tooFew, unknownValue, type Case } from './judge.ts';
import { olderSessionCases, sessionCases } from './session-cases.ts';

const gw = { name: 'gw' };
const header = (value: string): KubernetesObject =>
  withFilters({ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'x-a', value }] } });
const extra = { group: 'gateway.networking.x-k8s.io', kind: 'XBackend', name: 'v1' };

const always: Case[] = [
  {
    clauses: [
      'validation-grpcroute-parentrefs-port-all-or-none',
      'validation-grpcroute-parentrefs-port-distinguishes',
    ],
    wrong: 'one parent with a port here and a sectionName there',
    accepted: [withParents({ ...gw, port: 80 }, { ...gw, port: 81 })],
    refused: [withParents({ ...gw, port: 80 }, { ...gw, sectionName: 'a' })],
    field: 'spec.parentRefs',
    says: /sectionName or port must be specified/,
  },
  {
    clauses: ['validation-grpcroute-rule-name-unique'],
    wrong: 'two rules of one name',
    accepted: [route({ rules: [{ name: 'a' }, { name: 'b' }] })],
    refused: [route({ rules: [{ name: 'a' }, { name: 'a' }] })],
    field: 'spec.rules',
    says: /Rule name must be unique/,
  },
  {
    clauses: ['validation-grpcroute-header-filter-value-ascii'],
    wrong: 'a space in front, a letter that is not ASCII',
    accepted: [header('a b')],
    refused: [header(' a'), header('\u00e4')],
    field: 'spec.rules[0].filters[0].requestHeaderModifier.set[0].value',
    says: badPattern,
  },
  {
    clauses: ['validation-grpcroute-default-gateway-enum'],
    wrong: 'default gateways Some',
    accepted: [route({ useDefaultGateways: 'All' }), route({ useDefaultGateways: 'None' })],
    refused: [route({ useDefaultGateways: 'Some' })],
    field: 'spec.useDefaultGateways',
    says: unknownValue,
  },
  {
    clauses: ['validation-gateway-default-scope-enum'],
    wrong: 'a default scope Some',
    accepted: [gateway({ defaultScope: 'All' }), gateway({ defaultScope: 'None' })],
    refused: [gateway({ defaultScope: 'Some' })],
    field: 'spec.defaultScope',
    says: unknownValue,
  },
];

const since170: Case[] = [
  ...sessionCases,
  {
    clauses: ['validation-grpcroute-backend-xbackend-no-port'],
    wrong: 'an XBackend with a port',
    accepted: [withBackends(extra)],
    refused: [withBackends({ ...extra, port: 80 })],
    field: 'spec.rules[0].backendRefs[0]',
    says: /Must not have port for Backend reference/,
  },
  {
    clauses: ['validation-btls-ca-min'],
    wrong: 'an empty list of CAs',
    accepted: [validating({ caCertificateRefs: [ca] })],
    refused: [validating({ caCertificateRefs: [] })],
    field: 'spec.validation.caCertificateRefs',
    says: tooFew,
  },
];

scenario(
  {
    id: 'validation/experimental',
    title: 'The API server refuses what the experimental channel does not allow, where that is installed',
    support: 'extended',
    clauses: clausesOf([...always, ...olderSessionCases, ...since170]),
    channel: 'experimental',
    manifests: [],
  },
  async (t) => {
    const { channel } = releaseOf(await gatewayApiCrds(t));
    if (channel !== 'experimental') throw new NotRun(`the cluster has the ${channel} channel`, 'feature');
    await judge(t, [...always, ...(t.crdRelease === 'v1.6.3' ? olderSessionCases : since170)]);
  },
);
