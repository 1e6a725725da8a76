/** Sessions as a client sees them: tokens in answers, and where they lead. */
import { expect } from '../../harness/index.ts';
import type { Call, CallResult, Scenario } from '../../harness/index.ts';
import { pointTo } from '../endpoint-slices.ts';
import { echoTwo } from '../methods.ts';
import { acceptedOrDeclined, type RouteRef } from '../optional-support.ts';

export const host = 'kept.example.com';
/** A call to the rule with sessions, and one to the rule of the same route and Service without. */
export const call: Call = { host };
export const plainCall: Call = { host, method: echoTwo };
/** With three endpoints, one of them stays unused by chance in fewer than 1 of 10^10 runs. */
const calls = 60;

export interface Session {
  /** What a client sends to stay where it is. */
  token: Record<string, string>;
  /** Who answered first. */
  backend: string;
  /** The Set-Cookie headers of the first answer. */
  cookies: string[];
  /** Names of the headers that only answers with a token carry. */
  headers: string[];
}

/**
 * Applies pool.yaml and the manifest, with v1, v2 and v3 as the endpoints of `pool`, and waits until the route `kept` is in force.
 *
 * @param visible - the inferred clause that asks for saying so where there is no session persistence; without one it is demanded
 * @returns false when the implementation says that it has no session persistence: nothing is to be judged then
 */
export async function sessionsServed(t: Scenario, manifest: string, visible?: string): Promise<boolean> {
  await t.apply('pool.yaml');
  await pointTo(t, 'pool', 'v1', 'v2', 'v3');
  return routeServed(t, manifest, visible);
}

/** The same without the pool. */
export async function routeServed(
  t: Scenario,
  manifest: string,
  visible?: string,
  kind: RouteRef['kind'] = 'GRPCRoute',
): Promise<boolean> {
  await t.apply(manifest);
  if (!(await acceptedOrDeclined(t, { kind, name: 'kept' }, 'sessionPersistence', visible))) return false;
  await t.callMust(plainCall, {});
  await t.callMust(call, {});
  return true;
}

/** One call without a token. Its answer has to carry one. */
export async function startSession(t: Scenario, of: Call = call): Promise<Session> {
  const plain = await t.callMust(plainCall, {});
  const first = await t.callMust(of, {});
  const session = sessionIn(first, plain);
  await t.check(
    'the answer to a call without a session carries a token',
    () => {
      expect(Object.keys(session.token), 'headers that hold a token').to.have.length.above(0);
    },
    'routed',
  );
  return session;
}

/** What of an answer is a token: its cookies, and the headers that answers of a rule without sessions do not have. */
export function sessionIn(answer: CallResult, plain: CallResult): Session {
  const cookies = answer.headers.get('set-cookie') ?? [];
  const headers = [...answer.headers.keys()].filter(
    (name) => name !== 'set-cookie' && !plain.headers.has(name),
  );
  return {
    token: {
      ...Object.fromEntries(headers.map((name) => [name, answer.headers.get(name)?.[0] ?? ''])),
      ...(cookies.length > 0 && { cookie: cookies.map((each) => each.split(';')[0]).join('; ') }),
    },
    backend: answer.backend ?? '',
    cookies,
    headers,
  };
}

/** Every header of an answer that a call may carry as well. */
export function allOf({ headers }: CallResult): Record<string, string> {
  const own = [...headers].filter(([name]) => !/^(grpc-.*|content-.*|set-cookie|date)$/.test(name));
  return Object.fromEntries(own.map(([name, values]) => [name, values[0] ?? '']));
}

/** The values of `value` in headers and cookies that are called like those of `name`. */
export function tokenNamedAs(name: Session, value: Session): Record<string, string> {
  const valuesOf = ({ cookies }: Session): string[] =>
    cookies.map((cookie) => cookie.split(';')[0]?.replace(/^[^=]*=/, '') ?? '');
  const cookies = valuesOf(value).map((each, index) => `${nameOf(name.cookies[index] ?? '')}=${each}`);
  return {
    ...Object.fromEntries(
      value.headers.map((header, index) => [name.headers[index] ?? header, value.token[header] ?? '']),
    ),
    ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
  };
}

/** The calls with that token all reach one endpoint. */
export async function mustStay(t: Scenario, { token, backend }: Session, of: Call = call): Promise<void> {
  await t.callMustAlways({ ...of, metadata: token }, { backend }, calls);
}

/** The calls reach every one of the endpoints. */
export async function mustSpread(
  t: Scenario,
  metadata: Record<string, string>,
  of: Call = call,
): Promise<void> {
  const spread = await t.distribution({ ...of, metadata }, calls);
  await t.check(
    'calls that no session holds reach every endpoint',
    () => {
      expect([...spread.keys()].sort()).to.deep.equal(['v1', 'v2', 'v3']);
    },
    'routed',
  );
}

/** What a Set-Cookie header calls its cookie. */
export function nameOf(cookie: string): string {
  return cookie.split('=')[0]?.trim() ?? '';
}

/** Attributes of a Set-Cookie header by name in lower case; those without a value have ''. */
export function attributesOf(cookie: string): Map<string, string> {
  const [, ...rest] = cookie.split(';').map((part) => part.trim());
  return new Map(
    rest.map((part) => {
      const [name = '', value = ''] = part.split('=');
      return [name.toLowerCase(), value];
    }),
  );
}
