import { Translator } from '../../translate/translator.ts';
import type { StatusUpdate } from '../../translate/model/types.ts';
import type { FaultHooks } from '../fault.ts';

/** Edits what the proxies are told of, and leaves every status as it would be without the fault. */
export function unseen(input: NonNullable<FaultHooks['input']>): FaultHooks {
  const healthy = new Translator();
  return { input, statuses: (_, written) => healthy.translate(written).statuses };
}

/** Edits what the statuses of Gateways and ListenerSets are made from, and nothing else: for what they count. */
export function countingAs({ input: edit }: FaultHooks): FaultHooks {
  const mistaken = new Translator();
  const counts = ({ kind }: StatusUpdate): boolean => kind === 'Gateway' || kind === 'ListenerSet';
  return {
    statuses: (statuses, input) => [
      ...statuses.filter((update) => !counts(update)),
      ...mistaken.translate(edit?.(input) ?? input).statuses.filter(counts),
    ],
  };
}
