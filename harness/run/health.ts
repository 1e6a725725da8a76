import { messageOf, RouteproofError } from '../../common/errors.ts';
import type { KubeClient } from '../kube/client.ts';
import type { Clock } from '../wait/clock.ts';

/** Asked this often, this far apart, before the API server is given up: it may only be busy. */
const attempts = 4;
const pauseMs = 500;

/**
 * Finds out that the API server has gone away: the first request or watch that finds nobody has it asked again, a few times.
 *
 * @param lost - called once, with what was seen
 * @param answerMs - the longest that one answer may take. One that has ended refuses at once; one that gets no CPU keeps silent for long
 */
export function watchHealth(
  kube: KubeClient,
  clock: Clock,
  signal: AbortSignal,
  lost: (seen: string) => void,
  answerMs = 2_000,
): void {
  let asking = false;
  kube.onUnreachable = (error) => {
    if (asking || signal.aborted) return;
    asking = true;
    void confirm(kube, clock, signal, answerMs).then((gone) => {
      asking = false;
      if (gone !== undefined) lost(`${gone}; first seen: ${seenOf(error)}`);
    });
  };
}

/** What the last attempt saw; undefined when the API server answers. */
async function confirm(
  kube: KubeClient,
  clock: Clock,
  signal: AbortSignal,
  answerMs: number,
): Promise<string | undefined> {
  let seen = '';
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    if (signal.aborted) return undefined;
    try {
      await kube.send('GET', '/readyz', { signal: AbortSignal.timeout(answerMs) });
      return undefined;
    } catch (error) {
      seen = seenOf(error);
    }
    await clock.sleep(pauseMs, signal);
  }
  return seen;
}

function seenOf(error: unknown): string {
  return error instanceof RouteproofError ? (error.seen ?? error.message) : messageOf(error);
}
