import { expect } from 'chai';
import { refreshAt } from './service-account-token.ts';

describe('refreshAt', () => {
  it('is after four fifths of the life of a token', () => {
    expect(refreshAt({ value: '', issuedAtMs: 1000, expiresAtMs: 11_000 })).to.equal(9000);
  });
});
