import { expect } from 'chai';
import type { Run } from '../../harness/results/run.ts';
import { exampleControlPlane } from '../testing/example-control-plane.fixture.ts';
import { exampleRun, hostileRun, largeRun, passingRun, repeatedRun } from '../testing/example-run.fixture.ts';
import { summaryMarkdown } from './summary.ts';

describe('summaryMarkdown', () => {
  it('opens with the conclusion and lists failures before anything else', () => {
    const text = summaryMarkdown(exampleRun());
    expect(text).to.match(/^## ✕ routeproof conformance: 5 of 63 scenarios failed\n/);
    expect(text.indexOf('### Failures')).to.be.greaterThan(0).and.lessThan(text.indexOf('| suite |'));
    expect(text).to.include(
      '- ✕ `header/several-all-must-match` wrong at **routed**: expected `status UNIMPLEMENTED, no backend`, seen',
    );
    expect(text).to.include('### Not judged');
  });

  it('tells how often a failure passed alone, and where its bundle is', () => {
    const line = summaryMarkdown(exampleRun())
      .split('\n')
      .find((each) => each.includes('several-all-must-match'));
    expect(line).to.include('it passed 1 of 5 runs').and.include('`repro/header/several-all-must-match`');
  });

  it('says how many scenarios differed between several runs', () => {
    expect(summaryMarkdown(repeatedRun(3))).to.include('3 runs, 1 scenario differed');
    const same = { ...passingRun(), repeat: 3 };
    expect(summaryMarkdown(same)).to.include('3 runs, 0 scenarios differed');
    expect(summaryMarkdown(passingRun())).not.to.include('differed');
  });

  it('says how the Gateways were reached, where that was not directly', () => {
    const run = passingRun();
    expect(summaryMarkdown(run)).not.to.include('reached by');
    const reachedBy = '--connect-to *:80=localhost:8080 --port-forward';
    expect(summaryMarkdown({ ...run, cluster: { ...run.cluster, reachedBy } })).to.include(
      ` · reached by \`${reachedBy}\` · `,
    );
  });

  it('is short when all is well', () => {
    const text = summaryMarkdown(passingRun());
    expect(text).to.match(/^## ✓ routeproof conformance: All 65 scenarios passed\n/);
    expect(text).not.to.include('### Failures').and.not.to.include('### Not judged');
    expect(text).to.include('| **all** | **65** | **65** |');
  });

  it('never gives a figure of an invalid benchmark', () => {
    const text = summaryMarkdown(exampleRun());
    expect(text).to.match(/\| `unary-latency` \| gateway \| 400\/s \| 0\.909 ms/);
    expect(text).not.to.match(/\| `large-messages`/);
    expect(text).to.include('- ! `large-messages` invalid: gateway: 37 iterations were dropped');
  });

  it('tells what the control plane does, and nothing of a figure that is invalid', () => {
    const text = summaryMarkdown({ ...passingRun(), controlPlane: exampleControlPlane() });
    expect(text).to.match(/\| `route-propagation` \| `changeServedMs` \| 3000 routes \| \d\.\d\d ms/);
    expect(text).to.include('| 15 calls | 1 | `12 UNAVAILABLE, 3 wrong backend` |');
    expect(text).not.to.match(/\| `addServedMs` \|/);
    expect(text).to.include('- ! `route-propagation` `addServedMs 10000 routes` invalid: the probe');
    expect(text).to.include('- ! `restart` invalid: the Gateway of the benchmark was not programmed');
    expect(text).to.include('bytesToProxy, not measured: the processes');
  });

  it('counts what it does not list', () => {
    const run = largeRun(1000);
    const text = summaryMarkdown(run);
    const failures = run.scenarios.filter((s) => ['wrong', 'slow', 'unstable'].includes(s.verdict)).length;
    expect(text).to.include(`- and ${failures - 50} more: see report.html`);
    expect(Buffer.byteLength(text)).to.be.lessThan(65_536);
  });

  it('keeps hostile strings inside code spans and single lines', () => {
    const text = summaryMarkdown(hostileRun());
    const outsideCode = text.replaceAll(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
    expect(outsideCode)
      .not.to.match(/<(img|script|!--)/)
      .and.not.to.match(/\n# /);
    for (const row of rowsOf(text)) expect(cellsIn(row)).to.equal(cellsIn(rowsOf(text)[0] ?? ''));
  });

  it('tells of parts that are only implied, apart from failures', () => {
    const run = passingRun();
    const finding = {
      verdict: 'wrong',
      layer: 'status',
      expected: 'it is gone',
      seen: 'it is there',
    } as const;
    const [first, ...others] = run.scenarios;
    if (first === undefined) throw new Error('an empty example');
    const told = { ...first, implied: [{ ...finding, clauses: ['implied-clause'] }] };
    const text = summaryMarkdown({ ...run, scenarios: [told, ...others] });
    expect(text).to.match(/^## ✓ /);
    expect(text).not.to.include('### Failures');
    expect(text).to.include(
      `### Informational\n\nWhat the specification only implies, or contradicts itself about: told, and never a failure.\n\n- ✕ \`${first.id}\` wrong at **status**, only \`implied-clause\`: expected \`it is gone\`, seen \`it is there\``,
    );
  });

  it('says when the run ended early', () => {
    const run: Run = { ...passingRun(), aborted: 'the API server went away' };
    expect(summaryMarkdown(run)).to.match(
      /^## ! .*65 of 65 scenarios passed\n\n- The run ended early: the API/,
    );
  });
});

function rowsOf(text: string): string[] {
  const table = text.slice(text.indexOf('| suite |'), text.indexOf('### Load'));
  return table.trim().split('\n');
}

function cellsIn(row: string): number {
  return row.match(/(?<!\\)\|/g)?.length ?? 0;
}
