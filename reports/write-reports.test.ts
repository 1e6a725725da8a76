import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { RouteproofError } from '../common/errors.ts';
import type { Run } from '../harness/results/run.ts';
import { exampleRun, passingRun } from './testing/example-run.fixture.ts';
import { readRun } from './run-file.ts';
import { bundleDir, writeReports } from './write-reports.ts';

const files = ['conformance-report.yaml', 'junit.xml', 'report.html', 'run.json', 'summary.md'];

describe('writeReports', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'routeproof-reports-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  async function failure(run: Run, dir: string): Promise<RouteproofError> {
    const error: unknown = await writeReports(run, dir).catch((e: unknown) => e);
    if (error instanceof RouteproofError) return error;
    throw new Error('no RouteproofError', { cause: error });
  }

  it('writes every file and nothing else, and points latest there', async () => {
    const dir = join(root, 'deep', 'first');
    const written = await writeReports(exampleRun(), dir);
    expect((await readdir(dir)).toSorted()).to.deep.equal([...files, 'repro'].toSorted());
    expect((await readdir(join(dir, 'repro'))).toSorted()).to.deep.equal([
      'backend',
      'cross-namespace',
      'filter',
      'header',
      'streaming',
      'tls',
    ]);
    const bundle = bundleDir(dir, 'header/several-all-must-match');
    expect(await readdir(bundle)).to.include.members(['README.md', 'evidence', 'versions.txt']);
    expect(await readlink(join(root, 'deep', 'latest'))).to.equal('first');
    expect(await readRun(written.runJson)).to.deep.equal(exampleRun());
  });

  it('replaces what an earlier call wrote and moves latest', async () => {
    await writeReports(exampleRun(), join(root, 'first'));
    await writeReports(exampleRun(), join(root, 'second'));
    await writeReports(passingRun(), join(root, 'second'));
    expect(await readlink(join(root, 'latest'))).to.equal('second');
    expect(await readFile(join(root, 'second', 'summary.md'), 'utf8')).to.include('All 65 scenarios passed');
    expect((await readdir(join(root, 'second'))).toSorted()).to.deep.equal(files);
  });

  it('writes no conformance report for a benchmark alone, and leaves none of an earlier run', async () => {
    const dir = join(root, 'first');
    await writeReports(passingRun(), dir);
    const written = await writeReports({ ...passingRun(), command: 'load', scenarios: [] }, dir);
    expect(written.conformanceReport).to.equal(undefined);
    expect((await readdir(dir)).toSorted()).to.deep.equal(
      files.filter((f) => f !== 'conformance-report.yaml'),
    );
  });

  it("leaves a directory of the user's named latest alone", async () => {
    await mkdir(join(root, 'latest'));
    await writeReports(passingRun(), join(root, 'first'));
    expect((await lstat(join(root, 'latest'))).isDirectory()).to.equal(true);
  });

  it('keeps the results of a run that breaks the schema, and says so', async () => {
    const error = await failure({ ...passingRun(), durationMs: NaN }, join(root, 'first'));
    expect([error.code, error.seen]).to.deep.equal(['INTERNAL', '/durationMs must be number, but is null']);
    expect((await readdir(join(root, 'first'))).toSorted()).to.deep.equal(files);
  });

  it('says what stands in the way of the directory', async () => {
    await writeFile(join(root, 'file'), '');
    const error = await failure(passingRun(), join(root, 'file', 'out'));
    expect([error.code, error.object]).to.deep.equal(['REPORT_NOT_WRITTEN', join(root, 'file', 'out')]);
    expect(error.message).to.match(/ENOTDIR[^]*--out/);
  });

  it('calls a full disk a full disk and leaves no half file', async () => {
    const dir = join(root, 'first');
    await mkdir(dir);
    // Every write to /dev/full fails with ENOSPC, as on a full disk.
    await symlink('/dev/full', join(dir, `.run.json.${process.pid}.tmp`));
    const error = await failure(passingRun(), dir);
    expect([error.code, error.object]).to.deep.equal(['DISK_FULL', join(dir, 'run.json')]);
    expect(error.seen).to.include('ENOSPC');
    expect(await readdir(dir)).to.deep.equal([]);
  });
});
