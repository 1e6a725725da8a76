import type { Scenario } from '../../harness/index.ts';
import { conditionOf } from '../shapes.ts';
import type { ConditionStatus, Gateway } from '../shapes.ts';

/** At the generation that the Gateway has now. */
function current({ metadata, status }: Gateway, type: string): ConditionStatus | undefined {
  const condition = conditionOf(status?.conditions, type);
  return condition?.observedGeneration === metadata?.generation ? condition : undefined;
}

/** What lasts as long as a proxy is on its way. */
const isPassing = ({ status, reason }: ConditionStatus): boolean =>
  status === 'Unknown' || ['Pending', 'AddressNotAssigned'].includes(reason);

/**
 * Waits until a Gateway whose name may be too long for what is made for it has a verdict that lasts.
 *
 * @returns false where it is not served, and says so
 */
export async function programmedOrNot(t: Scenario, name: string): Promise<boolean> {
  const judged = await t.until<Gateway>(
    { kind: 'Gateway', name },
    'Accepted and Programmed at the current generation, with a verdict that lasts',
    (object) => {
      const accepted = current(object, 'Accepted')?.status;
      const programmed = current(object, 'Programmed');
      if (programmed === undefined) return false;
      return accepted === 'False' || (accepted === 'True' && !isPassing(programmed));
    },
    'status',
  );
  if (current(judged, 'Programmed')?.status === 'True') return true;
  t.note(`${name} is not programmed, and says so.`);
  return false;
}
