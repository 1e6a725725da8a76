import { expect, scenario } from '../../harness/index.ts';
import { mustStay, sessionsServed, startSession } from './tokens.ts';

scenario(
  {
    id: 'session/beats-policy',
    title: "A rule's session persistence is in force, whatever a policy says for its Service",
    support: 'extended',
    channel: 'experimental',
    clauses: ['session-route-overrides-policy', 'session-unsupported-visible'],
    backends: ['v1', 'v2', 'v3'],
    manifests: ['beats-policy.yaml', 'beats-policy-v1.7.0.yaml', 'pool.yaml'],
  },
  async (t) => {
    if (!(await sessionsServed(t, 'beats-policy.yaml', 'session-unsupported-visible'))) return;
    const session = await startSession(t);
    await t.check(
      'the token is in a header and not in a cookie',
      () => {
        expect(session.cookies, 'Set-Cookie').to.deep.equal([]);
        expect(session.headers, 'headers that hold a token').not.to.be.empty;
      },
      'routed',
    );
    await mustStay(t, session);
  },
);
