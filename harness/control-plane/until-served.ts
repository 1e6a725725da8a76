import { given } from '../../common/given.ts';
import type { Connections } from './connections.ts';
import { gatewayPort, hostOf, untilConnected, type Lab } from './lab.ts';
import { Probe } from './probe.ts';
import { probePath } from './routes.ts';

export interface ServedOptions {
  /** What the answer has to hold, where an answer alone does not show it: a pod's name, a rule's mark. */
  holding?: string;
  /** Instead of the lab's Gateway. */
  at?: { address: string; port: number };
  /** Instead of one of its own. */
  connections?: Connections;
  /** Between two calls. */
  intervalMs?: number;
  limitMs?: number;
}

const usualLimitMs = 30_000;

/**
 * Calls the subject's route number `index` until it is answered OK.
 *
 * @returns when it was, on the clock of performance.now()
 * @throws Error - not within the limit
 * @throws RouteproofError LOAD_FAILED - no connection to the proxy
 */
export async function untilServed(
  lab: Lab,
  index: number | string,
  { holding = '', at, connections, intervalMs, limitMs = usualLimitMs }: ServedOptions = {},
): Promise<number> {
  const own =
    connections ?? (await untilConnected(lab, at ?? { address: lab.address, port: gatewayPort }, 2));
  const bytes = Buffer.from(holding);
  try {
    const served = await new Probe().until({
      connections: own,
      target: { authority: hostOf(lab, index), path: probePath },
      shows: ({ status, body }) => status === 0 && body.includes(bytes),
      limitMs,
      signal: lab.signal,
      ...given({ intervalMs }),
    });
    if (served !== undefined) return served.atMs;
    const what = holding === '' ? '' : ` as ${holding}`;
    throw new Error(`route ${hostOf(lab, index)} was not served${what} within ${limitMs / 1000} s`);
  } finally {
    if (connections === undefined) own.close();
  }
}
