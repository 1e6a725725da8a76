import { expect } from 'chai';
import { given } from './given.ts';

describe('given', () => {
  it('keeps fields that have a value, false and empty ones too, in their order', () => {
    const fields = { a: 0, b: undefined, c: '', d: false, e: null, f: [undefined] };
    expect(Object.entries(given(fields))).to.deep.equal([
      ['a', 0],
      ['c', ''],
      ['d', false],
      ['e', null],
      ['f', [undefined]],
    ]);
  });

  it('has no key for a field that has none', () => {
    expect(given({ a: undefined })).to.not.have.property('a');
  });
});
