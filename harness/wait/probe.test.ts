import { expect } from 'chai';
import { FakeClock } from './fake-clock.fixture.ts';
import { probeUntilStable, type Attempt, type ProbeOutcome } from './probe.ts';

/** Probes a gateway whose answer depends on the time and on how often it was asked. */
async function probe(answer: (nowMs: number, asked: number) => boolean): Promise<ProbeOutcome<number>> {
  const clock = new FakeClock();
  let asked = 0;
  const attempt = (): Promise<Attempt<number>> => {
    asked += 1;
    clock.pass(1);
    const ok = answer(clock.now(), asked);
    return Promise.resolve({ ok, result: asked, seen: ok ? 'right' : 'wrong', layer: 'routed' });
  };
  const signal = new AbortController().signal;
  return probeUntilStable(attempt, { limitMs: 1_000, graceMs: 500, clock, signal });
}

describe('probing until answers are stable', () => {
  it('passes after three right answers in a row', async () => {
    const outcome = await probe(() => true);
    expect(outcome).to.include({ verdict: 'pass', attempts: 3, good: 3 });
  });

  it('passes when a change takes a while', async () => {
    const outcome = await probe((nowMs) => nowMs > 300);
    expect(outcome.verdict).to.equal('pass');
    expect(outcome.tookMs).to.be.within(300, 410);
    expect(outcome.lastBad?.seen).to.equal('wrong');
  });

  it('is slow when the right answer comes after the limit', async () => {
    const outcome = await probe((nowMs) => nowMs > 1_200);
    expect(outcome.verdict).to.equal('slow');
    expect(outcome.tookMs).to.be.within(1_200, 1_310);
  });

  it('is wrong when the right answer never comes', async () => {
    const outcome = await probe(() => false);
    expect(outcome).to.include({ verdict: 'wrong', good: 0 });
  });

  it('asks ten times a second while the answer is wrong', async () => {
    const outcome = await probe(() => false);
    expect(outcome.attempts).to.be.within(15, 25);
  });

  it('is unstable when answers alternate', async () => {
    const outcome = await probe((_, asked) => asked % 2 === 0);
    expect(outcome.verdict).to.equal('unstable');
    expect(outcome.good).to.be.within(1, outcome.attempts - 1);
  });

  it('is unstable when two of three answers are right, though three in a row come up between relapses', async () => {
    const outcome = await probe((_, asked) => asked % 3 !== 0);
    expect(outcome.verdict).to.equal('unstable');
  });

  it('forgives one relapse while a change spreads', async () => {
    const outcome = await probe((_, asked) => asked === 2 || asked > 5);
    expect(outcome.verdict).to.equal('pass');
  });

  it('asks for 213 good ones in a row at most, however often it relapsed', async () => {
    const outcome = await probe((_, asked) => asked > 80 || asked % 2 === 0);
    expect(outcome).to.include({ verdict: 'pass', attempts: 80 + 212 });
  });

  it('stops when the run is aborted', async () => {
    const clock = new FakeClock();
    const abort = new AbortController();
    clock.at(100, () => abort.abort(new Error('interrupted')));
    const attempt = (): Promise<Attempt<null>> =>
      Promise.resolve({ ok: false, result: null, seen: '', layer: 'routed' });
    const ended = probeUntilStable(attempt, { limitMs: 1_000, graceMs: 0, clock, signal: abort.signal });
    expect(await ended.catch(String)).to.equal('Error: interrupted');
  });
});
