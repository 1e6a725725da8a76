import type { Run } from '../../harness/results/run.ts';

/** Where a comparison keeps the reports of one implementation; a name that no other path can hide in. */
export function runFolder({ implementation: { name, version } }: Pick<Run, 'implementation'>): string {
  const plain = `${name}-${version}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9.]+/g, '-')
    .replaceAll(/^[.-]+|[.-]+$/g, '');
  return `runs/${plain === '' ? 'unnamed' : plain}`;
}
