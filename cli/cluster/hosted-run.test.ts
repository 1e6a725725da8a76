import { expect } from 'chai';
import { interruptible } from './hosted-run.ts';

describe('a run that is interrupted', () => {
  /** Sends signals to what `interruptible` has set up and to nobody else: mocha listens as well. @returns why the run was to end */
  async function afterSignals(...signals: ('SIGINT' | 'SIGTERM')[]): Promise<string> {
    const others = signals.map((signal) => process.listeners(signal));
    const reason = await interruptible((abort) => {
      for (const [index, signal] of signals.entries())
        for (const listener of process.listeners(signal))
          if (others[index]?.includes(listener) === false) listener(signal);
      return Promise.resolve(abort.reason as Error);
    });
    return reason.message;
  }

  it('ends on its own after a SIGTERM that comes more than once, as to a process group', async () => {
    expect(await afterSignals('SIGTERM', 'SIGTERM')).to.equal('interrupted by SIGTERM');
  });

  it('ends at once with the second Ctrl-C', async () => {
    const exit = Object.getOwnPropertyDescriptor(process, 'exit') ?? {};
    const codes: unknown[] = [];
    Object.defineProperty(process, 'exit', { ...exit, value: (code: number) => codes.push(code) });
    try {
      expect(await afterSignals('SIGINT', 'SIGINT')).to.equal('interrupted by SIGINT');
    } finally {
      Object.defineProperty(process, 'exit', exit);
    }
    expect(codes).to.deep.equal([130]);
  });
});
