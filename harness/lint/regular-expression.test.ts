import { expect } from 'chai';
import { flawOf } from './regular-expression.ts';

describe('flawOf', () => {
  for (const pattern of [
    'a.+',
    '(?i)env-(?P<name>a+)[[:alpha:]]\\z',
    '\\Qa(b\\E',
    'a{2,1000}',
    '[(*+]',
    '(?:a|b)+?',
    '\\pL\\d+',
    '[^]a]',
    '\\(a\\+\\+',
    '[[:alnum:]*+]+',
    '\\Qa++\\E',
    '\\101',
  ])
    it(`lets ${pattern} pass`, () => {
      expect(flawOf(pattern)).to.equal(undefined);
    });

  for (const pattern of ['a(', 'a)', '[a', '*a', 'a{2,1}', 'a\\'])
    it(`sees that ${pattern} is none`, () => {
      expect(flawOf(pattern)?.kind).to.equal('syntax');
    });

  for (const pattern of ['a(?=b)', '(?<!a)b', '(a)\\1', 'a++', '(?>a)', 'a{1001}'])
    it(`sees that RE2 has no ${pattern}`, () => {
      expect(flawOf(pattern)?.kind).to.equal('dialect');
    });
});
