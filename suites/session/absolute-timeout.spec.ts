import { expect, scenario } from '../../harness/index.ts';
import { probeTwo } from '../methods.ts';
import { call, mustSpread, mustStay, plainCall, sessionIn, sessionsServed, startSession } from './tokens.ts';

scenario(
  {
    id: 'session/absolute-timeout',
    title:
      'A session ends with its absolute timeout: its token holds no call any more, and a new one is given',
    support: 'extended',
    channel: 'experimental',
    clauses: ['session-absolute-timeout', 'session-unsupported-visible'],
    backends: ['v1', 'v2', 'v3'],
    manifests: ['absolute-timeout.yaml', 'absolute-timeout-v1.7.0.yaml', 'pool.yaml'],
    takesMs: 2000,
  },
  async (t) => {
    if (!(await sessionsServed(t, 'absolute-timeout.yaml', 'session-unsupported-visible'))) return;
    const long = { ...call, method: probeTwo };
    const lasting = await startSession(t, long);
    const short = await startSession(t);
    const plain = await t.callMust(plainCall, {});
    // A token that has ended is no token: the answer has to begin a session.
    await t.callMust(
      { ...call, metadata: short.token },
      {
        also: (answer) => {
          expect(Object.keys(sessionIn(answer, plain).token), 'headers that hold a new token').not.to.be
            .empty;
        },
      },
    );
    await mustSpread(t, short.token);
    await mustStay(t, lasting, long);
  },
);
