import type { Run } from '../../harness/results/run.ts';

/** The version of the Envoy that carries an implementation's calls. On a cluster of our own it is known when there is none. */
export function envoyOf({ versions, cluster }: Pick<Run, 'versions' | 'cluster'>): string {
  return versions['envoy'] ?? (cluster.provider === 'local' ? 'none' : 'unknown');
}
