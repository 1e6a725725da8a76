import { expect } from 'chai';
import { describeObject, keyOf, objectKey } from './object-key.ts';

describe('object keys', () => {
  it('joins namespace and name', () => {
    expect(objectKey('a', 'b')).to.equal('a/b');
    expect(keyOf({ metadata: { namespace: 'a', name: 'b' } })).to.equal('a/b');
  });

  it('leaves the namespace of cluster-scoped objects away', () => {
    expect(objectKey(undefined, 'b')).to.equal('b');
    expect(objectKey('', 'b')).to.equal('b');
  });

  it('names an object with its kind', () => {
    expect(describeObject({ kind: 'Gateway', metadata: { namespace: 'a', name: 'b' } })).to.equal(
      'Gateway a/b',
    );
  });
});
