import { expect, scenario } from '../../harness/index.ts';

const host = 'quiet.example.com';
const silentMs = 12_000;
/** Longer than any scenario: what comes after it is never waited for. */
const never = 3_600_000;
/**
 * What gRPC servers put up with while they send nothing (gRFC A8): one, and two more that come before five minutes have gone by.
 */
const mostPings = 3;

scenario(
  {
    id: 'streaming/backend-pings',
    title:
      'A backend that works on a silent call, while others are cancelled, is not pinged more often than gRPC servers put up with',
    support: 'informational',
    clauses: ['grpc-backend-pings-tolerable'],
    guards: ['golang/go#70575'],
    takesMs: silentMs,
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('quiet');
    await t.callMust({ host }, { also: ({ backend }) => expect(backend).to.match(/^quiet-/) });

    const silent = t.call({ host, message: { behaviour: { delayMs: silentMs } } });
    for (let times = 0; times < 2 * mostPings; times += 1) {
      const cancelled = { behaviour: { delayMs: never } };
      await t.call({ host, message: cancelled, deadlineMs: 300 });
    }
    const { statusName, responses } = await silent;
    await t.check(
      'the silent call is answered, and its connection was left alone',
      () => {
        expect(statusName).to.equal('OK');
        const { pings } = responses[0]?.['received'] as { pings?: number };
        expect(pings, 'PINGs at the backend').to.be.a('number').and.to.be.at.most(mostPings);
      },
      'backend',
    );
  },
);
