import { expect } from 'chai';
import { mustFitCrossCheck } from './load-cross-check.ts';

describe('load --cross-check', () => {
  const asked = { crossCheck: true as const };

  it('is for unary-latency, alone or beside others', () => {
    expect(() => mustFitCrossCheck(asked)).to.not.throw();
    expect(() => mustFitCrossCheck({ ...asked, subject: ['rules', 'unary-latency'] })).to.not.throw();
    expect(() => mustFitCrossCheck({ subject: ['rules'], runner: 'job' })).to.not.throw();
  });

  it('refuses what it would take no notice of', () => {
    expect(() => mustFitCrossCheck({ ...asked, subject: ['rules'] })).to.throw('cannot be cross-checked');
    expect(() => mustFitCrossCheck({ ...asked, runner: 'job' })).to.throw('in pods cannot be cross-checked');
  });
});
