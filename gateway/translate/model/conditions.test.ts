import { expect } from 'chai';
import { mergeConditions, positive } from './conditions.ts';
import type { Condition } from './gateway-api.ts';

const now = '2026-02-02T00:00:00Z';
const earlier = '2026-01-01T00:00:00Z';
const owned = ['Accepted', 'PartiallyInvalid'];
const accepted = positive('Accepted', 'Accepted', 'fine');
const refused = positive('Accepted', 'Accepted', 'fine', { reason: 'NoMatchingParent', message: 'gone' });

function existing(fields: Partial<Condition> = {}): Condition {
  const base = { type: 'Accepted', status: 'True', reason: 'Accepted', message: 'fine' } as const;
  return { ...base, observedGeneration: 1, lastTransitionTime: earlier, ...fields };
}

describe('mergeConditions', () => {
  it('keeps the time while the status stays, whatever else changes', () => {
    const [condition] = mergeConditions([existing({ message: 'old', reason: 'Old' })], [accepted], owned, {
      generation: 2,
      now,
    });
    expect(condition).to.deep.equal(existing({ observedGeneration: 2 }));
  });

  it('moves the time when the status flips', () => {
    const [condition] = mergeConditions([existing()], [refused], owned, { generation: 2, now });
    expect(condition).to.include({ status: 'False', reason: 'NoMatchingParent', lastTransitionTime: now });
  });

  it('never keeps the placeholder time of the API server', () => {
    const placeholder = existing({ lastTransitionTime: '1970-01-01T00:00:00Z' });
    const [condition] = mergeConditions([placeholder], [accepted], owned, { generation: 1, now });
    expect(condition?.lastTransitionTime).to.equal(now);
  });

  it('leaves a condition of a newer generation alone, also one it would remove', () => {
    const newer = [
      existing({ observedGeneration: 9 }),
      existing({ type: 'PartiallyInvalid', observedGeneration: 9 }),
    ];
    expect(mergeConditions(newer, [refused], owned, { generation: 2, now })).to.deep.equal(newer);
  });

  it('drops what it owns and does not want, and keeps what it does not own, in place', () => {
    const foreign = existing({ type: 'example.com/Foo' });
    const before = [foreign, existing({ type: 'PartiallyInvalid' }), existing()];
    const merged = mergeConditions(before, [accepted], owned, { generation: 1, now });
    expect(merged).to.deep.equal([foreign, existing()]);
  });

  it('never holds a type twice', () => {
    const merged = mergeConditions([existing(), existing()], [accepted], owned, { generation: 1, now });
    expect(merged.map(({ type }) => type)).to.deep.equal(['Accepted']);
  });

  it('shortens a message that no condition could hold', () => {
    const long = positive('Accepted', 'Accepted', 'x'.repeat(40_000));
    const [condition] = mergeConditions([], [long], owned, { generation: 1, now });
    expect(condition?.message.length).to.equal(1024);
  });
});
