import { Translator } from '../../translate/translator.ts';
import type { FaultHooks } from '../fault.ts';

/** Edits what the proxies are told of, and leaves every status as it would be without the fault. */
export function unseen(input: NonNullable<FaultHooks['input']>): FaultHooks {
  const healthy = new Translator();
  return { input, statuses: (_, written) => healthy.translate(written).statuses };
}
