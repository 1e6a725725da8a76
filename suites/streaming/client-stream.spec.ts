import { expect, scenario } from '../../harness/index.ts';
import { numbered } from './numbered.ts';

const host = 'stream.example.com';
const count = 500;

scenario(
  {
    id: 'streaming/client-stream',
    title: 'A client stream reaches the backend complete, and is answered once',
    support: 'core',
    clauses: ['streaming-messages-in-order', 'streaming-half-close'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('client-stream');
    await t.callMust({ host }, { backend: 'v1' });

    const message = numbered(count).map((each) => ({ ...each, payload: new Uint8Array(1000) }));
    const call = { host, method: 'routeproof.v1.Probe/ClientStream', message };
    const [result] = await t.callMustAlways(call, { backend: 'v1' }, 1);
    await t.check('the backend has received every message and byte, the last one last', () => {
      expect(result?.responses).to.have.length(1);
      expect(result?.responses[0]).to.include({ text: `text ${String(count - 1)}` });
      expect(result?.responses[0]?.['received']).to.include({ messages: count, payloadBytes: count * 1000 });
    });

    // A message of no bytes is a message.
    const sparse = [{ text: 'first' }, {}, {}, { text: 'last' }];
    const [few] = await t.callMustAlways({ ...call, message: sparse }, { backend: 'v1' }, 1);
    const [echoed] = await t.callMustAlways(
      { host, method: 'routeproof.v1.Probe/BidiStream', message: sparse },
      { backend: 'v1' },
      1,
    );
    await t.check('empty messages between others arrive too', () => {
      expect(few?.responses[0]?.['received']).to.include({ messages: 4 });
      expect(echoed?.responses.map(({ text }) => text)).to.deep.equal(['first', '', '', 'last']);
    });
  },
);
