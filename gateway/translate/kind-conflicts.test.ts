import { expect } from 'chai';
import { intersect } from './hostname.ts';
import { kindConflictLosers } from './kind-conflicts.ts';
import type { Contender } from './kind-conflicts.ts';

const names = [
  '*',
  '*.com',
  '*.example.com',
  '*.a.example.com',
  'example.com',
  'a.example.com',
  'b.a.example.com',
  'x.org',
];

const contender = (kind: Contender['kind'], ...hostnames: string[]): Contender => ({ kind, hostnames });

describe('kindConflictLosers', () => {
  it('finds an overlap exactly where two names intersect', () => {
    for (const left of names) {
      for (const right of names) {
        const younger = contender('GRPCRoute', right);
        const losers = kindConflictLosers([contender('HTTPRoute', left), younger]);
        expect(losers.has(younger), `${left} and ${right}`).to.equal(intersect(left, right) !== undefined);
      }
    }
  });

  it('lets routes of one kind share names', () => {
    const routes = [contender('GRPCRoute', '*.com'), contender('GRPCRoute', 'a.com')];
    expect([...kindConflictLosers(routes)]).to.deep.equal([]);
  });

  it('refuses a route for any one of its names, and frees all of them for later routes', () => {
    const winner = contender('HTTPRoute', 'a.com');
    const loser = contender('GRPCRoute', 'a.com', 'b.com');
    const third = contender('HTTPRoute', 'b.com');
    expect([...kindConflictLosers([winner, loser, third])]).to.deep.equal([loser]);
  });
});
