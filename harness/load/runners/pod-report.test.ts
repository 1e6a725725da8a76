import { expect } from 'chai';
import { PodLog } from './pod-report.ts';

const told = { quantiles: [0, 100], blocks: [] };

function logOf(lines: readonly string[]): PodLog {
  const log = new PodLog('k6-0');
  for (const line of lines) log.take(line);
  return log;
}

describe('the log of a pod of k6', () => {
  it('says that it waits, what failed, and its results in pieces', () => {
    const text = JSON.stringify(told);
    const failure = { block: 'gateway_0', reason: 'refused' };
    const log = logOf([
      'routeproof-waiting',
      `routeproof-failure ${JSON.stringify(failure)}`,
      '',
      `routeproof-result ${text.slice(0, 9)}`,
      'something of k6',
      `routeproof-result ${text.slice(9)}`,
      'routeproof-result-end 2',
    ]);
    expect(log.isWaiting).to.equal(true);
    expect(log.report()).to.deep.equal({ ...told, pod: 'k6-0', failures: [failure] });
    expect(log.lastWords).to.equal('something of k6');
  });

  it('has no results when k6 failed, but its words', () => {
    const log = logOf(['ReferenceError: x is not defined', 'at file:///routeproof']);
    expect([log.isWaiting, log.report()]).to.deep.equal([false, undefined]);
    expect(log.lastWords).to.equal('ReferenceError: x is not defined\nat file:///routeproof');
  });

  it('is refused when a piece is missing', () => {
    const log = logOf(['routeproof-result {', 'routeproof-result-end 2']);
    expect(() => log.report())
      .to.throw()
      .with.property('code', 'RUNNER_FAILED');
  });
});
