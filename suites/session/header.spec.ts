import { expect, scenario } from '../../harness/index.ts';
import { call, mustSpread, mustStay, sessionsServed, startSession } from './tokens.ts';

/** Where one of two proxies knows no token of the other, all of these miss it by chance once in a million times. */
const connections = Array.from({ length: 20 }, (_, index) => String(index + 1));
const callsEach = 5;

scenario(
  {
    id: 'session/header',
    title:
      'Calls that return the session header of an answer reach the pod that gave it, whatever connection they come by',
    support: 'extended',
    channel: 'experimental',
    clauses: ['session-header-set-and-honoured', 'session-header-named', 'session-unsupported-visible'],
    backends: ['v1', 'v2', 'v3'],
    manifests: ['header.yaml', 'header-v1.7.0.yaml', 'pool.yaml'],
  },
  async (t) => {
    if (!(await sessionsServed(t, 'header.yaml', 'session-unsupported-visible'))) return;
    await mustSpread(t, {});
    const session = await startSession(t);
    await t.check(
      'the token is in a header, and no cookie is set',
      () => {
        expect(session.headers, 'headers that hold a token').not.to.be.empty;
        expect(session.cookies, 'Set-Cookie').to.deep.equal([]);
      },
      'routed',
    );
    // Before v1.7.0 a route could not name it.
    if (t.holds('session-header-named')) {
      await t.check(
        'the header is called x-session',
        () => {
          expect(session.headers, 'headers that hold a token').to.deep.equal(['x-session']);
        },
        'routed',
      );
    }
    await mustStay(t, session);
    // Each may reach another proxy of the Gateway.
    for (const connection of connections) {
      await t.callMust({ ...call, connection }, {});
      await t.callMustAlways(
        { ...call, connection, metadata: session.token },
        { backend: session.backend },
        callsEach,
      );
    }
  },
);
