import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa, execaSync } from 'execa';
import { projectRoot } from '../common/tools.ts';

/** What setup.sh is written with; Node.js and npm are not among it. */
const programs = ['bash', 'cat', 'cut', 'dirname', 'mkdir', 'sha256sum', 'uname'];

describe('set-up', () => {
  let dir: string;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'setup-'));
  });

  afterEach(() => rmSync(dir, { recursive: true }));

  it('ends with 2 when it is asked for what there is not', async () => {
    const script = join(projectRoot, 'tools/setup.ts');
    const { exitCode, stderr } = await execa(process.execPath, [script, 'nothing'], { reject: false });
    expect(exitCode, stderr).to.equal(2);
    expect(stderr).to.include('unknown goal nothing');
  });

  it('asks for npm, and for nothing else, where that is missing', async () => {
    const bin = join(dir, 'bin');
    mkdirSync(bin);
    for (const name of programs) {
      const { stdout } = execaSync('sh', ['-c', `command -v ${name}`]);
      symlinkSync(stdout, join(bin, name));
    }
    const { exitCode, stderr } = await execa(
      join(bin, 'bash'),
      [join(projectRoot, 'tools/setup.sh'), 'test'],
      {
        env: { PATH: bin, ROUTEPROOF_CACHE: join(dir, 'cache') },
        extendEnv: false,
        reject: false,
      },
    );
    expect(exitCode, stderr).to.equal(3);
    expect(stderr).to.match(/^setup: no npm on this machine; install it \(Debian: apt-get install npm\)/);
  });
});
