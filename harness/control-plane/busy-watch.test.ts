import { expect } from 'chai';
import { BusyWatch } from './busy-watch.ts';

/** Looks of a watch, each so many milliseconds after the one before, in which this process calculated for some of them. */
function reasonOf(looks: readonly { afterMs: number; cpuMs?: number }[]): string | undefined {
  let [atMs, ownMs] = [0, 0];
  const watch = new BusyWatch({ now: () => atMs, cpuMs: () => ownMs });
  for (const { afterMs, cpuMs = 0 } of looks) {
    atMs += afterMs;
    ownMs += cpuMs;
    watch.look();
  }
  return watch.reason();
}

const inTime = { afterMs: 21 };
const late = { afterMs: 90 };

function looks(count: number, look: { afterMs: number; cpuMs?: number }): (typeof look)[] {
  return Array.from({ length: count }, () => look);
}

describe('a watch for other work on the machine', () => {
  it('says nothing on a quiet one, nor of a few late looks', () => {
    expect(reasonOf(looks(200, inTime))).to.equal(undefined);
    expect(reasonOf([...looks(90, inTime), ...looks(10, late)])).to.equal(undefined);
  });

  it('says how often its timer was held up', () => {
    expect(reasonOf([...looks(80, inTime), ...looks(20, late)])).to.equal(
      'other work runs on this machine: a timer of routeproof was held up for more than 50 ms in 20 of 100 cases',
    );
  });

  it('does not take for other work what routeproof itself calculates', () => {
    expect(reasonOf(looks(100, { afterMs: 90, cpuMs: 60 }))).to.equal(undefined);
  });

  it('says nothing of less than a second', () => {
    expect(reasonOf(looks(49, late))).to.equal(undefined);
    expect(reasonOf(looks(50, late))).to.be.a('string');
  });
});
