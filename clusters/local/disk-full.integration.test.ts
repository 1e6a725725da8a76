import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { execa } from 'execa';
import { clusterTimeoutMs } from '../testing/cluster-session.ts';
import { completePath } from '../../common/local-host.ts';

const program = fileURLToPath(new URL('../testing/start-on-full-disk.ts', import.meta.url));

describe('a local cluster on a full disk', function () {
  this.timeout(clusterTimeoutMs);
  let dir: string;
  before(() => (dir = mkdtempSync(join(tmpdir(), 'rp-full-'))));
  after(() => rmSync(dir, { recursive: true }));

  for (const [size, when] of [
    ['4k', 'before it has started anything'],
    ['16k', 'while its components start'],
  ] as const) {
    it(`names the directory and leaves nothing, when there is no room ${when}`, async () => {
      // The first process of a pid namespace sees all that is left in it.
      const namespaces = ['-Urmpf', '--mount-proc', '--kill-child'];
      const { stdout } = await execa('unshare', [...namespaces, process.execPath, program, dir, size], {
        env: { PATH: completePath() },
        stdin: 'ignore',
      });
      const left = JSON.parse(stdout) as Record<string, unknown>;
      expect(left['message']).to.match(
        new RegExp(
          `^${dir}/clusters: no space is left for the state of the cluster\n {2}seen: [^]*(ENOSPC|no space left)[^]*\n {2}try: {2}make room there, or set ROUTEPROOF_STATE`,
        ),
      );
      expect(left).to.deep.include({ exitCode: 3, files: ['clusters'] });
    });
  }
});
