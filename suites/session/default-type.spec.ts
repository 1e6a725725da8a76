import { expect, scenario } from '../../harness/index.ts';
import type { KubernetesObject } from '../../harness/index.ts';
import { mustStay, sessionsServed, startSession } from './tokens.ts';

interface WithSessions extends KubernetesObject {
  spec: { rules: { sessionPersistence?: { type?: string } }[] };
}

scenario(
  {
    id: 'session/default-type',
    title: 'Session persistence that says nothing more is by cookie',
    support: 'extended',
    channel: 'experimental',
    clauses: [
      'session-type-defaults-cookie',
      'session-cookie-set-and-honoured',
      'session-unsupported-visible',
    ],
    backends: ['v1', 'v2', 'v3'],
    manifests: ['default-type.yaml', 'default-type-v1.7.0.yaml', 'pool.yaml'],
  },
  async (t) => {
    if (!(await sessionsServed(t, 'default-type.yaml', 'session-unsupported-visible'))) return;
    const { spec } = await t.get<WithSessions>({ kind: 'GRPCRoute', name: 'kept' });
    await t.check(
      'the API server has filled in the type',
      () => {
        expect(spec.rules[0]?.sessionPersistence?.type).to.equal('Cookie');
      },
      'apply',
    );
    const session = await startSession(t);
    await t.check(
      'a cookie is set',
      () => {
        expect(session.cookies, 'Set-Cookie').not.to.be.empty;
      },
      'routed',
    );
    await mustStay(t, session);
  },
);
