import { expect, scenario } from '../../harness/index.ts';

const call = { host: 'stream.example.com', method: 'routeproof.v1.Probe/ServerStream' };
/** Longer than any scenario: what comes after it is never waited for. */
const never = 3_600_000;

scenario(
  {
    id: 'streaming/answer-begins',
    title: 'The headers and the first message of a server stream arrive while it goes on',
    support: 'core',
    clauses: ['streaming-messages-not-held-back'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('answer-begins');
    await t.callMust({ host: call.host }, { backend: 'v1' });

    const initialMetadata = [{ key: 'x-first', value: 'headers' }];
    const silent = await t.openStream(call);
    await silent.sendLast({ behaviour: { initialMetadata, delayMs: never } }, 'headers');
    const slow = await t.openStream(call);
    await slow.sendLast({ behaviour: { responseCount: 2, responseIntervalMs: never } }, 'message');
    await t.check('both streams are still open', () => {
      expect([silent.isOpen, slow.isOpen]).to.deep.equal([true, true]);
    });
    await Promise.all([silent.cancel(), slow.cancel()]);
  },
);
