import { expect, scenario } from '../../harness/index.ts';
import { attributesOf, mustSpread, mustStay, sessionsServed, startSession } from './tokens.ts';

scenario(
  {
    id: 'session/cookie',
    title:
      'Calls that return the session cookie reach the pod that set it, and the cookie ends with the client',
    support: 'extended',
    channel: 'experimental',
    clauses: [
      'session-cookie-set-and-honoured',
      'session-cookie-lifetime-session',
      'session-cookie-path-default',
      'session-multiple-cookies',
      'session-unsupported-visible',
    ],
    backends: ['v1', 'v2', 'v3'],
    manifests: ['cookie.yaml', 'cookie-v1.7.0.yaml', 'pool.yaml'],
  },
  async (t) => {
    if (!(await sessionsServed(t, 'cookie.yaml', 'session-unsupported-visible'))) return;
    await mustSpread(t, {});
    const session = await startSession(t);
    await t.check(
      'a cookie without Expires and Max-Age is set',
      () => {
        expect(session.cookies, 'Set-Cookie').not.to.be.empty;
        for (const cookie of session.cookies)
          expect([...attributesOf(cookie).keys()], cookie).not.to.include.oneOf(['expires', 'max-age']);
      },
      'routed',
    );
    // Before v1.7.0 nothing was said of its path.
    if (t.holds('session-cookie-path-default')) {
      await t.check(
        'the cookie is for every path',
        () => {
          for (const cookie of session.cookies)
            expect(attributesOf(cookie).get('path'), cookie).to.equal('/');
        },
        'routed',
      );
    }
    await mustStay(t, session);

    const cookie = `theme=dark; ${session.token['cookie'] ?? ''}; basket="3=4"`;
    await mustStay(t, { ...session, token: { cookie } });
  },
);
