import { setTimeout as delay } from 'node:timers/promises';

/** Time as an election knows it; tests have one of their own. */
export interface LeaseClock {
  /** Milliseconds that only ever grow: what other machines say of the time is never compared with it. */
  now: () => number;
  /** Resolves at that time, or when the signal fires; never rejects. */
  until: (atMs: number, signal: AbortSignal) => Promise<void>;
}

export const realLeaseClock: LeaseClock = {
  now: () => performance.now(),
  until: async (atMs, signal) => {
    // setTimeout knows no longer time, and a few weeks are as good as none.
    const waitMs = Math.min(Math.max(0, atMs - performance.now()), 2 ** 31 - 1);
    await delay(waitMs, undefined, { signal }).catch(() => undefined);
  },
};
