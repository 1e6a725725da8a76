import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { childrenOf, identityOf, isRunning } from './process-identity.ts';

describe('process identity', () => {
  it('knows a running process, also under a name with brackets and spaces', async () => {
    const child = spawn('sh', ['-c', 'exec 3>/dev/null; echo "a) b" > /proc/self/comm; echo; read x'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const identity = identityOf(child.pid ?? 0);
    expect(identity?.startTime).to.match(/^\d+$/);
    expect(childrenOf(process.pid)).to.include(child.pid);
    child.stdin.end();
    await once(child, 'exit');
    expect(identity === undefined || isRunning(identity)).to.equal(false);
  });

  it('does not take another process with the same pid for it', () => {
    const own = identityOf(process.pid);
    expect(own === undefined ? false : isRunning(own)).to.equal(true);
    expect(isRunning({ pid: process.pid, startTime: '1' })).to.equal(false);
  });
});
