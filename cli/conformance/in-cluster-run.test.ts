import { expect } from 'chai';
import { argumentsOfPod } from './in-cluster-run.ts';

describe('the command line of a run in a pod', () => {
  it('is that of the user without what is about the near end', () => {
    const near = [
      '--kubeconfig',
      'k',
      '--context=c',
      '--in-cluster',
      '--runner-image',
      'i',
      '--json',
      '--out=o',
    ];
    expect(argumentsOfPod(['conformance', ...near, '--suite', 'header', '--no-load'])).to.deep.equal([
      'conformance',
      '--suite',
      'header',
      '--no-load',
    ]);
  });
});
