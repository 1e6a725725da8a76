import { Translator } from '../../translate/translator.ts';
import type { StatusUpdate } from '../../translate/model/types.ts';
import type { FaultHooks } from '../fault.ts';

/** Edits what the proxies are told of, and leaves every status as it would be without the fault. */
export function unseen(input: NonNullable<FaultHooks['input']>): FaultHooks {
  const healthy = new Translator();
  return { input, statuses: (_, written) => healthy.translate(written).statuses };
}

/** Edits what the statuses of those kinds are made from, and nothing else. */
export function tellingAs(
  kinds: readonly StatusUpdate['kind'][],
  edit: NonNullable<FaultHooks['input']>,
): FaultHooks {
  const mistaken = new Translator();
  const isMeant = ({ kind }: StatusUpdate): boolean => kinds.includes(kind);
  return {
    statuses: (statuses, input) => [
      ...statuses.filter((update) => !isMeant(update)),
      ...mistaken.translate(edit(input)).statuses.filter(isMeant),
    ],
  };
}

/** Edits what the statuses of Gateways and ListenerSets are made from, and nothing else: for what they count. */
export function countingAs({ input: edit = (input) => input }: FaultHooks): FaultHooks {
  return tellingAs(['Gateway', 'ListenerSet'], edit);
}
