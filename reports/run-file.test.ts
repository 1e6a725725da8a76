import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { RouteproofError } from '../common/errors.ts';
import type { Run } from '../harness/results/run.ts';
import { exampleRun, hostileRun, largeRun, passingRun } from './testing/example-run.fixture.ts';
import { problemsWithRun, readRun } from './run-file.ts';

describe('readRun', () => {
  let dir: string;
  let file: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'routeproof-run-'));
    file = join(dir, 'run.json');
  });
  afterEach(() => rm(dir, { recursive: true }));

  async function refusal(content: unknown): Promise<RouteproofError> {
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    const error: unknown = await readRun(file).catch((e: unknown) => e);
    if (!(error instanceof RouteproofError)) throw new Error('readRun took the file');
    expect(error.code).to.equal('INVALID_RUN_FILE');
    expect(error.object).to.equal(file);
    return error;
  }

  it('gives back what was written', async () => {
    await writeFile(file, JSON.stringify(exampleRun()));
    expect(await readRun(file)).to.deep.equal(exampleRun());
  });

  it('names the path of a wrong field and what was seen there', async () => {
    const run = exampleRun() as unknown as { scenarios: Record<string, unknown>[] };
    run.scenarios[3] = { ...run.scenarios[3], verdict: 'passed' };
    expect((await refusal(run)).seen).to.match(
      /^\/scenarios\/3\/verdict must be .*"pass".*, but is "passed"$/,
    );
  });

  it('names an unknown field, a missing one and a number that JSON cannot hold', async () => {
    const run: Partial<Run> & { extra: number } = { ...exampleRun(), extra: 1, durationMs: NaN };
    delete run.profile;
    const { seen } = await refusal(run);
    expect(seen)
      .to.include('(extra)')
      .and.include("'profile'")
      .and.include('/durationMs must be number, but is null');
  });

  it('says when another version wrote the file', async () => {
    const error = await refusal({ ...exampleRun(), schemaVersion: 2 });
    expect(error.seen).to.equal('/schemaVersion is 2; this routeproof reads 1');
  });

  it('shows only the first of many problems', async () => {
    const run = exampleRun();
    const broken = { ...run, scenarios: run.scenarios.map((s) => ({ ...s, id: 7 })) };
    const { seen } = await refusal(broken);
    expect(seen?.split('\n')).to.have.length(6);
    expect(seen).to.match(/and 60 more$/);
  });

  it('refuses text that is no JSON, an empty file, and JSON of another kind', async () => {
    expect((await refusal('{"schemaVersion": 1,')).message).to.include('is not JSON');
    expect((await refusal('')).message).to.include('is not JSON');
    expect((await refusal('null')).seen).to.equal('/ must be object, but is null');
    expect((await refusal([])).seen).to.equal('/ must be object, but is []');
  });

  it('says when there is no such file', async () => {
    const error: unknown = await readRun(join(dir, 'none.json')).catch((e: unknown) => e);
    expect(error).to.be.instanceOf(RouteproofError).with.property('message').that.includes('ENOENT');
  });
});

describe('problemsWithRun', () => {
  it('finds none in any example', () => {
    for (const run of [exampleRun(), passingRun(), hostileRun(), largeRun(100)])
      expect(problemsWithRun(run)).to.deep.equal([]);
  });

  it('sees a value as run.json would hold it', () => {
    expect(problemsWithRun({ ...exampleRun(), durationMs: Infinity })).to.deep.equal([
      '/durationMs must be number, but is null',
    ]);
  });
});
