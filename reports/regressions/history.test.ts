import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RouteproofError } from '../../common/errors.ts';
import { appendHistory, historyEntry, readHistory } from './history.ts';
import { runLike } from './runs.fixture.ts';
import { problemsWithRun } from '../run-file.ts';

async function failure(of: Promise<unknown>): Promise<RouteproofError> {
  try {
    await of;
  } catch (error) {
    if (error instanceof RouteproofError) return error;
    throw error;
  }
  throw new Error('it did not fail');
}

describe('the history of benchmarks', () => {
  let dir: string;
  let file: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'routeproof-history-'));
    file = join(dir, 'history.jsonl');
  });

  afterEach(() => rm(dir, { recursive: true }));

  it('reads back what was appended, run after run', async () => {
    const entries = [1, 2, 3].map((seed) => historyEntry(runLike({ seed }), `commit-${seed}`));
    expect(await readHistory(file)).to.deep.equal([]);
    for (const entry of entries) await appendHistory(file, entry);
    expect(await readHistory(file)).to.deep.equal(entries);
  });

  it('keeps what can be compared over time: ratios, lost calls, medians of the control plane', () => {
    const { figures } = historyEntry(runLike({ seed: 1 }), undefined);
    expect(figures.map(({ title, side, of }) => [title, side, of].join('|'))).to.deep.equal([
      'Calls lost|gateway|',
      'Latency, median|gateway / floor|',
      'Streams that broke, of 10|gateway|',
      'changeServedMs (median)||3000 routes',
      'probeCallMs (median)||3000 routes',
      'bytesToProxyPerChange||100 routes',
      'bytesToProxyPerChange||1000 routes',
      'bytesToProxyPerChange||5000 routes',
    ]);
  });

  it('leaves invalid figures out', () => {
    const { figures } = historyEntry(runLike({ seed: 1, lost: 3 }), undefined);
    const sides = figures.map(({ side }) => side);
    expect(sides).to.not.include('gateway / floor');
    expect(figures.find(({ side }) => side === 'gateway')?.value).to.equal(3);
  });

  it('fits into run.json', () => {
    const run = runLike({ seed: 1 });
    const history = [historyEntry(run, 'abc'), historyEntry(run, undefined)];
    expect(problemsWithRun({ ...run, history })).to.deep.equal([]);
    expect(problemsWithRun({ ...run, history: [{}] })).to.not.deep.equal([]);
  });

  it('names the line that is none', async () => {
    await appendHistory(file, historyEntry(runLike({ seed: 1 }), undefined));
    await writeFile(file, '{"startedAt": 5}\n', { flag: 'a' });
    const wrong = await failure(readHistory(file));
    expect(wrong.code).to.equal('INVALID_INPUT');
    expect(wrong.message).to.contain(`${file}:2`);
    await writeFile(file, 'not json\n');
    expect((await failure(readHistory(file))).message)
      .to.contain(`${file}:1`)
      .and.to.contain('is no JSON');
    expect((await failure(readHistory(dir))).message).to.contain('cannot be read');
    expect(
      (await failure(appendHistory(dir, historyEntry(runLike({ seed: 1 }), undefined)))).message,
    ).to.contain('cannot be written');
  });
});
