import { expect } from 'chai';
import type { RawResult, Scenario } from '../../harness/index.ts';
import { ask, askBefore } from './tries.ts';

/**
 * A gateway that answers 504 after two tries of /limited and makes four more of them all the same, while it answers /unlimited.
 */
function goesOn(): Pick<Scenario, 'nonce' | 'raw' | 'askUntil' | 'check'> {
  const tries = new Map<string, number>();
  const raw = ({ path }: { path: string }): Promise<RawResult> => {
    const url = new URL(path, 'http://gateway');
    const id = url.searchParams.get('id') ?? '';
    const answers: Record<string, () => { httpStatus: number; told?: object }> = {
      '/limited': () => {
        tries.set(id, 2);
        return { httpStatus: 504 };
      },
      '/unlimited': () => {
        for (const [earlier, count] of tries) tries.set(earlier, count + 4);
        tries.set(id, 1);
        return { httpStatus: 503 };
      },
      '/tries': () => ({
        httpStatus: 200,
        told: { tries: Array.from({ length: tries.get(id) ?? 0 }, (_, index) => ({ atMs: index })) },
      }),
    };
    const { httpStatus = 404, told = {} } = answers[url.pathname]?.() ?? {};
    const body = Buffer.from(JSON.stringify(told));
    return Promise.resolve({ httpStatus, headers: [], trailers: [], body, reached: 'backend' });
  };
  const check: Scenario['check'] = async (_what, body) => {
    await body();
  };
  return { nonce: 'abc', raw, check, askUntil: (question) => question.ask() };
}

describe('tries of a request', () => {
  const request = { path: '/limited' };

  it('are those that the backend saw by the answer', async () => {
    const { status, triesMs } = await ask(goesOn() as Scenario, request);
    expect({ status, tries: triesMs.length }).to.deep.equal({ status: 504, tries: 2 });
  });

  it('are also those that came after the answer, where a later request is waited for', async () => {
    const { status, triesMs } = await askBefore(goesOn() as Scenario, request, { path: '/unlimited' }, 1);
    expect({ status, tries: triesMs.length }).to.deep.equal({ status: 504, tries: 6 });
  });

  it('are not said to be all where the later request was too short', async () => {
    const failure: unknown = await askBefore(goesOn() as Scenario, request, { path: '/unlimited' }, 4).catch(
      (error: unknown) => error,
    );
    expect(failure)
      .to.be.instanceOf(Error)
      .with.property('message')
      .that.includes('tries that the backend saw');
  });
});
