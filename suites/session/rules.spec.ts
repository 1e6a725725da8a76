import { expect, scenario, type KubernetesObject } from '../../harness/index.ts';
import { echo, probeTwo } from '../methods.ts';
import {
  allOf,
  call,
  mustSpread,
  mustStay,
  plainCall,
  sessionsServed,
  startSession,
  tokenNamedAs,
} from './tokens.ts';

interface WithRules extends KubernetesObject {
  spec: { rules: unknown[] };
}

scenario(
  {
    id: 'session/rules',
    title:
      'A session belongs to one rule: its token holds no call of another rule, and chooses none, also when rules change places',
    support: 'extended',
    channel: 'experimental',
    clauses: [
      'session-outlives-neighbours',
      'session-scoped-to-rule',
      'session-other-rules-unaffected',
      'session-no-effect-on-matching',
      'session-unsupported-visible',
    ],
    backends: ['v1', 'v2', 'v3', 'v4'],
    manifests: ['rules.yaml', 'rules-v1.7.0.yaml', 'pool.yaml'],
  },
  async (t) => {
    if (!(await sessionsServed(t, 'rules.yaml', 'session-unsupported-visible'))) return;
    const second = { ...call, method: probeTwo };
    const [mine, theirs] = [await startSession(t), await startSession(t, second)];
    await mustStay(t, mine);
    await mustStay(t, theirs, second);
    await mustSpread(t, mine.token, second);
    await mustSpread(t, theirs.token);
    // Nor where it comes under the name that the other rule reads.
    await mustSpread(t, tokenNamedAs(theirs, mine), second);
    await mustSpread(t, tokenNamedAs(mine, theirs));

    await mustSpread(t, mine.token, plainCall);
    const plain = await t.callMust(plainCall, {});
    await t.check(
      'a rule without session persistence sets no cookie',
      () => {
        expect(plain.headers.get('set-cookie') ?? []).to.deep.equal([]);
      },
      'routed',
    );
    // Whatever its answers carry, it is no token.
    await mustSpread(t, allOf(plain), plainCall);
    await t.callMustAlways({ ...call, method: echo, metadata: mine.token }, { backend: 'v4' }, 20);

    await t.update<WithRules>({ kind: 'GRPCRoute', name: 'kept' }, ({ spec }) => {
      const [first, next, ...rest] = spec.rules;
      spec.rules = [next, first, ...rest];
    });
    await t.routeMustBeAccepted('kept');
    await t.barrier();
    await t.implied(['session-outlives-neighbours'], async () => {
      await mustStay(t, mine);
      await mustStay(t, theirs, second);
    });
    await mustSpread(t, tokenNamedAs(theirs, mine), second);
    await mustSpread(t, tokenNamedAs(mine, theirs));
  },
);
