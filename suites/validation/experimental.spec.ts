import { NotRun, scenario } from '../../harness/index.ts';
import type { KubernetesObject } from '../../harness/index.ts';
import { gateway } from './gateway-objects.ts';
import { route, withFilters, withParents, withRule } from './grpcroute-objects.ts';
import { gatewayApiCrds, releaseOf } from './installed-crds.ts';
import { badPattern, clausesOf, judge, tooLong, unknownValue, type Case } from './judge.ts';

const gw = { name: 'gw' };
const withSession = (sessionPersistence: object): KubernetesObject => withRule({ sessionPersistence });
const lasting = (absoluteTimeout: string): KubernetesObject => withSession({ absoluteTimeout });
const header = (value: string): KubernetesObject =>
  withFilters({ type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'x-a', value }] } });
const permanent = { type: 'Cookie', cookieConfig: { lifetimeType: 'Permanent' } };
const inSession = 'spec.rules[0].sessionPersistence';

const cases: Case[] = [
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
  {
    clauses: ['validation-grpcroute-session-permanent-timeout'],
    wrong: 'a permanent cookie without timeout',
    accepted: [withSession({ ...permanent, absoluteTimeout: '1h' })],
    refused: [withSession(permanent)],
    field: inSession,
    says: /AbsoluteTimeout must be specified when cookie lifetimeType is Permanent/,
  },
  {
    clauses: ['validation-grpcroute-session-cookieconfig-type'],
    wrong: 'a cookie setting for a header',
    accepted: [withSession({ type: 'Cookie', cookieConfig: { lifetimeType: 'Session' } })],
    refused: [withSession({ type: 'Header', cookieConfig: { lifetimeType: 'Session' } })],
    field: inSession,
    says: /cookieConfig can only be set with type Cookie/,
  },
  {
    clauses: ['validation-grpcroute-session-enums'],
    wrong: 'the type Query, the lifetime Forever',
    accepted: [withSession({ type: 'Header' })],
    refused: [withSession({ type: 'Query' }), withSession({ cookieConfig: { lifetimeType: 'Forever' } })],
    field: inSession,
    says: unknownValue,
  },
  {
    clauses: ['validation-grpcroute-session-name-length'],
    wrong: 'a name of 129 characters',
    accepted: [withSession({ sessionName: 's'.repeat(128) })],
    refused: [withSession({ sessionName: 's'.repeat(129) })],
    field: `${inSession}.sessionName`,
    says: tooLong,
  },
  {
    clauses: ['validation-grpcroute-duration-format'],
    wrong: 'a number alone, days, fractions, a sign, six digits, five groups',
    accepted: ['1h', '1h30m10s20ms', '99999ms'].map(lasting),
    refused: ['1', '1d', '1.5h', '-15m', '999999h', '1h30m10s20ms50h'].map(lasting),
    field: `${inSession}.absoluteTimeout`,
    says: badPattern,
  },
];

scenario(
  {
    id: 'validation/experimental',
    title: 'The API server refuses what the experimental channel does not allow, where that is installed',
    support: 'extended',
    clauses: clausesOf(cases),
    channel: 'experimental',
    manifests: [],
  },
  async (t) => {
    const { channel } = releaseOf(await gatewayApiCrds(t));
    if (channel !== 'experimental') throw new NotRun(`the cluster has the ${channel} channel`, 'feature');
    await judge(t, cases);
  },
);
