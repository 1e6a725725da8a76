import type { Scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { Gateway } from '../shapes.ts';

/** Waits until Accepted says something of the Gateway's current generation, whatever that is. */
export function mustBeJudged(t: Scenario, name: string): Promise<Gateway> {
  return t.until<Gateway>(
    { kind: 'Gateway', name },
    'a verdict at the current generation, whichever it is',
    ({ metadata, status }) => {
      const accepted = conditionOf(status?.conditions, 'Accepted');
      return (
        accepted !== undefined &&
        accepted.status !== 'Unknown' &&
        accepted.observedGeneration === metadata?.generation
      );
    },
    'status',
  );
}
