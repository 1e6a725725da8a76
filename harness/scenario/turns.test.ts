import { expect } from 'chai';
import { Turns } from './turns.ts';

describe('turns', () => {
  it('lets nothing run beside what is alone, and shared work go first', async () => {
    const turns = new Turns();
    const events: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      events.push(`+${name}`);
      await Promise.resolve();
      events.push(`-${name}`);
    };
    const alone = async (): Promise<void> => {
      await work('alone')();
      // Asked for meanwhile: it waits, and comes before the other one that has to be alone.
      void turns.share(work('late'));
      await Promise.resolve();
      events.push('end');
    };
    await Promise.all([
      turns.share(work('a')),
      turns.alone(alone),
      turns.alone(work('last')),
      turns.share(work('b')),
    ]);
    expect(events).to.deep.equal([
      ...['+a', '+b', '-a', '-b'],
      ...['+alone', '-alone', 'end'],
      ...['+late', '-late', '+last', '-last'],
    ]);
  });

  it('goes on after work that failed', async () => {
    const turns = new Turns();
    const fails = (): Promise<void> => Promise.reject(new Error('no'));
    const outcomes = await Promise.allSettled([
      turns.alone(fails),
      turns.share(fails),
      turns.alone(() => Promise.resolve('alone')),
    ]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected', 'fulfilled']);
  });
});
