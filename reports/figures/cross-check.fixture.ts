import type { CrossCheck } from '../../harness/results/load.ts';
import type { Run } from '../../harness/results/run.ts';
import { exampleRun } from '../testing/example-run.fixture.ts';

const bound = 'within a factor of 1.5, or 0.5 ms apart';
const median = { name: 'latencyP50Ms', bound } as const;
const checks: CrossCheck[] = [
  {
    generator: 'ghz',
    verdict: 'disagrees',
    figures: [
      { ...median, side: 'direct', k6: 0.36, other: 0.31, agrees: true },
      { ...median, side: 'gateway', k6: 0.76, other: 2.4, agrees: false },
    ],
  },
  { generator: 'h2load', verdict: 'not measured', why: 'not installed: no <b>h2load</b>', figures: [] },
];

/** A run whose first benchmark was checked by other load generators. */
export function crossCheckedRun(): Run {
  const run = exampleRun();
  return {
    ...run,
    load: run.load.map((load, index) => (index === 0 ? { ...load, crossChecks: checks } : load)),
  };
}
