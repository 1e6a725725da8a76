import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { projectRoot } from '../../common/tools.ts';
import { readRun } from '../../reports/index.ts';

const images = `
images:
  docker.io/envoyproxy/envoy:v1.40.0:
    command: [sh, -c, 'echo "the proxy has lost its way" >&2; exit 7']
`;

describe('a run that cannot be set up', function () {
  // The shared Gateway's limit, 18 s here, has to pass.
  this.timeout(120_000);
  let dir: string;
  before(() => (dir = mkdtempSync(join(tmpdir(), 'rp-set-up-'))));
  after(() => rmSync(dir, { recursive: true, force: true }));

  it('says once what failed and why, keeps whole results, and leaves nothing running', async () => {
    writeFileSync(join(dir, 'images.yaml'), images);
    const out = join(dir, 'out');
    const args = ['conformance', '--scenario', 'header/exact', '--no-load', '--limits-scale', '0.15'];
    const { exitCode, all } = await execa(
      process.execPath,
      [join(projectRoot, 'cli/main.ts'), ...args, '--out', out],
      {
        reject: false,
        all: true,
        env: { ROUTEPROOF_STATE: dir, ROUTEPROOF_IMAGES: join(dir, 'images.yaml') },
      },
    );
    expect(exitCode).to.equal(3);
    const seen = all.split('\n').filter((line) => line.startsWith('  seen: '));
    expect(seen, all).to.have.length(1);
    expect(all)
      .to.contain('Gateway routeproof-base/shared: it was not Programmed with an address')
      .and.match(/container envoy: CrashLoopBackOff; its last run ended with exit code 7/)
      .and.contain('| the proxy has lost its way');
    const run = await readRun(join(out, 'run.json'));
    expect(run.aborted).to.contain('the proxy has lost its way');
    expect(run.scenarios.map(({ verdict }) => verdict)).to.deep.equal(['not-run']);
    expect(existsSync(join(out, 'report.html'))).to.equal(true);
    expect(readdirSync(join(dir, 'clusters'))).to.deep.equal([]);
    expect(processesNaming(dir)).to.deep.equal([]);
  });
});

function processesNaming(text: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    })
    .filter((commandLine) => commandLine.includes(text));
}
