import { expect } from 'chai';
import { InvalidArgumentError } from 'commander';
import { listOf, positiveNumber, wholeNumber } from './command.ts';
import { outDir } from '../output/out-dir.ts';

describe('option values', () => {
  it('splits lists and adds to earlier ones', () => {
    expect(listOf('a, b')).to.deep.equal(['a', 'b']);
    expect(listOf('c', ['a', 'b'])).to.deep.equal(['a', 'b', 'c']);
  });

  it('refuses an empty name in a list', () => {
    expect(() => listOf('a,,b')).to.throw(InvalidArgumentError);
    expect(() => listOf('')).to.throw(InvalidArgumentError);
  });

  it('refuses numbers that make no sense', () => {
    expect(wholeNumber(1)('3')).to.equal(3);
    for (const text of ['0', '-1', '1.5', 'many', 'NaN'])
      expect(() => wholeNumber(1)(text), text).to.throw(InvalidArgumentError);
    expect(positiveNumber('0.5')).to.equal(0.5);
    for (const text of ['0', '-2', 'x', 'Infinity'])
      expect(() => positiveNumber(text), text).to.throw(InvalidArgumentError);
  });
});

describe('the directory of a run', () => {
  it('is named after the UTC time and the command', () => {
    const now = new Date('2026-01-31T12:00:05.123Z');
    expect(outDir(undefined, 'conformance', now)).to.match(/reports\/out\/2026-01-31T12-00-05Z-conformance$/);
  });

  it('is what --out says', () => {
    expect(outDir('/tmp/here', 'load', new Date())).to.equal('/tmp/here');
  });
});
