import { expect } from 'chai';
import { expand } from './expand.ts';

describe('expand', () => {
  const variables = { A: '1', EMPTY: '', toString2: 'x' };
  const cases: [string, string][] = [
    ['$(A)', '1'],
    ['a$(A)b$(A)', 'a1b1'],
    ['$(EMPTY)', ''],
    ['$(NONE)', '$(NONE)'],
    ['$(toString)', '$(toString)'],
    ['$$(A)', '$(A)'],
    ['$$$(A)', '$1'],
    ['$A ${A}', '$A ${A}'],
    ['$(A', '$(A'],
    ['$', '$'],
  ];
  for (const [text, expected] of cases) {
    it(`makes ${expected || 'nothing'} of ${text}`, () => expect(expand(text, variables)).to.equal(expected));
  }
});
