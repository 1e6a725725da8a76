import { expect } from 'chai';
import { refreshAt, tokenRefreshShare } from './service-account-token.ts';

describe('refreshAt', () => {
  it('is after four fifths of the life of a token', () => {
    const token = { value: '', issuedAtMs: 1000, expiresAtMs: 11_000 };
    expect(refreshAt(token, tokenRefreshShare({}))).to.equal(9000);
  });

  it('is earlier where the environment says so, which it may not say wrongly', () => {
    expect(tokenRefreshShare({ ROUTEPROOF_TOKEN_REFRESH_SHARE: '0.01' })).to.equal(0.01);
    for (const text of ['0', '1.5', 'soon']) {
      expect(() => tokenRefreshShare({ ROUTEPROOF_TOKEN_REFRESH_SHARE: text })).to.throw(
        'ROUTEPROOF_TOKEN_REFRESH_SHARE',
      );
    }
  });
});
