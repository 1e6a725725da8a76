import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { clusterTroubles } from './cluster-troubles.ts';

describe('what the components of the cluster complained of', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'rp-troubles-'))));
  afterEach(() => rmSync(dir, { recursive: true, force: true }));
  const write = (name: string, ...lines: string[]): void =>
    writeFileSync(join(dir, name), lines.map((line) => `${line}\n`).join(''));

  it('is what was written since, whole, and nothing else', async () => {
    write(
      'kube-proxy.log',
      'E0228 10:00:59.000000 73 proxier.go:1] "too early"',
      '  of the same',
      'I0228 10:01:01.000000 73 proxier.go:2] "all is well"',
      'E0228 10:01:02.000000 73 proxier.go:3] "nftables sync failed" err=<',
      '\tno such file',
      'I0228 10:01:02.100000 73 proxier.go:4] "Sync failed" retryingTime="1s"',
      'I0228 10:01:03.000000 73 proxier.go:5] "done"',
      'of no interest',
    );
    write('quiet.log', 'I0228 10:01:01.000000 1 a.go:1] "started"');
    write('other.txt', 'E0228 10:01:02.000000 1 a.go:1] "no log"');
    expect(await clusterTroubles(dir, new Date('2026-02-28T10:01:00'))).to.deep.equal([
      {
        source: 'cluster component kube-proxy',
        lines: [
          'E0228 10:01:02.000000 73 proxier.go:3] "nftables sync failed" err=<',
          '\tno such file',
          'I0228 10:01:02.100000 73 proxier.go:4] "Sync failed" retryingTime="1s"',
        ],
      },
    ]);
  });

  it('is found over the turn of the year', async () => {
    write('a.log', 'W0101 00:00:01.000000 1 a.go:1] "late"', 'W1231 23:59:00.000000 1 a.go:1] "early"');
    const [log] = await clusterTroubles(dir, new Date('2026-12-31T23:59:30'));
    expect(log?.lines).to.deep.equal(['W0101 00:00:01.000000 1 a.go:1] "late"']);
  });
});
