import { expect } from 'chai';
import type { KubeObject } from '../kube/objects.ts';
import { FakeClock } from './fake-clock.fixture.ts';
import { untilReady, type UntilOutcome } from './until.ts';

/** A watch that a test writes to. */
class FakeSource {
  object: KubeObject | undefined;
  asked = 0;
  readonly #listeners = new Set<() => void>();

  current(): KubeObject | undefined {
    return this.object;
  }

  listen(changed: () => void): () => void {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  }

  set(object: KubeObject | undefined): void {
    this.object = object;
    for (const listener of this.#listeners) listener();
  }

  get listeners(): number {
    return this.#listeners.size;
  }
}

const ready = (object: KubeObject | undefined): boolean => object?.status === 'ready';

function wait(
  source: FakeSource,
  clock: FakeClock,
  signal = new AbortController().signal,
): Promise<UntilOutcome> {
  return untilReady(source, ready, { limitMs: 1_000, graceMs: 500, clock, signal });
}

describe('waiting on a watch', () => {
  it('passes at once when it holds already', async () => {
    const source = new FakeSource();
    source.object = { status: 'ready' };
    expect(await wait(source, new FakeClock())).to.include({ verdict: 'pass', tookMs: 0 });
  });

  it('passes when a change brings it within the limit', async () => {
    const [source, clock] = [new FakeSource(), new FakeClock()];
    clock.at(200, () => source.set({ status: 'pending' }));
    clock.at(700, () => source.set({ status: 'ready' }));
    expect(await wait(source, clock)).to.include({ verdict: 'pass', tookMs: 700 });
  });

  it('is slow in the grace period', async () => {
    const [source, clock] = [new FakeSource(), new FakeClock()];
    clock.at(1_300, () => source.set({ status: 'ready' }));
    expect(await wait(source, clock)).to.include({ verdict: 'slow', tookMs: 1_300 });
  });

  it('is wrong after it, and returns what was seen last', async () => {
    const [source, clock] = [new FakeSource(), new FakeClock()];
    clock.at(100, () => source.set({ status: 'pending' }));
    clock.at(1_600, () => source.set({ status: 'ready' }));
    const outcome = await wait(source, clock);
    expect(outcome.verdict).to.equal('wrong');
    expect(outcome.object?.status).to.equal('pending');
  });

  it('leaves no listener behind', async () => {
    const [source, clock] = [new FakeSource(), new FakeClock()];
    await wait(source, clock);
    expect(source.listeners).to.equal(0);
  });

  it('stops when the run is aborted', async () => {
    const [source, clock, abort] = [new FakeSource(), new FakeClock(), new AbortController()];
    clock.at(100, () => abort.abort(new Error('interrupted')));
    expect(await wait(source, clock, abort.signal).catch(String)).to.equal('Error: interrupted');
    expect(source.listeners).to.equal(0);
  });
});
