import { expect } from 'chai';
import { formatLine, parseLogOptions } from './log-options.ts';

const parse = (query: string) => parseLogOptions(new URLSearchParams(query), 10_000);
const line = '1970-01-01T00:00:05.000Z stdout F two  words';

describe('parseLogOptions', () => {
  it('reads what kubectl sends', () => {
    expect(
      parse('follow=true&tailLines=3&sinceSeconds=4&timestamps=true&limitBytes=9&previous=true'),
    ).to.deep.equal({
      follow: true,
      previous: true,
      timestamps: true,
      tailLines: 3,
      sinceMs: 6000,
      limitBytes: 9,
    });
    expect(parse('sinceTime=1970-01-01T00%3A00%3A02Z').sinceMs).to.equal(2000);
    expect(parse('').sinceMs).to.equal(undefined);
  });

  it('refuses what is no number', () => {
    expect(() => parse('tailLines=x')).to.throw('tailLines: x is not a number');
  });
});

describe('formatLine', () => {
  it('shows the text as it was written, with its time on request', () => {
    expect(formatLine(line, parse(''))).to.equal('two  words');
    expect(formatLine(line, parse('timestamps=true'))).to.equal('1970-01-01T00:00:05.000Z two  words');
  });

  it('leaves out what is older', () => {
    expect(formatLine(line, parse('sinceSeconds=4'))).to.equal(undefined);
    expect(formatLine(line, parse('sinceSeconds=6'))).to.equal('two  words');
  });
});
