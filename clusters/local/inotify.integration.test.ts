import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { execa } from 'execa';
import { clusterTimeoutMs } from '../testing/cluster-session.ts';
import { completePath } from '../../common/local-host.ts';

const program = fileURLToPath(new URL('../testing/crash-without-inotify.ts', import.meta.url));

describe('a pod that finds no inotify instance', function () {
  this.timeout(clusterTimeoutMs);

  it('says in its status which setting of the machine is too low', async () => {
    const { stdout } = await execa(
      'unshare',
      ['-Urmpf', '--mount-proc', '--kill-child', process.execPath, program],
      {
        env: { PATH: completePath() },
        stdin: 'ignore',
      },
    );
    expect(stdout)
      .to.contain('no inotify instance is left for this user')
      .and.contain('sudo sysctl -w fs.inotify.max_user_instances=');
  });
});
