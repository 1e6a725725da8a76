import type { ScenarioResult } from './run.ts';
import { isInformational } from './tier.ts';

/**
 * Whether a result counts against the implementation: a wrong, slow or unstable answer to what the spec demands. Informational
 * scenarios stand for what the spec only implies, or contradicts itself about; what they see is told and no more.
 */
export function countsAgainst(result: Pick<ScenarioResult, 'verdict' | 'support' | 'tier'>): boolean {
  const { verdict } = result;
  return !isInformational(result) && (verdict === 'wrong' || verdict === 'slow' || verdict === 'unstable');
}
