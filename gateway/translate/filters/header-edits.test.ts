import { expect } from 'chai';
import { headerEdit } from './header-edits.ts';

describe('headerEdit', () => {
  it('refuses two actions on one name, whatever its case', () => {
    expect(headerEdit({ set: [{ name: 'x-a', value: '1' }], remove: ['X-A'] }).problem).to.include('x-a');
    expect(
      headerEdit({ set: [{ name: 'x-a', value: '1' }], add: [{ name: 'X-A', value: '2' }] }).problem,
    ).to.include('x-a');
  });
});
