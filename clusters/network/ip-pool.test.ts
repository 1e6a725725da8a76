import { expect } from 'chai';
import { IpPool } from './ip-pool.ts';

describe('IpPool', () => {
  it('gives each address once, from the first that is not skipped', () => {
    const pool = new IpPool('10.0.0.0/29', 2);
    const given = [1, 2, 3, 4, 5].map(() => pool.take());
    expect(given).to.deep.equal(['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6']);
    expect(() => pool.take()).to.throw('no address left');
  });

  it('gives a freed address again only after all others', () => {
    const pool = new IpPool('10.0.0.0/29', 2);
    const first = pool.take();
    pool.free(first);
    expect(pool.take()).to.equal('10.0.0.3');
  });

  it('crosses the border of a byte', () => {
    const pool = new IpPool('10.97.0.0/16', 255);
    expect([pool.take(), pool.take()]).to.deep.equal(['10.97.0.255', '10.97.1.0']);
  });

  it('takes an address that is asked for when it is free and in the range', () => {
    const pool = new IpPool('10.97.0.0/16', 1);
    expect(pool.takeThis('10.97.3.4')).to.equal(true);
    expect(pool.takeThis('10.97.3.4')).to.equal(false);
    expect(pool.takeThis('10.97.0.0')).to.equal(false);
    expect(pool.takeThis('10.98.0.1')).to.equal(false);
    expect(pool.takeThis('nonsense')).to.equal(false);
    expect(pool.takeThis('10.97.0')).to.equal(false);
    pool.free('10.97.3.4');
    expect(pool.takeThis('10.97.3.4')).to.equal(true);
  });
});
