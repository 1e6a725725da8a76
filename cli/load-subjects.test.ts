import { expect } from 'chai';
import { mustBeSubjects } from './load-subjects.ts';

describe('subjects of routeproof load', () => {
  it('are the latency of unary calls where none is named', () => {
    const { load, controlPlane } = mustBeSubjects();
    expect([load.map(({ name }) => name), controlPlane]).to.deep.equal([['unary-latency'], []]);
  });

  it('are those that are named, of either kind', () => {
    const { load, controlPlane } = mustBeSubjects(['restart', 'rules', 'streams']);
    expect([load, controlPlane].map((all) => all.map(({ name }) => name))).to.deep.equal([
      ['streams', 'rules'],
      ['restart'],
    ]);
  });

  it('are told when another is asked for', () => {
    expect(() => mustBeSubjects(['latency']))
      .to.throw()
      .with.property('message')
      .that.includes('--subject latency')
      .and.includes('unary-latency, streams, payload-size, tls, connection-churn, rules, headers')
      .and.includes('control-plane');
  });
});
