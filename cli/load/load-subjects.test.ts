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

  it('are told when another is asked for: those like it, else all', () => {
    const refused = (name: string): unknown => {
      try {
        return mustBeSubjects([name]);
      } catch (error) {
        return error;
      }
    };
    expect(refused('latency')).to.include({ code: 'USAGE', hint: 'did you mean unary-latency?' });
    expect(refused('zzzzzzzzzzzzzzzz'))
      .to.have.property('hint')
      .that.includes('unary-latency, streams, payload-size, tls, connection-churn, rules, headers')
      .and.includes('control-plane');
  });
});
