import { expect } from 'chai';
import { mustFitRunner, runnerOf } from './load-runner.ts';

describe('where the load generator runs', () => {
  it('is beside this process where no runner is named', () => {
    expect(() => mustFitRunner({ subject: ['rules'] })).not.to.throw();
    expect(runnerOf({})).to.equal(undefined);
  });

  it('is two pods of the pinned k6 unless said otherwise', () => {
    const image = 'docker.io/grafana/k6:1.8.1';
    expect(runnerOf({ runner: 'job' })).to.deep.equal({ kind: 'job', parallelism: 2, image });
    const flags = { runner: 'k6-operator', parallelism: 7, k6Image: 'mine/k6:2' } as const;
    expect(runnerOf(flags)).to.deep.equal({ kind: 'k6-operator', parallelism: 7, image: 'mine/k6:2' });
  });

  it('is not told by options that only a runner takes', () => {
    for (const [flags, option] of [
      [{ parallelism: 2 }, '--parallelism'],
      [{ k6Image: 'mine/k6:2' }, '--k6-image'],
    ] as const)
      expect(() => mustFitRunner(flags))
        .to.throw(`${option} is for --runner`)
        .with.property('code', 'USAGE');
  });

  it('is in pods on an existing cluster', () => {
    expect(() => mustFitRunner({ cluster: 'local' })).not.to.throw();
    expect(() => mustFitRunner({ cluster: 'kubeconfig', runner: 'job' })).not.to.throw();
    expect(() => mustFitRunner({ cluster: 'kubeconfig' }))
      .to.throw('add --runner job')
      .with.property('code', 'USAGE');
  });

  it('is not in pods for subjects that cannot run there, which names those that can', () => {
    expect(() => mustFitRunner({ runner: 'job', subject: ['unary-latency'] })).not.to.throw();
    for (const subject of ['rules', 'control-plane'])
      expect(() => mustFitRunner({ runner: 'job', subject: ['unary-latency', subject] }))
        .to.throw(`--subject ${subject}`)
        .with.property('message')
        .that.includes('one of unary-latency');
  });
});
