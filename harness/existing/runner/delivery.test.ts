import { expect } from 'chai';
import { RouteproofError } from '../../../common/errors.ts';
import { Delivery, deliveryLines } from './delivery.ts';

/** Not compressible, so that it takes several lines. */
const result = { texts: Array.from({ length: 2000 }, (_, index) => `${String(index * 7919)} ü`) };

function received(lines: readonly string[]): Delivery {
  const delivery = new Delivery();
  for (const line of lines) delivery.take(line);
  return delivery;
}

describe('results that go through the log of a pod', () => {
  it('come out as they went in, from among lines for people', () => {
    const lines = deliveryLines(result);
    expect(lines.length).to.be.greaterThan(3);
    for (const line of lines) expect(line.length).to.be.lessThan(4096);
    const mixed = lines.flatMap((line, index) => [`  pass ${String(index)}`, line]);
    const delivery = new Delivery();
    const shown = mixed.filter((line) => !delivery.take(line));
    expect(shown).to.deep.equal(lines.map((_, index) => `  pass ${String(index)}`));
    expect(delivery.result()).to.deep.equal(result);
  });

  it('are undefined when none were sent', () => {
    expect(received(['running 1 scenarios']).result()).to.equal(undefined);
  });

  it('are refused when a line is missing, changed or the last one has not come', () => {
    const lines = deliveryLines(result);
    const changed = lines.map((line, index) => (index === 1 ? line.replace(/....$/, 'AAAA') : line));
    for (const broken of [lines.slice(1), lines.slice(0, -1), lines.toSpliced(1, 1), changed]) {
      const delivery = received(broken);
      expect(() => delivery.result())
        .to.throw(RouteproofError)
        .with.property('code', 'RUNNER_FAILED');
    }
  });
});
