import { expect } from 'chai';
import { lastWords } from './last-words.ts';

describe('the last words of kind', () => {
  const output = Array.from({ length: 20 }, (_, index) => `line ${String(index + 1)}`);
  const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trim());

  it('are its error and the end of what failed', () => {
    const text = ['Creating cluster', 'ERROR: failed to init node', ...output].join('\n');
    expect(linesOf(lastWords(text))).to.deep.equal([
      'ERROR: failed to init node',
      '...',
      ...output.slice(-8),
    ]);
  });

  it('are its error and that of the command, if it names one', () => {
    const text = ['ERROR: no', ...output, 'error: the API server did not come up', ...output].join('\n');
    expect(linesOf(lastWords(text))).to.deep.equal([
      'ERROR: no',
      '...',
      'error: the API server did not come up',
      ...output.slice(0, 7),
    ]);
  });

  it('are all of it when it is short', () => {
    expect(linesOf(lastWords('Creating cluster\nERROR: no\nline 1'))).to.deep.equal(['ERROR: no', 'line 1']);
  });

  it('are the end of a text without an error', () => {
    expect(linesOf(lastWords(output.join('\n')))).to.deep.equal(['...', ...output.slice(-8)]);
  });
});
