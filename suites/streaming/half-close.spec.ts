import { expect, scenario } from '../../harness/index.ts';
import { numbered, texts } from './numbered.ts';

const host = 'stream.example.com';

scenario(
  {
    id: 'streaming/half-close',
    title: 'After the client has finished sending, the backend can still answer',
    support: 'core',
    clauses: ['streaming-half-close'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('half-close');
    await t.callMust({ host }, { backend: 'v1' });

    // The backend waits before its first answer; the client has sent everything and half-closed by then.
    const [first, ...rest] = numbered(5);
    const message = [{ ...first, behaviour: { delayMs: 300 } }, ...rest];
    for (const method of ['routeproof.v1.Probe/BidiStream', 'routeproof.v1.Probe/ClientStream']) {
      const [result] = await t.callMustAlways({ host, method, message }, { backend: 'v1' }, 1);
      const expected = method.endsWith('BidiStream') ? texts(numbered(5)) : ['text 4'];
      await t.check(`${method}: every answer comes`, () => {
        expect(texts(result?.responses ?? [])).to.deep.equal(expected);
      });
    }

    const silent = await (await t.openStream({ host })).finish();
    await t.check('a stream without any message, in either direction, ends well', () => {
      expect(silent).to.include({ status: 0 });
    });
    const call = { host, method: 'routeproof.v1.Probe/ClientStream', message: [] };
    const [none] = await t.callMustAlways(call, { backend: 'v1' }, 1);
    await t.check('a client stream without a message is answered', () => {
      expect(none?.responses).to.have.length(1);
    });
  },
);
