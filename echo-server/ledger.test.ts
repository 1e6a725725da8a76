import { expect } from 'chai';
import { Ledger } from './ledger.ts';
import type { Received } from './messages.ts';

const call = (method: string): Received => ({ method }) as Received;

describe('Ledger', () => {
  it('keeps the calls of each nonce in order', () => {
    const ledger = new Ledger();
    ledger.record('a', call('1'));
    ledger.record('b', call('2'));
    ledger.record('a', call('3'));
    expect(ledger.seen('a').map(({ method }) => method)).to.deep.equal(['1', '3']);
    expect(ledger.seen('none')).to.deep.equal([]);
  });

  it('forgets the oldest calls past its limit, also of a single nonce', () => {
    const ledger = new Ledger(2);
    for (const method of ['1', '2', '3']) ledger.record('a', call(method));
    expect(ledger.seen('a').map(({ method }) => method)).to.deep.equal(['2', '3']);
    ledger.record('b', call('4'));
    ledger.record('b', call('5'));
    expect(ledger.seen('a')).to.deep.equal([]);
    expect(ledger.seen('b')).to.have.length(2);
  });
});
