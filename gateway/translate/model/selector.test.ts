import { expect } from 'chai';
import { matchesSelector } from './selector.ts';

const labels = { team: 'a', env: 'test' };
const expression = (key: string, operator: string, values?: string[]) => ({
  matchExpressions: [{ key, operator, ...(values === undefined ? {} : { values }) }],
});

describe('matchesSelector', () => {
  it('an empty selector fits all, an absent one nothing', () => {
    expect(matchesSelector({}, undefined)).to.equal(true);
    expect(matchesSelector(undefined, labels)).to.equal(false);
  });

  it('needs every label and every expression', () => {
    expect(matchesSelector({ matchLabels: { team: 'a' } }, labels)).to.equal(true);
    expect(matchesSelector({ matchLabels: { team: 'a', env: 'prod' } }, labels)).to.equal(false);
    expect(
      matchesSelector({ matchLabels: { team: 'a' }, ...expression('env', 'NotIn', ['test']) }, labels),
    ).to.equal(false);
  });

  const cases: [string, string, string[] | undefined, boolean][] = [
    ['env', 'In', ['test', 'dev'], true],
    ['env', 'In', ['dev'], false],
    ['none', 'In', ['dev'], false],
    ['env', 'NotIn', ['dev'], true],
    ['none', 'NotIn', ['dev'], true],
    ['env', 'Exists', undefined, true],
    ['none', 'Exists', undefined, false],
    ['none', 'DoesNotExist', undefined, true],
    ['env', 'DoesNotExist', undefined, false],
    ['env', 'Like', ['test'], false],
  ];
  for (const [key, operator, values, expected] of cases) {
    it(`${key} ${operator} ${values?.join(',') ?? ''} is ${expected}`, () => {
      expect(matchesSelector(expression(key, operator, values), labels)).to.equal(expected);
    });
  }
});
