import { globSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { execa } from 'execa';
import { projectRoot } from '../common/tools.ts';
import { version } from '../common/version.ts';

describe('the npm package', function () {
  // Its dependencies are fetched, and a cluster is started.
  this.timeout(300_000);
  let dir: string;

  const npx = (...args: string[]) =>
    execa('npx', ['--no-install', 'routeproof', ...args], {
      cwd: dir,
      env: { ROUTEPROOF_STATE: join(dir, 'state'), NO_COLOR: '1' },
      reject: false,
    });

  before(async () => {
    dir = mkdtempSync(join(tmpdir(), 'rp-package-'));
    await execa('npm', ['pack', '--pack-destination', dir], { cwd: projectRoot });
    writeFileSync(join(dir, 'package.json'), '{ "private": true }');
    const tarball = join(dir, `routeproof-${version}.tgz`);
    await execa('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', tarball], { cwd: dir });
  });
  after(() => rmSync(dir, { recursive: true, force: true }));

  it('says what it can do', async () => {
    const { exitCode, stdout } = await npx('--help');
    expect(exitCode).to.equal(0);
    expect(stdout).to.match(/^Usage: routeproof /);
    expect((await npx('--version')).stdout).to.equal(version);
  });

  it('has the clauses, the scenarios and what they are explained from', async () => {
    const here = await execa(join(projectRoot, 'bin/routeproof'), ['clauses'], { env: { NO_COLOR: '1' } });
    expect((await npx('clauses')).stdout).to.equal(here.stdout);
    const { exitCode, stdout, stderr } = await npx('explain', 'header/exact');
    expect(exitCode, stderr).to.equal(0);
    expect(stdout).to.include('header/exact');
  });

  it('runs a scenario on a cluster of its own, whose pods find the package too', async () => {
    const { exitCode, stdout, stderr } = await npx(
      ...['conformance', '--scenario', 'header/exact', '--no-load', '--limits-scale', '4'],
    );
    expect(exitCode, stderr).to.equal(0);
    expect(stdout).to.match(/1 scenarios in .*: 1 pass;/);
    expect(readdirSync(join(dir, 'reports/out/latest'))).to.include.members(['run.json', 'report.html']);
  });

  it('has no tests and no sources that Node.js would not run there', () => {
    const files = readdirSync(join(dir, 'node_modules/routeproof/dist'), {
      recursive: true,
      encoding: 'utf8',
    });
    // Scripts of k6, which runs them as they are.
    const scripts = globSync('suites/load/**/*.k6.ts', { cwd: projectRoot });
    expect(files.filter((file) => /\.ts$/.test(file)).sort()).to.deep.equal(scripts.sort());
    expect(files.filter((file) => /\.(test|fixture)\./.test(file))).to.deep.equal([]);
  });
});
