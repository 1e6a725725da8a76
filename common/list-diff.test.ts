import { expect } from 'chai';
import { listDiff } from './list-diff.ts';

describe('listDiff', () => {
  const cases: [string, string, string, string][] = [
    ['abc', 'abc', '', ''],
    ['abc', 'axc', 'b', 'x'],
    ['abc', 'abcd', '', 'd'],
    ['abc', 'bc', 'a', ''],
    ['abcd', 'dcba', '', ''],
    ['aa', 'a', 'a', ''],
    ['', 'ab', '', 'ab'],
    ['abcd', 'aycx', 'bd', 'yx'],
  ];
  for (const [previous, next, removed, added] of cases) {
    it(`${previous} to ${next}`, () => {
      const diff = listDiff(previous.split(''), next.split(''));
      expect([diff.removed.join(''), diff.added.join('')]).to.deep.equal([removed, added]);
    });
  }
});
