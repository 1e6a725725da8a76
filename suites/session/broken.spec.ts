import { expect, scenario } from '../../harness/index.ts';
import { deploymentsMustBeAvailable } from '../deployments.ts';
import { call, mustStay, plainCall, routeServed, sessionIn, startSession } from './tokens.ts';

scenario(
  {
    id: 'session/broken',
    title: 'A session whose pod is gone is broken or begins anew with another pod, and stays there',
    support: 'extended',
    features: ['HTTPRoute'],
    channel: 'experimental',
    clauses: ['session-broken-fallback', 'session-unsupported-visible'],
    manifests: ['broken.yaml', 'broken-v1.7.0.yaml', 'broken-pods.yaml'],
    takesMs: 3000,
  },
  async (t) => {
    await t.apply('broken-pods.yaml');
    await deploymentsMustBeAvailable(t, 'blue');
    if (!(await routeServed(t, 'broken.yaml', 'session-unsupported-visible', 'HTTPRoute'))) return;
    const session = await startSession(t);
    await mustStay(t, session);

    await t.remove({ kind: 'Pod', name: session.backend });
    const plain = await t.callMust(plainCall, {});
    const after = await t.call({ ...call, metadata: session.token });
    if (after.status === 0) {
      t.note(`The pod of the session is gone, and its token leads to another one.`);
      const next = sessionIn(after, plain);
      await t.check(
        'the answer of another pod carries the token of a session with that pod',
        () => {
          expect(next.backend, 'pod').not.to.equal(session.backend);
          expect(Object.keys(next.token), 'headers that hold a token').not.to.be.empty;
        },
        'routed',
      );
      await mustStay(t, next);
    } else {
      t.note(`The pod of the session is gone, and its token ends in ${after.statusName}.`);
    }
    // Either way a client that starts over is served.
    await mustStay(t, await startSession(t));
  },
);
