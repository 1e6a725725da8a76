import type { Scenario } from '../../harness/index.ts';
import { conditionOf, listenerOf } from '../shapes.ts';
import type { Gateway } from '../shapes.ts';

/**
 * "ALL indistinct Listeners must not be accepted for processing" (GatewaySpec.Listeners): Accepted is False, or absent, of which the spec says nothing. Call it when
 * the listeners have been judged.
 */
export async function listenersMustNotBeAccepted(
  t: Scenario,
  gateway: string,
  names: string[],
): Promise<void> {
  await t.until<Gateway>(
    { kind: 'Gateway', name: gateway },
    `none of the listeners ${names.join(', ')} is Accepted`,
    (object) =>
      names.every((name) => {
        const conditions = listenerOf(object, name)?.conditions ?? [];
        const isCurrent = conditions.some(
          ({ observedGeneration }) => observedGeneration === object.metadata?.generation,
        );
        return isCurrent && conditionOf(conditions, 'Accepted')?.status !== 'True';
      }),
    'status',
  );
}
