import { expect } from 'chai';
import { DOMParser, onErrorStopParsing, type Element } from '@xmldom/xmldom';
import type { Run } from '../../harness/results/run.ts';
import { exampleRun, hostileRun } from '../testing/example-run.fixture.ts';
import { junitXml } from './junit.ts';

/** Reads the XML back; anything not well-formed throws. */
function parsed(run: Run): Element {
  const document = new DOMParser({ onError: onErrorStopParsing }).parseFromString(junitXml(run), 'text/xml');
  if (document.documentElement === null) throw new Error('no root element');
  return document.documentElement;
}

function elements(parent: Element, name: string): Element[] {
  return [...parent.getElementsByTagName(name)];
}

function attributes(element: Element, ...names: string[]): (string | null)[] {
  return names.map((name) => element.getAttribute(name));
}

/** What became of a testcase: its failure, error or skipped element. */
function outcome(root: Element, id: string): Element | undefined {
  const testcase = elements(root, 'testcase').find((c) => c.getAttribute('name') === id);
  if (testcase === undefined) throw new Error(`no testcase ${id}`);
  const found = ['failure', 'error', 'skipped'].flatMap((name) => elements(testcase, name));
  expect(found.length).to.be.lessThan(2);
  return found[0];
}

describe('junitXml', () => {
  it('counts failures, errors and skips as they are', () => {
    const root = parsed(exampleRun());
    // 65 scenarios and 2 benchmarks; one setup-failed and one invalid benchmark.
    expect(attributes(root, 'tests', 'failures', 'errors', 'skipped')).to.deep.equal(['67', '5', '2', '1']);
    for (const suite of elements(root, 'testsuite'))
      expect(suite.getAttribute('tests')).to.equal(String(elements(suite, 'testcase').length));
  });

  it('tells verdict, layer, expected and seen of a failure', () => {
    const failure = outcome(parsed(exampleRun()), 'header/several-all-must-match');
    expect([failure?.tagName, failure?.getAttribute('type')]).to.deep.equal(['failure', 'wrong at routed']);
    expect(failure?.getAttribute('message')).to.match(/^routed: status OK from backend v2/);
    expect(failure?.textContent)
      .to.include('expected: status UNIMPLEMENTED, no backend')
      .and.include('clauses:  header-several-all-must-match')
      .and.include('grpcurl -plaintext');
  });

  it('makes set-up failures errors, and what was not run a skip with its reason', () => {
    const root = parsed(exampleRun());
    const unset = outcome(root, 'tls/several-certificates');
    expect([unset?.tagName, unset?.getAttribute('type')]).to.deep.equal([
      'error',
      'setup-failed at programmed',
    ]);
    const skipped = outcome(root, 'listener/isolation');
    expect(skipped?.tagName).to.equal('skipped');
    expect(skipped?.getAttribute('message')).to.include('does not claim');
    expect(outcome(root, 'hostname/exact')).to.equal(undefined);
  });

  it('skips what only an informational scenario saw, and says so', () => {
    const run = exampleRun();
    const failed = run.scenarios.find(({ verdict }) => verdict === 'wrong');
    const scenarios = run.scenarios.map((s) =>
      s === failed ? { ...s, support: 'informational' as const } : s,
    );
    const skipped = outcome(parsed({ ...run, scenarios }), failed?.id ?? '');
    expect(skipped?.nodeName).to.equal('skipped');
    expect(skipped?.getAttribute('message')).to.match(/^informational, no failure: \w+: /);
  });

  it('passes a scenario whose part is only implied and failed, and says what was seen', () => {
    const run = exampleRun();
    const finding = {
      verdict: 'wrong',
      layer: 'status',
      expected: 'it is gone',
      seen: 'it is there',
    } as const;
    const scenarios = run.scenarios.map((s) =>
      s.id === 'hostname/exact' ? { ...s, implied: [{ ...finding, clauses: ['implied-clause'] }] } : s,
    );
    const root = parsed({ ...run, scenarios });
    expect(outcome(root, 'hostname/exact')).to.equal(undefined);
    const [said] = elements(root, 'system-out');
    expect(said?.textContent).to.match(/^informational, no failure: wrong at status \(implied-clause\): /);
    const counts = ['failures', 'errors', 'skipped'];
    expect(attributes(root, ...counts)).to.deep.equal(attributes(parsed(run), ...counts));
  });

  it('makes an invalid benchmark and an early end errors', () => {
    const root = parsed({ ...exampleRun(), aborted: 'the API server went away' });
    expect(outcome(root, 'large-messages')?.getAttribute('message')).to.include('37 iterations');
    expect(outcome(root, 'unary-latency')).to.equal(undefined);
    const ended = outcome(root, 'ran to its end');
    expect([ended?.tagName, ended?.getAttribute('message')]).to.deep.equal([
      'error',
      'the API server went away',
    ]);
  });

  it('stays well-formed whatever a backend sent', () => {
    const root = parsed(hostileRun());
    expect(root.getAttribute('tests')).to.equal('68');
    expect(elements(root, 'failure')[0]?.textContent).to.include('</script><img src=x onerror=');
    // XML 1.0 has no NUL and no lone surrogate.
    expect(junitXml(hostileRun())).not.to.include('\0');
    expect(junitXml(hostileRun()).isWellFormed()).to.equal(true);
  });
});
