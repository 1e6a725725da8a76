import type { FaultResult, FaultsPart, FaultsRun } from '../results/faults.ts';
import { assembleResults } from './merge.ts';

/** A run of these faults, complete and without trouble but for what `more` says. */
export function faultsRun(
  faults: FaultResult[],
  part: Partial<FaultsPart> = {},
  more: Partial<FaultsRun> = {},
): FaultsRun {
  return assembleResults({
    startedAt: '2026-01-31T12:00:00.000Z',
    durationMs: 5,
    parts: [{ release: 'v1', channel: 'standard', ...part }],
    complete: true,
    limitsScale: 1,
    cluster: { provider: 'local', name: 'test' },
    versions: {},
    faults,
    excluded: [],
    leftOut: [],
    idleScenarios: [],
    ...more,
  });
}
