import { expect } from 'chai';
import { compareSpecificity, covers, intersect, routeHostnames } from './hostname.ts';

describe('hostnames', () => {
  const intersections: [string, string, string | undefined][] = [
    ['very.specific.com', 'very.specific.com', 'very.specific.com'],
    ['test.example.com', '*.example.com', 'test.example.com'],
    ['*.example.com', 'test.example.com', 'test.example.com'],
    ['*.com', '*.example.com', '*.example.com'],
    ['*.example.com', '*.com', '*.example.com'],
    ['*', 'a.example.com', 'a.example.com'],
    ['*', '*', '*'],
    ['*.example.com', 'a.b.example.com', 'a.b.example.com'],
    ['*.example.com', 'example.com', undefined],
    ['*.example.com', 'badexample.com', undefined],
    ['*.example.com', 'test.example.net', undefined],
    ['*.a.example.com', '*.b.example.com', undefined],
    ['a.example.com', 'b.example.com', undefined],
  ];
  for (const [left, right, expected] of intersections) {
    it(`${left} and ${right} have ${expected ?? 'nothing'} in common, either way round`, () => {
      expect(intersect(left, right)).to.equal(expected);
      expect(intersect(right, left)).to.equal(expected);
    });
  }

  it('a wildcard covers itself and narrower ones, not wider ones', () => {
    expect(covers('*.example.com', '*.example.com')).to.equal(true);
    expect(covers('*.example.com', '*.a.example.com')).to.equal(true);
    expect(covers('*.a.example.com', '*.example.com')).to.equal(false);
    expect(covers('*.example.com', '*')).to.equal(false);
  });

  it('order from exact to longer wildcards to none', () => {
    const ordered = ['a.com', 'b.example.com', '*.foo.example.com', '*.example.com', '*.com', '*'];
    expect(ordered.toReversed().sort(compareSpecificity)).to.deep.equal(ordered);
  });

  it('of a route are lower case, once each, and never IP addresses', () => {
    expect(routeHostnames(undefined)).to.deep.equal(['*']);
    expect(routeHostnames([])).to.deep.equal(['*']);
    expect(routeHostnames(['A.com', 'a.com', '10.0.0.1', '*.B.com'])).to.deep.equal(['a.com', '*.b.com']);
    expect(routeHostnames(['10.0.0.1'])).to.deep.equal([]);
  });
});
