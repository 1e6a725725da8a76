import { expect } from 'chai';
import { describeSeen, holds, parentsBy, sameParent } from './conditions.ts';

const object = { metadata: { generation: 3 } };
const accepted = { type: 'Accepted', status: 'True', reason: 'Accepted' };

describe('conditions', () => {
  it('hold at the current generation only', () => {
    const wanted = { type: 'Accepted', status: 'True' } as const;
    expect(holds(object, [{ ...accepted, observedGeneration: 3 }], wanted)).to.equal(true);
    expect(holds(object, [{ ...accepted, observedGeneration: 2 }], wanted)).to.equal(false);
    expect(holds(object, [accepted], wanted)).to.equal(false);
    expect(holds(object, undefined, wanted)).to.equal(false);
  });

  it('hold with one of the reasons allowed', () => {
    const seen = [{ ...accepted, observedGeneration: 3 }];
    expect(holds(object, seen, { type: 'Accepted', status: 'True', reason: ['Other', 'Accepted'] })).to.equal(
      true,
    );
    expect(holds(object, seen, { type: 'Accepted', status: 'True', reason: 'Other' })).to.equal(false);
  });

  it('are described with a stale generation named', () => {
    expect(describeSeen(object, [{ ...accepted, observedGeneration: 2 }])).to.equal(
      'Accepted=True/Accepted observedGeneration=2 (generation is 3)',
    );
    expect(describeSeen(object, [], 'Programmed')).to.equal('no condition Programmed');
  });
});

describe('parent statuses', () => {
  const route = {
    metadata: { namespace: 'shop' },
    status: {
      parents: [
        { parentRef: { name: 'edge', namespace: 'shop' }, controllerName: 'ours' },
        { parentRef: { name: 'edge' }, controllerName: 'theirs' },
        { parentRef: { name: 'edge', namespace: 'infra' }, controllerName: 'ours' },
      ],
    },
  };

  it('are those of the controller asked for, with the route’s namespace as default', () => {
    expect(parentsBy(route, 'ours')).to.have.length(2);
    expect(parentsBy(route, 'ours', { name: 'edge' })).to.have.length(1);
    expect(parentsBy(route, 'ours', { name: 'edge', namespace: 'infra' })).to.have.length(1);
  });

  it('are told apart by section and port when those are asked for', () => {
    const found = { name: 'edge', sectionName: 'https', port: 443 };
    expect(sameParent(found, { name: 'edge' }, 'shop')).to.equal(true);
    expect(sameParent(found, { name: 'edge', sectionName: 'http' }, 'shop')).to.equal(false);
    expect(sameParent(found, { name: 'edge', port: 80 }, 'shop')).to.equal(false);
  });
});
