import { expect, scenario } from '../../harness/index.ts';
import { texts } from './numbered.ts';

const host = 'stream.example.com';
const count = 100;

scenario(
  {
    id: 'streaming/many-streams',
    title: 'A hundred streams on one connection each get their own answers',
    support: 'core',
    clauses: ['streaming-concurrent-calls', 'streaming-messages-not-held-back'],
    backends: ['v1'],
  },
  async (t) => {
    await t.apply();
    await t.routeMustBeAccepted('many-streams');
    await t.callMust({ host }, { backend: 'v1' });

    const names = Array.from({ length: count }, (_, index) => `stream ${String(index)}`);
    const streams = await Promise.all(
      names.map(async (name) => ({ name, stream: await t.openStream({ host }) })),
    );
    const [first, second] = [
      await Promise.all(streams.map(({ name, stream }) => stream.echo(name))),
      await Promise.all(streams.toReversed().map(({ name, stream }) => stream.echo(name))),
    ];
    const ends = await Promise.all(streams.map(({ stream }) => stream.finish()));
    await t.check('every stream hears what it said, while all are open', () => {
      expect(texts(first)).to.deep.equal(names);
      expect(texts(second)).to.deep.equal(names.toReversed());
      expect(new Set(ends.map(({ status }) => status))).to.deep.equal(new Set([0]));
    });
  },
);
