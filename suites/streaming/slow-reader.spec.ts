import { expect, scenario } from '../../harness/index.ts';

const host = 'stream.example.com';
/** More than a proxy keeps for one stream. */
const flood = { responseCount: 64, responseSizeBytes: 1024 * 1024 };

scenario(
  {
    id: 'streaming/slow-reader',
    title: 'A caller that does not read its answers holds up no call but its own',
    support: 'core',
    clauses: ['streaming-concurrent-calls'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('slow-reader');
    await t.callMust({ host }, { backend: 'v1' });

    const stalled = await t.openStream({ host, method: 'routeproof.v1.Probe/ServerStream' });
    await stalled.sendLast({ behaviour: flood }, 'message');
    stalled.pause();
    const message = { behaviour: { responseSizeBytes: 256 * 1024 } };
    await t.callMustAlways({ host, message }, { backend: 'v1' });
    await t.check('the stream that is not read is still open', () => expect(stalled.isOpen).to.equal(true));
    await stalled.cancel();
  },
);
