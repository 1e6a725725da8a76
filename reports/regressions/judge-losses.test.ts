import { expect } from 'chai';
import { isLostElsewhere } from './judge-losses.ts';

describe('calls that are lost beside the gateway too', () => {
  const base = { lost: 0, calls: 48_000 };

  it('excuse a loss that chance alone may explain', () => {
    expect(
      isLostElsewhere({ base, fresh: { lost: 2, calls: 48_000 } }, [{ lost: 1, calls: 12_000 }]),
    ).to.equal(true);
  });

  it('do not excuse one beyond chance when they are far fewer', () => {
    const fresh = { lost: 32, calls: 48_000 };
    expect(isLostElsewhere({ base, fresh }, [{ lost: 1, calls: 12_000 }])).to.equal(false);
  });

  it('excuse one beyond chance when they are as many: the machine stood still', () => {
    const fresh = { lost: 32, calls: 48_000 };
    expect(isLostElsewhere({ base, fresh }, [{ lost: 28, calls: 48_000 }])).to.equal(true);
  });

  it('excuse nothing when there are none', () => {
    expect(
      isLostElsewhere({ base, fresh: { lost: 1, calls: 48_000 } }, [{ lost: 0, calls: 48_000 }]),
    ).to.equal(false);
  });
});
