import { expect } from 'chai';
import { RouteproofError } from '../common/errors.ts';
import { nodeOf } from './kind/kind-state.ts';
import { checkName } from './cluster-name.ts';

describe('the name of a cluster', () => {
  it('is one that a directory and a container can have', () => {
    for (const name of ['a', 'ci-1', 'a'.repeat(32)]) checkName(name);
    // A host name: RFC 1035, section 2.3.4.
    expect(nodeOf('a'.repeat(32)).length).to.be.at.most(63);
  });

  it('is refused otherwise, with what was seen', () => {
    for (const name of ['', '-a', 'a-', 'A', 'a/b', '..', 'a'.repeat(33)])
      expect(() => checkName(name), name)
        .to.throw(RouteproofError, JSON.stringify(name))
        .that.has.property('code', 'USAGE');
  });
});
