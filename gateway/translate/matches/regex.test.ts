import { RE2JS } from 're2js';
import { expect } from 'chai';
import { embeddable, quoteRegex, regexProblem } from './regex.ts';

/** Whether the whole of `text` matches, as the proxy matches. */
const matches = (pattern: string, text: string): boolean => RE2JS.matches(pattern, text);

describe('regular expressions', () => {
  it('are refused where RE2 refuses them', () => {
    expect(regexProblem('v[0-9]+')).to.equal(undefined);
    for (const pattern of ['(', '[', 'a(?=b)', String.raw`(a)\1`]) {
      expect(regexProblem(pattern), pattern).to.include(pattern);
    }
  });

  it('embedded mean what they mean alone', () => {
    const cases: [string, string, boolean][] = [
      ['Get.*', 'GetA', true],
      ['^Get.*$', 'GetA', true],
      ['^Get|Put$', 'Put', true],
      ['^Get|Put$', 'GetPut', false],
      [String.raw`cost\$`, 'cost$', true],
      [String.raw`cost\$`, 'cost', false],
      [String.raw`a\\$`, 'a\\', true],
      ['(?i)echo', 'ECHO', true],
      ['^', '', true],
      ['$', '', true],
    ];
    for (const [pattern, text, expected] of cases) {
      expect(matches(pattern, text), `${pattern} alone`).to.equal(expected);
      expect(matches(`/x/${embeddable(pattern)}`, `/x/${text}`), `${pattern} embedded`).to.equal(expected);
    }
  });

  it('an embedded flag ends with its part', () => {
    expect(matches(`/${embeddable('(?i)a')}/b`, '/A/B')).to.equal(false);
  });

  it('quoting takes every character for itself', () => {
    const text = String.raw`a.b*c+(d)[e]{f}^g$h|i?j\k`;
    expect(matches(quoteRegex(text), text)).to.equal(true);
    expect(matches(quoteRegex('a.b'), 'axb')).to.equal(false);
  });
});
