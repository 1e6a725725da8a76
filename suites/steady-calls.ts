/** A steady stream of calls beside a change, to see that the change loses none of them. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Call, CallResult, Scenario } from '../harness/index.ts';

export interface SteadyCalls {
  /** Ends the stream and returns every result in the order of the answers. */
  stop(): Promise<CallResult[]>;
}

/** Where nobody answers, a connection is refused in no time at all: whoever dials at full speed keeps others from the CPU. */
const redialMs = 20;

/**
 * Starts `callers` loops that each send the next call as soon as the last one was answered, on a connection of their own: what a scenario waits for meanwhile may
 * dial anew, and calls under way would be lost with the old connection.
 */
export function steadyCalls(t: Scenario, call: Call, callers = 2): SteadyCalls {
  const results: CallResult[] = [];
  let running = true;
  const loop = async (): Promise<void> => {
    while (running) {
      const result = await t.call({ connection: 'steady', ...call });
      results.push(result);
      if (result.status === null) await pause(redialMs);
    }
  };
  const loops = Promise.all(Array.from({ length: callers }, loop));
  return {
    async stop() {
      running = false;
      await loops;
      return results;
    },
  };
}

/** The results that are not OK, in one line each: empty when no call was lost. */
export function lost(results: CallResult[]): string[] {
  return results
    .filter((result) => result.status !== 0)
    .map((result) => `${result.statusName} after ${result.reached}: ${result.message}`);
}
