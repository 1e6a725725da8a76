import { expect, scenario } from '../../harness/index.ts';

const host = 'stream.example.com';
const sizeBytes = 32 * 1024;
/**
 * Of these the calling side takes 16 although nobody reads. 1 MiB is left: many times what HTTP/2 lets a sender send ahead where nobody has asked for more
 * (64 KiB, RFC 9113 6.9.2).
 */
const count = 48;
const stalledStreams = 3;

scenario(
  {
    id: 'streaming/slow-reader',
    title:
      'A caller that stops reading streams holds up no other call, and finds them whole when it reads on',
    support: 'core',
    clauses: ['streaming-concurrent-calls', 'streaming-messages-in-order'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('slow-reader');
    await t.callMust({ host }, { backend: 'v1' });

    const stalled = await Promise.all(
      Array.from({ length: stalledStreams }, async () => {
        const stream = await t.openStream({ host, method: 'routeproof.v1.Probe/ServerStream' });
        stream.stopReading();
        const behaviour = { responseCount: count, responseSizeBytes: sizeBytes };
        await stream.sendLast({ behaviour }, 'headers');
        return stream;
      }),
    );
    const large = { behaviour: { responseSizeBytes: 2 * sizeBytes } };
    await t.callMustAlways({ host, message: large }, { backend: 'v1' }, 5);
    await t.check('the streams that nobody reads are open', () => {
      expect(stalled.map(({ isOpen }) => isOpen)).to.deep.equal(Array(stalledStreams).fill(true));
    });

    const read = await Promise.all(stalled.map((stream) => stream.readToEnd()));
    await t.check('each has all its messages, in order', () => {
      const indices = Array.from({ length: count }, (_, index) => index);
      for (const { status, messages } of read) {
        expect(messages.map(({ index }) => index)).to.deep.equal(indices);
        for (const { payload } of messages) expect(payload).to.have.length(sizeBytes);
        expect(status).to.equal(0);
      }
    });
  },
);
