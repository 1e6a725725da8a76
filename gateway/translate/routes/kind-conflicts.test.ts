import { expect } from 'chai';
import { intersect } from '../model/hostname.ts';
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

interface Aged extends Contender {
  age: number;
}

let age = 0;
const contender = (kind: Contender['kind'], ...hostnames: string[]): Aged => ({
  kind,
  hostnames,
  age: ++age,
});
const losersOf = (contenders: readonly Aged[]): Set<Aged> =>
  kindConflictLosers(contenders.toReversed(), (left, right) => left.age - right.age);

describe('kindConflictLosers', () => {
  it('finds an overlap exactly where two names intersect', () => {
    for (const left of names) {
      for (const right of names) {
        const older = contender('HTTPRoute', left);
        const younger = contender('GRPCRoute', right);
        const losers = losersOf([older, younger]);
        expect(losers.has(younger), `${left} and ${right}`).to.equal(intersect(left, right) !== undefined);
      }
    }
  });

  it('lets routes of one kind share names', () => {
    const routes = [contender('GRPCRoute', '*.com'), contender('GRPCRoute', 'a.com')];
    expect([...losersOf(routes)]).to.deep.equal([]);
  });

  it('agrees with comparing every pair', () => {
    // Without `*`, which would leave nothing to decide.
    const few = names.slice(1);
    const kinds = ['GRPCRoute', 'HTTPRoute', 'HTTPRoute'] as const;
    const routes = few.flatMap((_, i) =>
      kinds.map((kind, j) => contender(kind, few[(i * 3 + j * 2) % few.length] ?? '')),
    );
    const accepted: Aged[] = [];
    for (const route of routes) {
      const meets = accepted.some(
        ({ kind, hostnames }) =>
          kind !== route.kind &&
          hostnames.some((left) => route.hostnames.some((right) => intersect(left, right) !== undefined)),
      );
      if (!meets) accepted.push(route);
    }
    const losers = losersOf(routes);
    expect(routes.filter((route) => !losers.has(route))).to.deep.equal(accepted);
    expect(losers.size).to.be.greaterThan(0);
  });

  it('refuses a route for any one of its names, and frees all of them for later routes', () => {
    const winner = contender('HTTPRoute', 'a.com');
    const loser = contender('GRPCRoute', 'a.com', 'b.com');
    const third = contender('HTTPRoute', 'b.com');
    expect([...losersOf([winner, loser, third])]).to.deep.equal([loser]);
  });
});
