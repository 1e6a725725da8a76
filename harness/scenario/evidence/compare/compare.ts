import { messageOf } from '../../../../common/errors.ts';
import type { Comparison, Layer } from '../../../results/run.ts';
import type { FailedCall, ScenarioCore } from '../../core/core.ts';
import { oneLine, type RouteproofVerdict } from '../../core/verdict.ts';
import { besideHttpRoute } from './beside-http-route.ts';
import { straightToBackend } from './straight-to-backend.ts';

/** A verdict at one of the others is not about a call. */
const callLayers: ReadonlySet<Layer> = new Set<Layer>([
  'connect',
  'tls',
  'http2',
  'routed',
  'backend',
  'trailers',
]);

/** What the call that failed gives elsewhere, while the scenario's objects are still there. Changes no verdict, throws nothing. */
export async function compareElsewhere(core: ScenarioCore, bad: RouteproofVerdict): Promise<Comparison[]> {
  const failed = core.failedCall ?? lastCallOf(core);
  const isAnswer = bad.verdict === 'wrong' || bad.verdict === 'slow' || bad.verdict === 'unstable';
  if (!core.env.explain || !isAnswer || !callLayers.has(bad.layer) || failed === undefined) return [];
  const all: Comparison[] = [];
  for (const [place, compare] of [
    ['backend', () => straightToBackend(core, failed, bad)],
    ['http-route', () => besideHttpRoute(core, failed, bad)],
  ] as const) {
    const comparison = await compare().catch((error: unknown) => ({
      with: place,
      text: `not compared: ${oneLine(messageOf(error))}`,
    }));
    if (comparison !== undefined) all.push(comparison);
  }
  return all;
}

/** A scenario that judges its calls itself is not known to expect anything. */
function lastCallOf({ lastCall }: ScenarioCore): FailedCall | undefined {
  return lastCall === undefined ? undefined : { ...lastCall, expected: undefined };
}
