import type { KubernetesObject } from '../../harness/index.ts';
import { withRule } from './grpcroute-objects.ts';
import { badPattern, missing, tooLong, tooShort, unknownValue, type Case } from './judge.ts';

type Plain = Record<string, unknown>;

const field = 'spec.rules[0].sessionPersistence';
const session = (sessionPersistence: Plain): KubernetesObject => withRule({ sessionPersistence });
const byHeader = (header: Plain): KubernetesObject => session({ type: 'Header', header });
const permanent = { lifetimeType: 'Permanent' };

/** What both forms have, with how each writes it: `cookie` is the field for a cookie, `whole` a header's session that is valid. */
function common(cookie: string, whole: Plain, bare: Plain): Case[] {
  const lasting = (absoluteTimeout: string): KubernetesObject => session({ ...bare, absoluteTimeout });
  return [
    {
      clauses: ['validation-grpcroute-session-permanent-timeout'],
      wrong: 'a permanent cookie without timeout',
      accepted: [session({ type: 'Cookie', [cookie]: permanent, absoluteTimeout: '1h' })],
      refused: [session({ type: 'Cookie', [cookie]: permanent })],
      field,
      says: /AbsoluteTimeout must be specified when cookie lifetimeType is Permanent/,
    },
    {
      clauses: ['validation-grpcroute-session-enums'],
      wrong: 'the type Query, the lifetime Forever',
      accepted: [session(whole)],
      refused: [session({ ...bare, type: 'Query' }), session({ [cookie]: { lifetimeType: 'Forever' } })],
      field,
      says: unknownValue,
    },
    {
      clauses: ['validation-grpcroute-duration-format'],
      wrong: 'a number alone, days, fractions, a sign, six digits, five groups',
      accepted: ['1h', '1h30m10s20ms', '99999ms'].map(lasting),
      refused: ['1', '1d', '1.5h', '-15m', '999999h', '1h30m10s20ms50h'].map(lasting),
      field: `${field}.absoluteTimeout`,
      says: badPattern,
    },
  ];
}

/** sessionPersistence as v1.6.3 has it. */
export const olderSessionCases: Case[] = [
  ...common('cookieConfig', { type: 'Header' }, {}),
  {
    clauses: ['validation-grpcroute-session-cookieconfig-type'],
    wrong: 'a cookie setting for a header',
    accepted: [session({ type: 'Cookie', cookieConfig: { lifetimeType: 'Session' } })],
    refused: [session({ type: 'Header', cookieConfig: { lifetimeType: 'Session' } })],
    field,
    says: /cookieConfig can only be set with type Cookie/,
  },
  {
    clauses: ['validation-grpcroute-session-name-length'],
    wrong: 'a name of 129 characters',
    accepted: [session({ sessionName: 's'.repeat(128) })],
    refused: [session({ sessionName: 's'.repeat(129) })],
    field: `${field}.sessionName`,
    says: tooLong,
  },
];

const named = { name: 'x-a' };

/** sessionPersistence as v1.7.0 has it. */
export const sessionCases: Case[] = [
  ...common('cookie', { type: 'Header', header: named }, { cookie: {} }),
  {
    clauses: ['validation-grpcroute-session-cookie-by-type'],
    wrong: 'the type Cookie, and none at all, without cookie',
    accepted: [session({ type: 'Cookie', cookie: {} }), session({ cookie: {} })],
    refused: [session({ type: 'Cookie' }), session({})],
    field,
    says: /cookie must be specified for Cookie type/,
  },
  {
    clauses: ['validation-grpcroute-session-cookie-by-type'],
    wrong: 'a cookie for a header',
    accepted: [byHeader(named)],
    refused: [session({ type: 'Header', header: named, cookie: {} })],
    field,
    says: /cookie must be nil if type is not Cookie/,
  },
  {
    clauses: ['validation-grpcroute-session-header-by-type'],
    wrong: 'the type Header without header',
    accepted: [byHeader(named)],
    refused: [session({ type: 'Header' })],
    field,
    says: /header must be specified for Header type/,
  },
  {
    clauses: ['validation-grpcroute-session-header-by-type'],
    wrong: 'a header for a cookie',
    accepted: [session({ type: 'Cookie', cookie: {} })],
    refused: [session({ type: 'Cookie', cookie: {}, header: named })],
    field,
    says: /header must be nil if type is not Header/,
  },
  {
    clauses: ['validation-grpcroute-session-header-name-required'],
    wrong: 'a header without name',
    accepted: [byHeader(named)],
    refused: [byHeader({})],
    field: `${field}.header.name`,
    says: missing,
  },
  ...names('header', (name) => byHeader({ name })),
  ...names('cookie', (name) => session({ cookie: { name } })),
  {
    clauses: ['validation-grpcroute-session-cookie-path-length'],
    wrong: 'a path of 1025 characters',
    accepted: [session({ cookie: { path: `/${'p'.repeat(1023)}` } })],
    refused: [session({ cookie: { path: `/${'p'.repeat(1024)}` } })],
    field: `${field}.cookie.path`,
    says: tooLong,
  },
];

function names(carrier: 'header' | 'cookie', withName: (name: string) => KubernetesObject): Case[] {
  const about = {
    clauses: ['validation-grpcroute-session-token-names'],
    accepted: [withName('n'.repeat(256)), withName("a!#$%&'*+-.^_`|~9")],
    field: `${field}.${carrier}.name`,
  };
  return [
    {
      ...about,
      wrong: 'a space, a semicolon, an equals sign',
      refused: ['a b', 'a;b', 'a=b'].map(withName),
      says: badPattern,
    },
    { ...about, wrong: 'a name of 257 characters', refused: [withName('n'.repeat(257))], says: tooLong },
    { ...about, wrong: 'an empty name', refused: [withName('')], says: tooShort },
  ];
}
