import type { ScenarioResult } from './run.ts';

/**
 * Whether a result counts against the implementation: a wrong, slow or unstable answer to what the spec demands. Informational
 * scenarios stand for what the spec only implies, or contradicts itself about; what they see is told and no more.
 */
export function countsAgainst({ verdict, support }: Pick<ScenarioResult, 'verdict' | 'support'>): boolean {
  return support !== 'informational' && (verdict === 'wrong' || verdict === 'slow' || verdict === 'unstable');
}
