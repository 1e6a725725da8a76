import { mock } from 'node:test';
import { expect } from 'chai';
import { Pacer } from './pacer.ts';

/** More than any pause takes, also of a timer that another one has started. */
function passTime(): void {
  for (let i = 0; i < 5; i++) mock.timers.tick(1_000);
}

describe('Pacer', () => {
  let runs: number;
  let during: () => void;
  let pacer: Pacer;

  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'setImmediate'] });
    runs = 0;
    during = () => undefined;
    pacer = new Pacer(() => {
      runs++;
      during();
    });
  });

  afterEach(() => {
    pacer.stop();
    mock.timers.reset();
  });

  it('runs once for all that was asked before it, and not in the same turn', () => {
    pacer.start();
    for (let i = 0; i < 5; i++) pacer.soon();
    expect(runs).to.equal(0);
    passTime();
    expect(runs).to.equal(1);
  });

  it('runs again for what was asked meanwhile', () => {
    pacer.start();
    during = () => {
      if (runs === 1) pacer.soon();
    };
    pacer.soon();
    passTime();
    expect(runs).to.equal(2);
  });

  it('does what can wait by itself, where nothing else comes', () => {
    pacer.start();
    for (let i = 0; i < 5; i++) {
      pacer.later();
      mock.timers.tick(1);
    }
    expect(runs).to.equal(0);
    passTime();
    expect(runs).to.equal(1);
  });

  it('takes what can wait along with what cannot', () => {
    pacer.start();
    pacer.later();
    pacer.soon();
    passTime();
    expect(runs).to.equal(1);
    pacer.later();
    passTime();
    expect(runs).to.equal(2);
  });

  it('does nothing before its start and after its end', () => {
    pacer.soon();
    pacer.later();
    passTime();
    pacer.start();
    pacer.soon();
    pacer.later();
    pacer.stop();
    passTime();
    expect(runs).to.equal(0);
  });
});
