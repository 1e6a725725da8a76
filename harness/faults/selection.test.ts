import { expect } from 'chai';
import type { ClauseIndex } from '../clauses/clause-facts.ts';
import type { FaultSpec } from './fault-spec.ts';
import { selectFaults, type Asked } from './selection.ts';

const clauses = new Map([
  ['old', {}],
  ['new', { since: 'v1.7.0' }],
]) as unknown as ClauseIndex;

function fault(name: string, clause: string, channel?: 'experimental'): FaultSpec {
  const spec = { name, title: '', area: 'matching', clauses: [clause], layers: ['routed' as const] };
  return channel === undefined ? spec : { ...spec, channel };
}

const all = [
  fault('a', 'old'),
  fault('b', 'old'),
  fault('c', 'new'),
  fault('d', 'old', 'experimental'),
  fault('e', 'old'),
];

function select(asked: Asked): string {
  const { part, chosen } = selectFaults({ gateway: all, crds: [] }, asked, clauses);
  return [part.release, part.channel, ...chosen.gateway.map(({ name }) => name)].join(' ');
}

describe('the selection of faults', () => {
  it('takes those of one release and channel, each in one of them only', () => {
    expect(select({})).to.equal('v1.6.3 standard a b e');
    expect(select({ release: 'v1.7.0' })).to.equal('v1.7.0 standard c');
    expect(select({ channel: 'experimental' })).to.equal('v1.6.3 experimental d');
  });

  it('goes by the names, where there are some', () => {
    expect(select({ only: ['c'] })).to.equal('v1.7.0 standard c');
    expect(select({ only: ['d'] })).to.equal('v1.6.3 experimental d');
    expect(select({ only: ['a', 'c'], release: 'v1.7.0' })).to.equal('v1.7.0 standard a c');
  });

  it('refuses names that are unknown or do not go together', () => {
    expect(() => select({ only: ['z'] })).to.throw('unknown fault z');
    expect(() => select({ only: ['a', 'c'] })).to.throw('a (v1.6.3, standard), c (v1.7.0, standard)');
    expect(() => select({ only: ['c'], release: 'v1.6.3' })).to.throw('another release');
    expect(() => select({ only: ['a', 'd'] })).to.throw('another release or channel');
  });

  it('deals the faults out to shards', () => {
    expect(select({ shard: { index: 1, of: 2 } })).to.equal('v1.6.3 standard a e');
    expect(select({ shard: { index: 2, of: 2 } })).to.equal('v1.6.3 standard b');
  });
});
