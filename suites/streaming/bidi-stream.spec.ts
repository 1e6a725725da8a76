import { expect, scenario } from '../../harness/index.ts';
import { numbered, texts } from './numbered.ts';

const host = 'stream.example.com';
const method = 'routeproof.v1.Probe/BidiStream';

scenario(
  {
    id: 'streaming/bidi-stream',
    title:
      'A bidirectional stream keeps order when flooded, and answers each message when used as a dialogue',
    support: 'core',
    clauses: ['streaming-messages-in-order', 'streaming-messages-not-held-back'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('bidi-stream');
    await t.callMust({ host }, { backend: 'v1' });

    const message = numbered(300);
    const [flood] = await t.callMustAlways({ host, method, message }, { backend: 'v1' }, 1);
    await t.check('each of 300 messages is answered, in order', () => {
      expect(texts(flood?.responses ?? [])).to.deep.equal(texts(message));
    });

    const stream = await t.openStream({ host });
    const answers: Record<string, unknown>[] = [];
    for (const { text } of numbered(20)) answers.push(await stream.echo(text));
    const end = await stream.finish();
    await t.check('each of 20 messages is answered before the next is sent', () => {
      expect(texts(answers)).to.deep.equal(texts(numbered(20)));
      expect(end).to.include({ status: 0 });
    });
  },
);
