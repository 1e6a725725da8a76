import { expect, scenario } from '../../harness/index.ts';
import { attributesOf, call, mustStay, sessionsServed, startSession } from './tokens.ts';

const seconds = 300;
/** Expires tells a time of the gateway's clock, in seconds. */
const tolerance = 60;

scenario(
  {
    id: 'session/permanent-cookie',
    title:
      'A permanent session cookie lives as long as the absolute timeout, and clients do not give it away',
    support: 'extended',
    channel: 'experimental',
    clauses: [
      'session-cookie-lifetime-permanent',
      'session-cookie-security-attributes',
      'session-field-v170-change',
      'session-unsupported-visible',
    ],
    backends: ['v1', 'v2', 'v3'],
    manifests: ['permanent-cookie.yaml', 'permanent-cookie-v1.7.0.yaml', 'pool.yaml'],
  },
  async (t) => {
    if (!(await sessionsServed(t, 'permanent-cookie.yaml', 'session-unsupported-visible'))) return;
    const session = await startSession(t, { ...call, tls: true });
    const [attributes = new Map<string, string>()] = session.cookies.map(attributesOf);
    const maxAge = attributes.get('max-age');
    const expires = attributes.get('expires');
    await t.check(
      `Max-Age or Expires of the cookie is ${String(seconds)} s from now`,
      () => {
        if (maxAge !== undefined) expect(Number(maxAge), 'Max-Age').to.equal(seconds);
        else {
          const left = (Date.parse(expires ?? '') - Date.now()) / 1000;
          expect(left, `seconds until Expires=${expires ?? 'none'}`).to.be.within(
            seconds - tolerance,
            seconds + tolerance,
          );
        }
      },
      'routed',
    );
    const missing = ['secure', 'httponly', 'samesite'].filter((name) => !attributes.has(name));
    t.note(
      `Cookies over HTTPS should have Secure, HttpOnly and SameSite: here ${missing.length === 0 ? 'they have' : `${missing.join(', ')} is missing`}.`,
    );
    await mustStay(t, session, { ...call, tls: true });
  },
);
