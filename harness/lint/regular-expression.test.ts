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
    '\\Qa+b\\E+',
    '\\b+',
    '^*',
    '$*',
    '(?<n>a)(?<n>b)',
    '\\{id}+',
    'foo}+',
    'a{1001',
    '\\C',
  ])
    it(`lets ${pattern} pass`, () => {
      expect(flawOf(pattern)).to.equal(undefined);
    });

  for (const pattern of ['a(', 'a)', '[a', '*a', 'a{2,1}', 'a\\', '[z-a]', 'a**', '(?i', '(?P<n'])
    it(`sees that ${pattern} is none`, () => {
      expect(flawOf(pattern)?.kind).to.equal('syntax');
    });

  for (const pattern of [
    'a(?=b)',
    '(?<!a)b',
    '(a)\\1',
    'a++',
    'a{2}+',
    '(?>a)',
    'a{1001}',
    '(a{500}){3}',
    'a{2}{3}',
    ...['(?x)a # (', 'a(?#c)b', '(?|a|b)', '(?R)', '(?^i)a', '(*UTF8)a', '(?P=n)', '(?<a-b>x)'],
    ...['Z', 'h', 'R', 'K', 'G', 'X', 'N', 'e', 'cA', 'u0041', 'y', 'x4'].map((escape) => `\\${escape}`),
    ...['[\\b]', '[a-\\d]', '\\p{Foo}', '[[:foo:]]', '[]'],
  ])
    it(`sees that RE2 has no ${pattern}`, () => {
      expect(flawOf(pattern)?.kind).to.equal('dialect');
    });

  it('says what RE2 has not', () => {
    const whatOf = (pattern: string): string | undefined => flawOf(pattern)?.what;
    expect(whatOf('(?<=a)b')).to.equal('RE2 has no look-around');
    expect(whatOf('\\w+\\Z')).to.equal('RE2 does not take \\Z there');
    expect(whatOf('a*+')).to.equal('RE2 has no atomic groups and possessive quantifiers');
    expect(whatOf('(a')).to.equal('missing closing )');
  });
});
