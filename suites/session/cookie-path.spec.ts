import { expect, scenario } from '../../harness/index.ts';
import { attributesOf, mustStay, sessionsServed, startSession } from './tokens.ts';

scenario(
  {
    id: 'session/cookie-path',
    title: 'A session cookie has the path that its rule gives it, or the route says that it cannot be had',
    support: 'extended',
    channel: 'experimental',
    clauses: ['session-cookie-path', 'session-cookie-field-unsupported-visible'],
    backends: ['v1', 'v2', 'v3'],
    manifests: ['cookie-path.yaml', 'pool.yaml'],
  },
  async (t) => {
    if (!(await sessionsServed(t, 'cookie-path.yaml', 'session-cookie-field-unsupported-visible'))) return;
    const session = await startSession(t);
    await t.check(
      'the cookie is for /routeproof.v1.Probe',
      () => {
        const paths = session.cookies.map((cookie) => attributesOf(cookie).get('path'));
        expect(paths, 'paths of cookies').to.deep.equal(['/routeproof.v1.Probe']);
      },
      'routed',
    );
    await mustStay(t, session);
  },
);
