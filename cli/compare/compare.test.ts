import { expect } from 'chai';
import { execa } from 'execa';
import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { given } from '../../common/given.ts';
import { projectRoot } from '../../common/tools.ts';
import type { Run } from '../../harness/results/run.ts';
import { passingRun } from '../../reports/testing/example-run.fixture.ts';
import { runLike } from '../../reports/regressions/runs.fixture.ts';

async function compare(
  ...args: string[]
): Promise<{ exitCode: number | undefined; out: string; err: string }> {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [join(projectRoot, 'cli/main.ts'), 'compare', ...args],
    { reject: false, env: { NO_COLOR: '1' } },
  );
  return { exitCode, out: stdout, err: stderr };
}

describe('routeproof compare', () => {
  let dir: string;

  const write = async (name: string, run: Run): Promise<string> => {
    await mkdir(join(dir, name));
    await writeFile(join(dir, name, 'run.json'), JSON.stringify(run));
    return join(dir, name);
  };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'routeproof-compare-'));
  });

  afterEach(() => rm(dir, { recursive: true }));

  it('ends with 0 where nothing got worse, and with 1 where something did', async () => {
    const base = await write('base', runLike({ seed: 1 }));
    const same = await write('same', runLike({ seed: 2 }));
    const slower = await write('slower', runLike({ seed: 3, gatewayMs: 0.75 }));
    const fine = await compare(base, join(same, 'run.json'));
    expect(fine.exitCode, fine.err).to.equal(0);
    expect(fine.out).to.match(/regressions beyond 10 %: 0\nno difference that the data can show; .*$/);
    const worse = await compare(base, slower, '--markdown', join(dir, 'summary.md'));
    expect(worse.exitCode, worse.err).to.equal(1);
    expect(worse.out).to.contain('regression: unary-latency: Latency, median, gateway / floor');
    expect(await readFile(join(dir, 'summary.md'), 'utf8')).to.contain('1 regressions beyond 10 %');
    expect((await compare(base, slower, '--threshold', '60')).exitCode).to.equal(0);
  });

  it('ends with 3 where what was measured cannot be judged', async () => {
    const base = await write('base', runLike({ seed: 1 }));
    const short = await write('short', runLike({ seed: 2, blocks: 3 }));
    const { exitCode, out } = await compare(base, short);
    expect(exitCode).to.equal(3);
    expect(out).to.contain('could not be judged, which is no pass');
  });

  it('ends with 3 where a benchmark of the base run is gone, and with 0 where one is new', async () => {
    const all = await write('all', runLike({ seed: 1 }));
    const less = await write('less', { ...runLike({ seed: 2 }), controlPlane: [] });
    const gone = await compare(all, less);
    expect(gone.exitCode, gone.err).to.equal(3);
    expect(gone.out).to.contain('undecided: route-propagation: it is not in the new run');
    expect(gone.out).to.not.contain('difference that the data can show');
    const added = await compare(less, all);
    expect(added.exitCode, added.err).to.equal(0);
    expect(added.out).to.contain('note: route-propagation: not judged, it is not in the base run');
  });

  it('ends with 1 where calls were lost on a quiet machine, and with 3 where it was busy', async () => {
    const run = (lost: number, busy?: string): Run => {
      const counted = { title: 'Calls', unit: 'calls' as const, invalid: [] };
      const figures = [
        { ...counted, name: 'gatewayLostCalls', samples: [lost] },
        { ...counted, name: 'gatewayCalls', samples: [50_000] },
      ];
      const subject = { subject: 'call-loss', title: 'x', invalid: [], durationMs: 1, notMeasured: [] };
      const result = { ...subject, figures, ...given({ busy }) };
      return { ...runLike({ seed: 1 }), load: [], controlPlane: [result] };
    };
    const base = await write('base', run(0));
    expect((await compare(base, await write('quiet', run(3)))).exitCode).to.equal(1);
    const { exitCode, out } = await compare(base, await write('busy', run(3, 'other work runs')));
    expect(exitCode).to.equal(3);
    expect(out).to.contain('call-loss: whether it loses more calls could not be judged, which is no pass');
  });

  it('prints everything as JSON', async () => {
    const base = await write('base', runLike({ seed: 1 }));
    const slower = await write('slower', runLike({ seed: 3, gatewayMs: 0.75 }));
    const { exitCode, out } = await compare(base, slower, '--json');
    expect(exitCode).to.equal(1);
    const { regressions } = JSON.parse(out) as { regressions: { place: string }[] };
    expect(regressions[0]?.place).to.contain('between floor and gateway');
  });

  it('lays runs over each other in a page', async () => {
    const base = await write('base', runLike({ seed: 1 }));
    const slower = await write('slower', runLike({ seed: 3, gatewayMs: 0.75 }));
    expect((await compare(base, slower, '--out', join(dir, 'page'))).exitCode).to.equal(1);
    const page = await readFile(join(dir, 'page/compare.html'), 'utf8');
    expect(page).to.contain('<title>1 regression that the data show');
    const report = await execa(
      process.execPath,
      [join(projectRoot, 'cli/main.ts'), 'report', base, slower, base, '--overlay', join(dir, 'three')],
      { reject: false },
    );
    expect(report.exitCode, report.stderr).to.equal(0);
    expect(await readFile(join(dir, 'three/overlay.html'), 'utf8')).to.contain('<title>3 runs');
  });

  it('says what it cannot compare', async () => {
    const base = await write('base', runLike({ seed: 1 }));
    const none = await write('none', { ...passingRun(), load: [] });
    const { exitCode, err } = await compare(base, none);
    expect(exitCode).to.equal(2);
    expect(err).to.contain('no figure in common').and.to.contain('no benchmark');
    expect((await compare(base, join(dir, 'nowhere'))).exitCode).to.equal(2);
    expect((await compare(base)).exitCode).to.equal(2);
  });
});
